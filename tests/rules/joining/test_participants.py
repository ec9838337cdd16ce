"""Who takes part in a ticket, on whose word, and who is written to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.decide import decide
from rules.events import Joined
from rules.facts import apply
from rules.joining.participants import count_reporters
from rules.report import Address
from rules.token import make_message_id
from tests.samples import ALICE, BOB, CAROL, FACTS, KEYS, LI, MALLORY, NOW, RULEBOOK, a_mail, rulebook_with

if TYPE_CHECKING:
    from rules.decision import Decision
    from rules.facts import Facts
    from rules.report import Mail

SUPPORT = "support@desk.example"
PROVING = replace(FACTS, commands_by_mail=True, senders_are_proven=True, own_addresses=frozenset({SUPPORT}))
COPIED = tuple(map(Address, (BOB, CAROL)))


def take(mail: Mail, facts: Facts = PROVING) -> tuple[Decision, Facts]:
    decision = decide(mail, facts, RULEBOOK, NOW)
    return decision, apply(facts, mail, decision)


def people(decision: Decision) -> list[str]:
    assert decision.ticket is not None
    return [person.address for person in decision.ticket.participants]


class TestCc:
    def test_whom_a_verified_sender_copies_in_takes_part(self) -> None:
        decision, _ = take(a_mail(verified=True, cc=COPIED))
        assert people(decision) == [ALICE, BOB, CAROL]
        assert {event.reason for event in decision.events if isinstance(event, Joined)} >= {
            f"{ALICE} copied this person in"
        }

    def test_whom_an_unverified_one_copies_in_does_not(self) -> None:
        assert people(take(a_mail(cc=COPIED))[0]) == [ALICE]

    def test_neither_staff_nor_the_desk_itself_is_added(self) -> None:
        decision, _ = take(a_mail(verified=True, cc=tuple(map(Address, (LI, SUPPORT, ALICE, BOB)))))
        assert people(decision) == [ALICE, BOB]

    def test_a_machine_adds_nobody(self) -> None:
        assert people(take(a_mail(verified=True, auto="list", cc=COPIED))[0]) == [ALICE]

    def test_no_more_are_added_than_the_rulebook_allows(self) -> None:
        crowd = tuple(Address(f"person{n}@corp.example") for n in range(500))
        assert len(people(take(a_mail(verified=True, cc=crowd))[0])) == 1 + 10
        few = rulebook_with("[requesters]\ncopied = 0\n")
        decision = decide(a_mail(verified=True, cc=crowd), PROVING, few, NOW)
        assert people(decision) == [ALICE]

    def test_a_later_mail_cannot_go_beyond_it(self) -> None:
        crowd = tuple(Address(f"person{n}@corp.example") for n in range(8))
        _, facts = take(a_mail(verified=True, cc=crowd))
        more = tuple(Address(f"other{n}@corp.example") for n in range(8))
        again = a_mail(text="more people", n=2, verified=True, cc=more, references=("<1@mail.example>",))
        assert len(people(take(again, facts)[0])) == 1 + 10

    def test_who_is_copied_in_has_reported_nothing(self) -> None:
        decision, _ = take(a_mail(verified=True, cc=COPIED))
        assert decision.ticket is not None
        assert count_reporters(decision.ticket) == 1
        assert decision.ticket.impact == "small"

    def test_who_is_copied_in_gets_no_receipt(self) -> None:
        decision, _ = take(a_mail(verified=True, cc=COPIED))
        assert [letter.to for letter in decision.letters if letter.template == "receipt"] == [ALICE]

    def test_who_is_copied_in_answers_in_the_thread(self) -> None:
        _, facts = take(a_mail(verified=True, cc=COPIED))
        answer = a_mail(BOB, "Re: VPN is down", "It is the same for me", n=2, references=("<1@mail.example>",))
        assert take(replace(answer, verified=True), facts)[0].verdict == "appended"


class TestForgedParticipant:
    """A mail that names a participant as its sender, knows his Message-ID, and proves nothing."""

    def forged(self, text: str, facts: Facts) -> Decision:
        mail = a_mail(ALICE, "Re: VPN is down", text, n=7, references=("<1@mail.example>",), cc=(Address(MALLORY),))
        return decide(mail, facts, RULEBOOK, NOW)

    def test_it_is_kept_inside_and_moves_nothing(self) -> None:
        opened, facts = take(a_mail(verified=True))
        decision = self.forged("It is solved, thank you. Yes!", facts)
        assert decision.verdict == "appended"
        assert decision.why.endswith("kept inside: nothing proves who sent it, so that it moves nothing")
        assert decision.ticket is not None
        assert opened.ticket is not None
        assert decision.ticket.status == opened.ticket.status
        assert people(decision) == [ALICE]

    def test_only_staff_read_it(self) -> None:
        _, facts = take(a_mail(verified=True))
        decision = self.forged("click http://evil.example", facts)
        assert [(letter.to, letter.template) for letter in decision.letters] == [(LI, "message")]


class TestForgedRepeat:
    """The same problem again, in the name of somebody who takes part."""

    def test_it_wakes_no_ticket_and_counts_nothing(self) -> None:
        _, facts = take(a_mail(verified=True))
        letter = make_message_id(KEYS, ticket=1, serial=5, recipient=LI, domain="desk.example")
        _, facts = take(a_mail(LI, "Re", "!wait", n=2, verified=True, references=(letter,)), facts)
        waiting = facts.tickets[1]
        decision, _ = take(a_mail(n=3), facts)
        assert decision.verdict == "repeated"
        assert decision.ticket is not None
        assert (decision.ticket.status, decision.ticket.counted_repeats) == ("waiting", waiting.counted_repeats)
        assert decision.ticket.participants == waiting.participants

    def test_a_stranger_who_is_not_proven_does_not_join(self) -> None:
        _, facts = take(a_mail(verified=True))
        assert people(take(a_mail(MALLORY, n=3), facts)[0]) == [ALICE]
        assert people(take(a_mail(MALLORY, n=3, verified=True), facts)[0]) == [ALICE, MALLORY]


class TestReceipts:
    def test_an_unverified_sender_gets_none_where_senders_are_proven(self) -> None:
        decision, _ = take(a_mail())
        assert ALICE not in {letter.to for letter in decision.letters}
        assert "no receipt: nothing proves who sent this mail" in decision.reasons

    def test_nor_is_he_asked_for_what_is_missing(self) -> None:
        needing = rulebook_with('[needs.device]\nask = { en = "Which device?" }\nwords = ["laptop"]\n')
        decision = decide(a_mail(), PROVING, needing, NOW)
        assert decision.ticket is not None
        assert decision.ticket.status != "waiting"

    def test_on_the_first_day_a_receipt_repeats_none_of_his_words(self) -> None:
        decision = decide(a_mail(), FACTS, RULEBOOK, NOW)
        (receipt,) = [letter for letter in decision.letters if letter.to == ALICE]
        assert (receipt.data["ticket_subject"], receipt.data["quoted"]) == ("", "")

    def test_an_unverified_sender_is_written_to_once_a_colleague_has_answered(self) -> None:
        _, facts = take(a_mail(MALLORY))
        letter = make_message_id(KEYS, ticket=1, serial=5, recipient=LI, domain="desk.example")
        answer = a_mail(LI, "Re", "Which VPN do you mean?", n=2, verified=True, references=(letter,))
        decision, _ = take(answer, facts)
        assert [(letter.to, letter.template) for letter in decision.letters] == [(MALLORY, "answer")]

    def test_who_is_joined_by_likeness_alone_is_not_even_then(self) -> None:
        _, facts = take(a_mail(verified=True))
        _, facts = take(a_mail(MALLORY, n=3), facts)
        letter = make_message_id(KEYS, ticket=1, serial=5, recipient=LI, domain="desk.example")
        solved = a_mail(LI, "Re", "!resolve a new cable", n=2, verified=True, references=(letter,))
        decision, _ = take(solved, facts)
        assert {letter.to for letter in decision.letters} == {ALICE, LI}


def test_what_a_machine_or_a_list_repeats_raises_nothing() -> None:
    _, facts = take(a_mail(ALICE, n=1, verified=True))
    told = [take(a_mail(BOB, n=2, verified=True, auto=auto), facts)[0].ticket for auto in (None, "list")]
    assert [ticket and ticket.counted_repeats for ticket in told] == [1, 0]
