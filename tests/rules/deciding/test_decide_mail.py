"""What becomes of a mail."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map

from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.facts import Entry, Facts, SentLetter, apply
from rules.letters.brakes import WHOLE_DESK, receipt_day
from rules.people import Person
from rules.report import Bounce, Mail
from rules.rulebook import Rulebook
from rules.token import make_message_id
from tests.rules.closing_story import Story, a_rulebook
from tests.samples import (
    ALICE,
    BOB,
    CAROL,
    CHEN,
    DAVE,
    DAY,
    FACTS,
    HOUR,
    KEYS,
    LI,
    MALLORY,
    NOW,
    RULEBOOK,
    RULEBOOK_TEXT,
    WANG,
    ZHAO,
    a_mail,
)

if TYPE_CHECKING:
    from rules.decision import Decision
    from rules.ticket import Ticket


def letter_to(recipient: str, ticket: int = 1) -> str:
    return make_message_id(KEYS, ticket=ticket, serial=5, recipient=recipient, domain="desk.example")


def take(facts: Facts, *mails: Mail, now=NOW) -> tuple[Facts, list[Decision]]:  # type: ignore[no-untyped-def]
    """Decide mails one after the other, each seeing those before it."""
    decisions = []
    for mail in mails:
        decision = decide(mail, facts, RULEBOOK, now)
        facts = apply(facts, mail, decision)
        decisions.append(decision)
    return facts, decisions


def told(decision: Decision) -> set[tuple[str, str]]:
    return {(letter.to, letter.template) for letter in decision.letters}


def ticket_of(decision: Decision) -> Ticket:
    assert decision.ticket is not None
    return decision.ticket


OPENED, (FIRST,) = take(FACTS, a_mail(ALICE, n=1))


def test_a_new_problem_opens_a_ticket_with_the_next_number() -> None:
    assert FIRST.verdict == "opened"
    assert ticket_of(FIRST).number == "202611-001"
    assert OPENED.next_serial == ("2026-11", 2)


def test_the_ticket_is_judged_and_says_why() -> None:
    ticket = ticket_of(FIRST)
    assert (ticket.category, ticket.impact, ticket.urgency, ticket.priority) == ("network", "small", "medium", "P4")
    assert any("vpn" in reason for reason in FIRST.reasons)


def test_the_requester_gets_a_receipt_and_the_assignee_the_ticket() -> None:
    assert told(FIRST) == {(ALICE, "receipt"), (LI, "assigned")}


def test_the_clocks_of_its_level_run() -> None:
    clocks = {clock.name: clock.due_at for clock in ticket_of(FIRST).clocks}
    assert clocks["response"] == NOW + 8 * HOUR
    assert clocks["resolution"] == NOW + 3 * DAY
    assert "progress" not in clocks, "P4 has no progress limit"


def test_the_next_ticket_goes_to_who_has_least_to_do() -> None:
    _, (_, second) = take(FACTS, a_mail(ALICE, n=1), a_mail(BOB, "网络 cable", "no link light in room 7", n=2))
    assert ticket_of(second).assignee == WANG


def test_with_nobody_there_the_lead_is_told() -> None:
    _, (decision,) = take(FACTS, a_mail(ALICE, "hello", "where is room 12?", n=1))
    assert (ticket_of(decision).assignee, told(decision)) == (None, {(ALICE, "receipt"), (CHEN, "unassigned")})


def test_what_a_team_without_engineers_would_do_the_desk_does() -> None:
    people = Map({LI: Person(address=LI, teams=("desk",))})
    decision = decide(a_mail(ALICE), replace(FACTS, staff=replace(FACTS.staff, people=people)), RULEBOOK, NOW)
    assert (ticket_of(decision).team, ticket_of(decision).assignee) == ("desk", LI)


def test_the_same_mail_of_the_same_mailbox_changes_nothing() -> None:
    decision = decide(a_mail(ALICE, n=1), OPENED, RULEBOOK, NOW)
    assert decision.seen_before
    assert apply(OPENED, a_mail(ALICE, n=1), decision) is OPENED


def test_the_same_mail_in_another_mailbox_is_recorded_and_ignored() -> None:
    decision = decide(replace(a_mail(ALICE, n=1), source="office", key="3.4"), OPENED, RULEBOOK, NOW)
    assert (decision.verdict, ticket_of(decision).id, decision.letters) == ("ignored", 1, ())


def test_two_different_mails_with_one_message_id_are_two_reports() -> None:
    other = a_mail(BOB, "printer jam", "paper jam in the printer of room 9", n=2, message_id="<1@mail.example>")
    assert decide(other, OPENED, RULEBOOK, NOW).verdict == "opened"


def test_two_mails_whose_content_nobody_could_read_are_two_reports() -> None:
    _, (_, second) = take(FACTS, a_mail(ALICE, n=1, content_key=""), a_mail(BOB, n=2, content_key=""))
    assert second.verdict == "repeated"


def test_an_answer_to_a_mail_of_a_list_finds_its_ticket_in_the_same_batch() -> None:
    reply = a_mail(ALICE, "Re: VPN", "The light is red.", n=2, references=("<1@mail.example>",))
    _, (_, second) = take(FACTS, a_mail(ALICE, n=1, auto="list"), reply)
    assert (second.verdict, ticket_of(second).id) == ("appended", 1)


class TestThread:
    def test_a_reply_to_our_letter_is_appended_and_reaches_the_assignee(self) -> None:
        reply = a_mail(ALICE, "Re: VPN", "The light is red.", n=2, references=(letter_to(ALICE),))
        decision = decide(reply, OPENED, RULEBOOK, NOW)
        assert (decision.verdict, told(decision)) == ("appended", {(LI, "message")})
        assert ticket_of(decision).repeats == 0

    def test_a_reply_to_the_own_first_mail_is_appended(self) -> None:
        reply = a_mail(ALICE, "Re: VPN", "The light is red.", n=2, references=("<1@mail.example>",))
        assert decide(reply, OPENED, RULEBOOK, NOW).verdict == "appended"

    @pytest.mark.parametrize(
        "references",
        [
            pytest.param((letter_to(ALICE),), id="a token of somebody else's letter"),
            pytest.param(("<1@mail.example>",), id="somebody else's mail"),
            pytest.param(("<ticket.202611-001@desk.example>",), id="the thread reference of the staff's letters"),
        ],
    )
    def test_a_stranger_gets_no_voice_on_the_ticket(self, references: tuple[str, ...]) -> None:
        stranger = a_mail(
            MALLORY, "Re: [202611-001] invoice", "please pay the invoice at once", n=2, references=references
        )
        decision = decide(stranger, OPENED, RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).id) == ("opened", 2)

    def test_a_reply_that_says_it_is_broken_again_is_a_repeat(self) -> None:
        reply = a_mail(ALICE, "Re: VPN", "还是不行", n=2, references=(letter_to(ALICE),))
        decision = decide(reply, OPENED, RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).counted_repeats) == ("repeated", 1)

    def test_an_automatic_reply_is_recorded_and_neither_answered_nor_counted(self) -> None:
        away = a_mail(ALICE, "Out of office", "I am away", n=2, references=(letter_to(ALICE),), auto="reply")
        decision = decide(away, OPENED, RULEBOOK, NOW)
        assert (decision.verdict, decision.letters, decision.events) == ("ignored", (), ())
        assert ticket_of(decision).id == 1

    def test_our_own_mail_is_ignored(self) -> None:
        assert decide(a_mail("support@desk.example", n=2, auto="own"), OPENED, RULEBOOK, NOW).verdict == "ignored"


class TestRepeat:
    def test_another_person_with_the_same_problem_joins_the_ticket(self) -> None:
        decision = decide(a_mail(BOB, n=2), OPENED, RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).id) == ("repeated", 1)
        bob = ticket_of(decision).participant(BOB)
        assert bob is not None
        assert bob.by_similarity
        assert told(decision) == {(BOB, "receipt"), (LI, "repeated")}

    def test_who_joins_by_likeness_reads_nobody_elses_words(self) -> None:
        other_words = a_mail(
            BOB, "VPN is down!!", words := "The VPN gateway does not answer; my code word is heron.", n=2, verified=True
        )
        decision = decide(other_words, OPENED, RULEBOOK, NOW)
        receipt = next(letter for letter in decision.letters if letter.to == BOB)
        assert receipt.data["ticket_subject"] == "VPN is down!!"
        assert receipt.data["quoted"] == words
        assert "nine o'clock" not in str(dict(receipt.data))

    def test_the_first_repeat_escalates_nothing(self) -> None:
        assert ticket_of(decide(a_mail(BOB, n=2), OPENED, RULEBOOK, NOW)).priority == "P4"

    def test_the_second_repeat_raises_the_level_and_tells_the_lead(self) -> None:
        _, (_, _, third) = take(FACTS, *(a_mail(who, n=n) for n, who in enumerate((ALICE, BOB, CAROL))))
        assert ticket_of(third).priority == "P3"
        assert told(third) == {(CAROL, "receipt"), (LI, "repeated"), (CHEN, "escalated")}
        assert {letter.data["assignee"] for letter in third.letters if letter.template == "escalated"} == {"Li Na"}

    def test_the_third_repeat_raises_it_again_and_four_people_widen_the_impact(self) -> None:
        _, (*_, fourth) = take(FACTS, *(a_mail(who, n=n) for n, who in enumerate((ALICE, BOB, CAROL, DAVE))))
        ticket = ticket_of(fourth)
        assert (ticket.impact, ticket.priority) == ("medium", "P2")

    def test_running_clocks_take_the_new_levels_limit_from_their_start(self) -> None:
        _, (_, _, third) = take(FACTS, *(a_mail(who, n=n) for n, who in enumerate((ALICE, BOB, CAROL))), now=NOW)
        clock = ticket_of(third).clock("response")
        assert clock is not None
        assert clock.due_at == NOW + 4 * HOUR

    def test_what_only_the_new_level_promises_begins_with_it(self) -> None:
        reports = [a_mail(who, "VPN is down, urgent", n=n) for n, who in enumerate((ALICE, BOB, CAROL, DAVE))]
        facts, (first, *_) = take(FACTS, *reports[:-1])
        last = decide(reports[-1], facts, RULEBOOK, NOW + HOUR)
        assert (ticket_of(first).clock("progress"), ticket_of(last).priority) == (None, "P1")
        clock = ticket_of(last).clock("progress")
        assert clock is not None
        assert clock.due_at == NOW + 3 * HOUR

    def test_reports_of_people_nobody_knows_are_kept_and_do_not_escalate(self) -> None:
        strangers = [a_mail(f"guest{n}@elsewhere.example", n=n) for n in range(2, 8)]
        _, decisions = take(OPENED, *strangers)
        last = ticket_of(decisions[-1])
        assert {decision.verdict for decision in decisions} == {"repeated"}
        assert (last.repeats, last.counted_repeats, last.priority, last.impact) == (6, 0, "P4", "small")

    def test_who_is_proven_later_counts_from_then_on(self) -> None:
        guest = "guest@elsewhere.example"
        facts, _ = take(OPENED, a_mail(guest, n=2), a_mail(guest, n=3, verified=True))
        person = facts.tickets[1].participant(guest)
        assert person is not None
        assert person.counted

    def test_after_the_window_the_same_words_are_a_new_problem(self) -> None:
        assert decide(a_mail(BOB, n=2), OPENED, RULEBOOK, NOW + 2 * DAY).verdict == "opened"

    def test_a_different_problem_of_the_same_requester_is_a_new_ticket(self) -> None:
        other = a_mail(ALICE, "Printer eats paper", "the printer in room 4 jams on every page", n=2)
        decision = decide(other, OPENED, RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).assignee) == ("opened", ZHAO)


class TestStaff:
    ANSWER = "Please switch the router off and on."

    def from_li(self, text: str, **more: object) -> Mail:
        given = {"references": (letter_to(LI),), "verified": True}
        return a_mail(LI, "Re: [202611-001]", text, n=9, **given | more)

    def test_what_the_assignee_writes_reaches_the_requester_as_a_letter_of_the_desk(self) -> None:
        decision = decide(self.from_li(self.ANSWER), OPENED, RULEBOOK, NOW)
        (letter,) = decision.letters
        assert (letter.to, letter.template, letter.data["text"]) == (ALICE, "answer", self.ANSWER)
        assert LI not in str(dict(letter.data))

    def test_the_answer_stops_the_response_clock_and_starts_work(self) -> None:
        ticket = ticket_of(decide(self.from_li(self.ANSWER), OPENED, RULEBOOK, NOW + HOUR))
        clock = ticket.clock("response")
        assert clock is not None
        assert (ticket.status, clock.outcome) == ("in_progress", "met")

    def test_an_answer_after_the_due_time_is_a_breach(self) -> None:
        clock = ticket_of(decide(self.from_li(self.ANSWER), OPENED, RULEBOOK, NOW + 9 * HOUR)).clock("response")
        assert clock is not None
        assert clock.outcome == "breached"

    def test_a_note_stays_inside(self) -> None:
        decision = decide(self.from_li("!note the switch is old"), OPENED, RULEBOOK, NOW)
        assert (decision.verdict, told(decision)) == ("command", {(LI, "transcript")})

    def test_resolving_tells_the_requester_the_solution(self) -> None:
        decision = decide(self.from_li("!resolve replaced the power supply"), OPENED, RULEBOOK, NOW)
        assert (ticket_of(decision).status, told(decision)) == (
            "resolved",
            {(ALICE, "resolved"), (LI, "transcript")},
        )

    def test_who_joined_by_likeness_hears_that_it_is_over_and_no_human_words(self) -> None:
        facts, _ = take(OPENED, a_mail(BOB, n=2))
        decision = decide(self.from_li("!resolve replaced the power supply"), facts, RULEBOOK, NOW)
        over = next(letter for letter in decision.letters if letter.to == BOB)
        assert over.template == "over"
        assert "power supply" not in str(dict(over.data))

    def test_without_a_solution_nothing_is_resolved(self) -> None:
        assert ticket_of(decide(self.from_li("!resolve"), OPENED, RULEBOOK, NOW)).status == "assigned"

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"verified": False}, id="the mail server does not prove its senders"),
            pytest.param({"references": (letter_to(ALICE),)}, id="the token was written to somebody else"),
        ],
    )
    def test_nobody_else_can_resolve(self, change: dict[str, object]) -> None:
        decision = decide(self.from_li("!resolve all is well", **change), OPENED, RULEBOOK, NOW)
        assert not any(ticket.status == "resolved" for ticket in apply(OPENED, a_mail(n=9), decision).tickets.values())

    def test_a_colleague_whom_nothing_proves_is_told_that_his_words_stayed_inside(self) -> None:
        decision = decide(self.from_li(self.ANSWER, verified=False), OPENED, RULEBOOK, NOW)
        (letter,) = decision.letters
        assert (letter.to, letter.template) == (LI, "transcript")
        assert "not sent to the requester" in str(letter.data["lines"])
        assert self.ANSWER not in str(dict(letter.data))

    def test_waiting_holds_the_clocks_that_may_wait(self) -> None:
        ticket = ticket_of(decide(self.from_li("!wait"), OPENED, RULEBOOK, NOW))
        assert {clock.name for clock in ticket.clocks if clock.paused} == {"resolution"}

    def test_a_new_report_by_the_requester_wakes_a_waiting_ticket_too(self) -> None:
        waiting, _ = take(OPENED, self.from_li("!wait"))
        decision = decide(a_mail(ALICE, n=3, verified=True), waiting, RULEBOOK, NOW + HOUR)
        clock = ticket_of(decision).clock("resolution")
        assert clock is not None
        assert (decision.verdict, ticket_of(decision).status, clock.paused) == ("repeated", "in_progress", False)

    def test_somebody_elses_report_leaves_it_waiting(self) -> None:
        waiting, _ = take(OPENED, self.from_li("!wait"))
        assert ticket_of(decide(a_mail(BOB, n=3), waiting, RULEBOOK, NOW)).status == "waiting"

    def test_who_reported_the_problem_himself_can_still_work_on_it(self) -> None:
        facts, _ = take(OPENED, a_mail(LI, n=2, verified=True))
        decision = decide(self.from_li("!resolve replaced it"), facts, RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).status) == ("command", "resolved")

    def test_who_has_left_the_desk_has_no_voice_on_its_tickets(self) -> None:
        left = replace(OPENED, staff=replace(OPENED.staff, people=OPENED.staff.people.delete(LI)))
        decision = decide(self.from_li("I would like to know the solution."), left, RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).id) == ("opened", 2)

    def test_what_a_requester_asks_ends_no_wait_for_a_vendor(self) -> None:
        waiting, _ = take(OPENED, self.from_li("!wait vendor"))
        reply = a_mail(ALICE, "Re: VPN", "Any news?", n=3, references=(letter_to(ALICE),))
        decision = decide(reply, waiting, RULEBOOK, NOW + DAY)
        assert (ticket_of(decision).status, ticket_of(decision).waiting_for) == ("waiting", "vendor")
        assert (LI, "message") in {(letter.to, letter.template) for letter in decision.letters}

    def test_the_requesters_reply_wakes_a_waiting_ticket(self) -> None:
        waiting = apply(OPENED, self.from_li("!wait"), decide(self.from_li("!wait"), OPENED, RULEBOOK, NOW))
        reply = a_mail(ALICE, "Re: VPN", "It is the blue box.", n=3, references=(letter_to(ALICE),))
        ticket = ticket_of(decide(reply, waiting, RULEBOOK, NOW + DAY))
        clock = ticket.clock("resolution")
        assert clock is not None
        assert (ticket.status, clock.paused, clock.due_at) == ("in_progress", False, NOW + 4 * DAY)


class TestResolvedTicket:
    def resolved(self) -> Facts:
        mail = TestStaff().from_li("!resolve replaced it")
        return apply(OPENED, mail, decide(mail, OPENED, RULEBOOK, NOW))

    def test_a_reply_reopens_it_and_its_clocks_run_again(self) -> None:
        reply = a_mail(ALICE, "Re: VPN", "It broke after lunch.", n=3, references=(letter_to(ALICE),))
        decision = decide(reply, self.resolved(), RULEBOOK, NOW)
        ticket = ticket_of(decision)
        assert (decision.verdict, ticket.status, ticket.reopened) == ("reopened", "in_progress", 1)
        assert {(clock.name, clock.cycle) for clock in ticket.clocks if clock.running} == {
            ("response", 2),
            ("resolution", 2),
        }

    def test_a_reply_that_reopens_it_is_no_repeat(self) -> None:
        reply = a_mail(ALICE, "Re: VPN", "It broke after lunch.", n=3, references=(letter_to(ALICE),))
        ticket = ticket_of(decide(reply, self.resolved(), RULEBOOK, NOW))
        assert (ticket.repeats, ticket.counted_repeats) == (0, 0)

    def test_one_that_says_it_is_broken_again_is_a_repeat_as_well(self) -> None:
        facts = self.resolved()
        for n in (3, 4):
            mail = a_mail(ALICE, "Re: VPN", "又断了", n=n, references=(letter_to(ALICE),))
            facts, (decision,) = take(facts, mail)
        ticket = ticket_of(decision)
        assert (ticket.reopened, ticket.counted_repeats, ticket.priority) == (1, 2, "P3")

    def test_it_does_not_wait_for_anybody(self) -> None:
        mail = TestStaff().from_li("!wait for the vendor", key="1.10", content_key="10")
        assert ticket_of(decide(mail, self.resolved(), RULEBOOK, NOW)).status == "resolved"

    def test_the_requesters_thanks_close_it(self) -> None:
        reply = a_mail(ALICE, "Re: VPN", "Thanks!", n=3, references=(letter_to(ALICE),))
        decision = decide(reply, self.resolved(), RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).status) == ("appended", "closed")
        assert [letter.data["status"] for letter in decision.letters] == ["closed"]

    def test_a_report_that_ends_with_thanks_reopens_it(self) -> None:
        reply = a_mail(ALICE, "Re: VPN", "It is broken again. Thanks", n=3, references=(letter_to(ALICE),))
        decision = decide(reply, self.resolved(), RULEBOOK, NOW)
        assert (decision.verdict, ticket_of(decision).open) == ("reopened", True)

    def test_somebody_elses_thanks_leave_it_resolved(self) -> None:
        facts, _ = take(OPENED, a_mail(BOB, n=2))
        mail = TestStaff().from_li("!resolve replaced it")
        resolved = apply(facts, mail, decide(mail, facts, RULEBOOK, NOW))
        reply = a_mail(BOB, "Re: VPN", "Thanks!", n=3, references=(letter_to(BOB),))
        assert ticket_of(decide(reply, resolved, RULEBOOK, NOW)).status == "resolved"

    def test_a_reply_to_a_closed_ticket_reopens_it_too(self) -> None:
        thanks = a_mail(ALICE, "Re: VPN", "Thanks!", n=3, references=(letter_to(ALICE),))
        closed = apply(self.resolved(), thanks, decide(thanks, self.resolved(), RULEBOOK, NOW))
        reply = a_mail(ALICE, "Re: VPN", "It broke after lunch.", n=4, references=(letter_to(ALICE),))
        assert decide(reply, closed, RULEBOOK, NOW).verdict == "reopened"


class TestReceiptsToStrangers:
    STRANGER = "guest@elsewhere.example"

    def test_the_receipt_holds_none_of_the_words(self) -> None:
        mail = a_mail(self.STRANGER, "Buy my pills", "at pills.example", n=1)
        receipt = next(letter for letter in decide(mail, FACTS, RULEBOOK, NOW).letters if letter.template == "receipt")
        assert not any("pills" in str(value) for value in receipt.data.values())

    def test_there_is_one_a_day(self) -> None:
        _, (_, second) = take(
            FACTS, a_mail(self.STRANGER, n=1), a_mail(self.STRANGER, "printer", "the printer jams", n=2)
        )
        assert (second.verdict, (self.STRANGER, "receipt") in told(second)) == ("opened", False)

    def test_the_whole_desk_writes_only_so_many(self) -> None:
        spent = replace(FACTS, receipts=Map({(WHOLE_DESK, receipt_day(NOW)): 100}))
        decision = decide(a_mail(self.STRANGER, n=1), spent, RULEBOOK, NOW)
        assert decision.verdict == "opened"
        assert all(letter.to != self.STRANGER for letter in decision.letters)

    def test_a_machine_is_never_answered(self) -> None:
        decision = decide(a_mail(ALICE, n=1, auto="list"), FACTS, RULEBOOK, NOW)
        assert told(decision) == {(LI, "assigned")}


class TestBounce:
    def bounce(self, recipient: str, *, hard: bool = True) -> tuple[Mail, Facts]:
        message_id = letter_to(recipient)
        report = Bounce(recipient, hard, "5.1.1" if hard else "4.2.2", message_id)
        mail = a_mail("mailer-daemon@mail.example", "Undelivered", "…", n=4, auto="bounce", bounce=report)
        return mail, replace(OPENED, letters=Map({message_id: SentLetter(1, recipient, "receipt", message_id)}))

    def test_a_hard_bounce_tells_the_assignee(self) -> None:
        mail, facts = self.bounce(ALICE)
        decision = decide(mail, facts, RULEBOOK, NOW)
        assert (decision.verdict, told(decision)) == ("bounce", {(LI, "undelivered")})
        assert decision.bounced == letter_to(ALICE)

    def test_a_bounce_of_the_assignees_letter_tells_the_lead(self) -> None:
        mail, facts = self.bounce(LI)
        assert told(decide(mail, facts, RULEBOOK, NOW)) == {(CHEN, "undelivered")}

    def test_a_soft_bounce_is_noted_and_nobody_is_told(self) -> None:
        mail, facts = self.bounce(ALICE, hard=False)
        decision = decide(mail, facts, RULEBOOK, NOW)
        assert ([event.kind for event in decision.events], decision.letters) == (["letter_failed"], ())
        assert decision.bounced is None, "a delayed letter may still arrive"

    def test_a_bounce_of_nothing_of_ours_touches_no_ticket(self) -> None:
        mail, _ = self.bounce(ALICE)
        assert decide(mail, OPENED, RULEBOOK, NOW).ticket is None


def test_an_imported_mail_becomes_a_ticket_and_writes_no_letters() -> None:
    decision = decide(a_mail(ALICE, imported=True), FACTS, RULEBOOK, NOW)
    assert (decision.verdict, decision.letters) == ("opened", ())


def test_an_imported_mail_writes_no_letters_on_a_ticket_of_today_either() -> None:
    decision = decide(a_mail(BOB, n=2, imported=True), OPENED, RULEBOOK, NOW)
    assert (decision.verdict, ticket_of(decision).imported, decision.letters) == ("repeated", False, ())


def test_a_live_report_brings_an_imported_ticket_to_life() -> None:
    facts, _ = take(FACTS, a_mail(ALICE, n=1, imported=True))
    decision = decide(a_mail(BOB, n=2), facts, RULEBOOK, NOW)
    assert (ticket_of(decision).imported, told(decision)) == (False, {(BOB, "receipt"), (LI, "repeated")})


def test_a_mail_without_a_sender_becomes_a_ticket_that_answers_nobody() -> None:
    decision = decide(a_mail(None), FACTS, RULEBOOK, NOW)
    assert (ticket_of(decision).requester, told(decision)) == (None, {(LI, "assigned")})


def test_the_ledgers_verdict_is_given_again() -> None:
    facts = replace(FACTS, ledger=Map({("support", "9.1"): Entry("repeated", 3)}))
    assert decide(a_mail(n=1), facts, RULEBOOK, NOW).verdict == "repeated"


def test_eighty_equal_reports_in_one_batch_are_one_ticket() -> None:
    facts, decisions = take(FACTS, *(a_mail(f"p{n}@corp.example", n=n) for n in range(80)))
    assert [decision.verdict for decision in decisions] == ["opened"] + ["repeated"] * 79
    assert len(facts.tickets) == 1


def test_a_ticket_of_an_earlier_rulebook_is_carried_on() -> None:
    text = RULEBOOK_TEXT.replace("[calendars.office]", "[calendars.day]").replace('"office"', '"day"')
    for old, new in (("P1", "urgent"), ("P2", "high"), ("P3", "normal"), ("P4", "low")):
        text = text.replace(f'"{old}"', f'"{new}"').replace(f"{old} =", f"{new} =")
    other = Rulebook.model_validate(tomllib.loads(text))
    facts = OPENED
    for n, who in enumerate((BOB, CAROL, DAVE), start=2):
        decision = decide(a_mail(who, n=n), facts, other, NOW)
        facts = apply(facts, a_mail(who, n=n), decision)
    assert ticket_of(decision).priority == "high"
    assert decide_due(ticket_of(decision), facts, other, NOW + DAY).ticket is not None


def test_the_assignee_reads_the_status_that_the_requesters_words_led_to() -> None:
    story = Story(a_rulebook()).opens().hears("!wait", by=LI)
    assert story.ticket.status == "waiting"
    assert story.hears("the number is PC-1234").letter("message").data["status"] == "in_progress"
