"""`!join` and `!split`: what belongs together, in one word."""

from __future__ import annotations

from immutables import Map

from rules.report import Attachment
from tests.rules.joining.shop import ONLY_ASKS, Shop, database_down, latency, letters, results, told
from tests.samples import ALICE, BOB, CAROL, CHEN, DAY, HOUR, LI, MINUTE, an_alert

SLOW = "Payment is very slow"


def suggested() -> Shop:
    """Ticket 1 is the alert's; ticket 2 is Alice's, who may mean the same."""
    shop = Shop(ONLY_ASKS)
    shop.fires()
    shop.later()
    shop.hears(ALICE, SLOW)
    assert shop.ticket(2).suggested is not None
    shop.later()
    return shop


def joined() -> Shop:
    shop = suggested()
    shop.answers("!join", ticket=2)
    shop.later()
    return shop


def alike() -> Shop:
    """Alice has joined the alert's ticket by likeness alone."""
    shop = Shop()
    shop.fires()
    shop.later()
    shop.hears(ALICE, SLOW)
    shop.later()
    return shop


def test_one_word_joins_what_was_suggested() -> None:
    shop = suggested()
    decision = shop.answers("!join", ticket=2)
    part, whole = shop.ticket(2), shop.ticket(1)
    assert results(decision) == (f"{part.number} is a part of {whole.number} now",)
    assert (part.status, part.merged_into, whole.absorbed) == ("closed", 1, (2,))
    assert [event.kind for event in decision.events][-1] == "closed"
    assert {clock.outcome for clock in part.clocks} == {"cancelled"}
    assert (ALICE, "joined") in told(decision)


def test_its_clocks_say_why_they_were_cancelled() -> None:
    shop = suggested()
    decision = shop.answers("!join", ticket=2)
    reasons = {event.reason for event in decision.events if event.kind == "clock_stopped"}
    assert reasons - {""} == {f"merged into {shop.ticket(1).number}"}


def test_its_people_take_part_in_full_and_count() -> None:
    shop = joined()
    (alice,) = shop.ticket(1).participants
    assert (alice.address, alice.by_similarity, alice.counted) == (ALICE, False, True)
    assert (shop.ticket(1).repeats, shop.ticket(1).counted_repeats) == (1, 1)


def test_the_load_of_its_assignee_is_lighter() -> None:
    shop = suggested()
    before = sum(shop.facts.load.values())
    shop.answers("!join", ticket=2)
    assert sum(shop.facts.load.values()) == before - 1


def test_what_its_people_answer_in_the_old_thread_lands_on_the_incident() -> None:
    shop = joined()
    decision = shop.answers("It is worse on mobile.", ALICE, ticket=2)
    assert decision.ticket is not None
    assert (decision.verdict, decision.ticket.number) == ("appended", shop.ticket(1).number)
    assert decision.why.endswith(f"what is written there goes on in {shop.ticket(1).number}")


def test_the_number_of_any_ticket_may_be_named_with_chinese_words_too() -> None:
    shop = Shop()
    shop.fires()
    shop.hears(BOB, "Wifi", "The wifi in room 7 is gone.")
    assert results(shop.answers(f"！合并 {shop.ticket(1).number}", ticket=2)) == (
        f"{shop.ticket(2).number} is a part of {shop.ticket(1).number} now",
    )


def test_an_alerts_ticket_takes_in_the_one_that_it_names() -> None:
    shop = suggested()
    shop.answers(f"!join [{shop.ticket(2).number}]", ticket=1)
    assert (shop.ticket(1).open, shop.ticket(2).merged_into) == (True, 1)


def test_what_is_no_open_ticket_is_said() -> None:
    shop = suggested()
    assert results(shop.answers("!join 202611-777", ticket=2)) == ("not done: there is no ticket 202611-777",)
    own = shop.ticket(2).number
    assert results(shop.answers(f"!join {own}", ticket=2)) == (f"not done: {own} is this very ticket",)
    shop.hears(CAROL, "Printer", "The printer jams")
    assert "nothing is suggested here" in results(shop.answers("!join", ticket=3))[0]


def test_two_alerts_tickets_are_not_joined() -> None:
    shop = suggested()
    shop.fires(an_alert(name="MailQueue", labels=Map(alertname="MailQueue", service="mail")))
    assert "an alert's ticket like this one" in results(shop.answers(f"!join {shop.ticket(3).number}", ticket=1))[0]


def test_who_joined_by_likeness_reads_no_words_of_staff_until_confirmed() -> None:
    shop = alike()
    assert (ALICE, "answer") not in told(shop.answers("We restart the gateway."))
    assert results(shop.answers("!join")) == (
        "confirmed, and they read what you write from now on: alice@corp.example",
    )
    assert (ALICE, "answer") in told(shop.answers("We restarted the gateway."))


def test_one_of_them_is_confirmed_by_his_address() -> None:
    shop = alike()
    shop.hears(BOB, SLOW)
    shop.answers(f"!join {BOB}")
    assert {person.address: person.by_similarity for person in shop.ticket().participants} == {ALICE: True, BOB: False}


def test_a_wrong_join_by_likeness_is_undone_with_one_word() -> None:
    shop = alike()
    decision = shop.answers("!split")
    ticket = shop.ticket(2)
    assert results(decision) == (f"{ALICE} has ticket {ticket.number} now",)
    assert (ticket.requester, ticket.subject, ticket.status) == (ALICE, SLOW, "assigned")
    assert shop.ticket(1).participants == ()
    counts = shop.ticket(1).repeats, shop.ticket(1).counted_repeats, shop.ticket(1).reports
    assert counts == (0, 0, 2)  # the alert, and this command
    assert told(decision) == {(ALICE, "parted"), (str(ticket.assignee), "assigned")}
    assert decision.beside[0].moved == (("support", "9.1"),)


def test_his_attachments_go_with_him() -> None:
    shop = Shop()
    shop.fires()
    shot = Attachment(name="error.png", type="image/png", size=2048)
    shop.hears(ALICE, SLOW, attachments=(shot,))
    shop.hears(BOB, SLOW, attachments=(shot,))
    decision = shop.answers(f"!split {ALICE}")
    assert [each.key for each in shop.ticket(2).attachments] == ["9.1"]
    (assigned,) = [letter for letter in letters(decision) if letter.template == "assigned"]
    assert [each.name for each in assigned.enclosed] == ["error.png"]


def test_his_promises_run_from_when_he_wrote() -> None:
    shop = alike()
    wrote = shop.now - MINUTE
    shop.later(2 * HOUR)
    shop.answers("!split")
    assert {clock.started_at for clock in shop.ticket(2).clocks if clock.running} == {wrote}


def test_he_gets_a_plain_letter_and_nothing_more_of_the_incident() -> None:
    shop = alike()
    (letter,) = [each for each in letters(shop.answers("!split")) if each.template == "parted"]
    assert (letter.data["number"], letter.data["was"]) == (shop.ticket(2).number, shop.ticket(1).number)
    assert ALICE not in {to for to, _ in told(shop.answers("!resolve restarted", ticket=1))}


def test_his_answers_to_letters_of_the_incident_are_about_his_own_ticket() -> None:
    shop = alike()
    shop.answers("!split")
    decision = shop.answers("It is my card.", ALICE, ticket=1)
    assert decision.ticket is not None
    assert decision.ticket.number == shop.ticket(2).number


def test_he_does_not_come_back_by_likeness() -> None:
    shop = alike()
    shop.answers("!split")
    shop.later(25 * HOUR)
    shop.fires()
    decision = shop.hears(ALICE, SLOW)
    assert decision.ticket is not None
    assert decision.ticket.id != 1


def test_a_ticket_that_was_joined_by_mistake_goes_on_as_it_stood() -> None:
    shop = suggested()
    before = shop.ticket(2)
    shop.answers("!join", ticket=2)
    shop.later(HOUR)
    decision = shop.answers("!拆分", ticket=1)
    ticket = shop.ticket(2)
    assert results(decision) == (f"{ticket.number} stands on its own again",)
    assert (ticket.status, ticket.merged_into, ticket.assignee) == ("in_progress", None, before.assignee)
    running = {clock.name: (clock.started_at, clock.due_at) for clock in before.clocks if clock.running}
    assert {clock.name: (clock.started_at, clock.due_at) for clock in ticket.clocks if clock.running} == running
    assert shop.ticket(1).participants == ()
    assert (ALICE, "parted") in told(decision)


def test_split_and_joined_again_leads_in_no_circle() -> None:
    shop = joined()
    shop.answers("!split", ticket=1)
    shop.answers(f"!join {shop.ticket(1).number}", ticket=2)
    decision = shop.answers("Still slow on mobile?", ALICE, ticket=2)
    assert decision.ticket is not None
    assert decision.ticket.id == 1


def test_of_several_one_must_be_named() -> None:
    shop = alike()
    shop.hears(BOB, SLOW)
    assert "more than one joined; say which: alice@corp.example, bob@corp.example" in results(shop.answers("!split"))[0]
    assert results(shop.answers(f"!split {BOB}")) == (f"{BOB} has ticket {shop.ticket(2).number} now",)
    assert [person.address for person in shop.ticket().participants] == [ALICE]


def test_two_are_parted_in_one_mail() -> None:
    shop = alike()
    shop.hears(BOB, SLOW)
    decision = shop.answers(f"!split {ALICE}\n!split {BOB}")
    assert len({each.ticket.number for each in decision.beside if each.ticket}) == 2
    assert shop.ticket(1).participants == ()


def test_a_level_that_was_reached_with_what_left_stays_and_is_told() -> None:
    shop = Shop()
    shop.fires(latency(severity="info"))
    shop.answers("!take", LI)
    for sender in (ALICE, BOB):
        shop.hears(sender, SLOW)
    raised = shop.ticket(1).priority
    assert shop.ticket(1).raised
    decision = shop.answers(f"!split {BOB}", CHEN)
    assert results(decision)[0].endswith(
        f"it was raised with what has left and stays {raised}; !priority P1 changes that"
    )
    assert shop.ticket(1).priority == raised
    assert (LI, "message") in told(decision)
    assert results(shop.answers(f"!split {ALICE}", CHEN)) == (f"{ALICE} has ticket 202611-003 now",)


def test_who_took_part_before_a_ticket_of_his_was_joined_stays_when_it_leaves() -> None:
    shop = alike()
    shop.hears(ALICE, "Wifi", "The wifi in room 7 is gone.")
    shop.answers(f"!join {shop.ticket(1).number}", ticket=2)
    shop.answers(f"!split {shop.ticket(2).number}", ticket=1)
    assert [person.address for person in shop.ticket(1).participants] == [ALICE]
    assert shop.ticket(1).parted == ()
    decision = shop.answers("It is faster now.", ALICE, ticket=1)
    assert decision.ticket is not None
    assert decision.ticket.id == 1


def test_who_came_with_two_tickets_leaves_with_the_last() -> None:
    shop = joined()
    shop.hears(ALICE, "Wifi", "The wifi in room 7 is gone.")
    shop.answers(f"!join {shop.ticket(1).number}", ticket=3)
    shop.answers(f"!split {shop.ticket(2).number}", ticket=1)
    assert [person.came_with for person in shop.ticket(1).participants] == [3]
    shop.answers(f"!split {shop.ticket(3).number}", ticket=1)
    assert shop.ticket(1).participants == ()


def related() -> Shop:
    """The alert of the database's host has joined that of the checkout."""
    shop = Shop()
    shop.fires()
    shop.later()
    assert shop.fires(database_down()).verdict == "appended"
    shop.later()
    return shop


def test_an_alert_that_joined_as_one_needs_the_other_gets_a_ticket_of_its_own() -> None:
    shop = related()
    decision = shop.answers("!split", ticket=1)
    whole, part = shop.ticket(1), shop.ticket(2)
    assert results(decision) == (f"HostDown has ticket {part.number} now",)
    assert (whole.firing, whole.concerns, whole.alerts.related) == (1, ("service checkout",), ())
    assert [each.name for each in whole.alerts.firing_on] == ["HighLatency"]
    assert (part.firing, part.subject, part.channel, part.open) == (1, "HostDown (db-hosts)", "alert", True)
    assert "service db" in part.concerns
    assert (str(part.assignee), "assigned") in told(decision)


def test_a_level_that_its_severity_raised_stays_and_is_told() -> None:
    shop = Shop()
    shop.fires(latency(severity="info"))
    low = shop.ticket(1).priority
    shop.fires(database_down())
    high = shop.ticket(1).priority
    assert low != high
    assert f"it was raised with what has left and stays {high}" in results(shop.answers("!split", ticket=1))[0]
    assert (shop.ticket(1).priority, shop.ticket(2).priority) == (high, high)


def test_it_then_ends_and_fires_on_that_ticket() -> None:
    shop = related()
    shop.answers("!split", ticket=1)
    assert shop.fires(database_down("resolved")).verdict == "resolved"
    assert (shop.ticket(2).status, shop.ticket(1).open) == ("closed", True)
    shop.later(HOUR)
    again = shop.fires(database_down(minute=62))
    assert again.ticket is not None
    assert (again.verdict, again.ticket.id) == ("reopened", 2)


def test_what_was_split_off_does_not_join_again() -> None:
    shop = related()
    shop.answers("!split db1.corp.example", ticket=1)
    shop.fires(database_down("resolved"))
    shop.later(3 * DAY)
    shop.fires(latency(minute=4400))
    opened = shop.fires(database_down(minute=4400))
    assert opened.verdict == "opened"


def test_a_ticket_of_which_only_the_related_alert_fired_heals_without_it() -> None:
    shop = related()
    shop.fires(latency("resolved"))
    assert shop.ticket(1).open
    shop.answers("!split HostDown", ticket=1)
    assert (shop.ticket(1).status, shop.ticket(2).open) == ("resolved", True)


def test_a_related_alert_and_a_person_are_told_apart() -> None:
    shop = related()
    shop.hears(ALICE, SLOW)
    assert "say which: alice@corp.example, HostDown" in results(shop.answers("!split"))[0]
    shop.answers(f"!split {ALICE}\n!split hostdown")
    assert (shop.ticket(1).participants, shop.ticket(1).firing) == ((), 1)
    assert {shop.ticket(number).channel for number in (2, 3)} == {"mail", "alert"}


def test_a_related_alert_that_has_ended_is_no_longer_there_to_part() -> None:
    shop = related()
    shop.fires(database_down("resolved"))
    assert "nothing was joined" in results(shop.answers("!split"))[0]


def test_where_nobody_joined_nothing_is_parted() -> None:
    shop = Shop()
    shop.fires()
    assert "nothing was joined to this ticket" in results(shop.answers("!split"))[0]


def test_the_address_of_who_came_with_a_ticket_means_that_ticket() -> None:
    shop = joined()
    assert results(shop.answers(f"!split {ALICE}")) == (f"{shop.ticket(2).number} stands on its own again",)


def test_joining_twice_in_one_mail_joins_once() -> None:
    shop = suggested()
    number = shop.ticket(2).number
    decision = shop.answers(f"!join {number}\n!join {number}")
    assert results(decision) == (f"{number} is a part of 202611-001 now", f"not done: {number} is closed already")
    assert shop.ticket(1).absorbed == (2,)


def test_joined_and_parted_in_one_mail_is_as_before() -> None:
    shop = suggested()
    shop.answers(f"!join {shop.ticket(2).number}\n!split")
    assert (shop.ticket(2).open, shop.ticket(1).absorbed, shop.ticket(1).participants) == (True, (), ())


def test_a_repeat_that_was_none_is_parted_as_well() -> None:
    shop = Shop()
    shop.hears(ALICE, "VPN is down")
    shop.hears(BOB, "VPN is down")
    assert shop.ticket(1).participant(BOB) is not None
    assert results(shop.answers("!split")) == (f"{BOB} has ticket 202611-002 now",)


GREETING = "\n\nBest regards\nLi Wei"


def test_a_greeting_below_a_join_names_no_ticket() -> None:
    shop = suggested()
    decision = shop.answers(f"!join{GREETING}", ticket=2)
    assert results(decision) == (f"{shop.ticket(2).number} is a part of {shop.ticket(1).number} now",)


def test_a_greeting_below_a_split_names_nobody() -> None:
    shop = alike()
    decision = shop.answers(f"!split{GREETING}", ticket=1)
    assert decision.verdict == "command"
    assert [ticket.requester for ticket in shop.facts.tickets.values()] == [None, ALICE]


def test_what_is_written_below_a_join_is_kept_inside() -> None:
    shop = suggested()
    decision = shop.answers("!join\nIt is the database again.", ticket=2)
    (note,) = (event for event in decision.events if event.kind == "noted")
    assert (note.text, note.inside) == ("It is the database again.", True)
