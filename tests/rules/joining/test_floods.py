"""A flood from one sender becomes one ticket; nothing of it is dropped, and the lead hears of it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.decide import decide
from rules.facts import Facts, apply
from tests.samples import ALICE, BOB, CHEN, FACTS, HOUR, MINUTE, NOW, a_mail, rulebook_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.report import Mail

RULEBOOK = rulebook_with('[floods]\ntickets = 3\nwindow = "30m"')
WORDS = (
    "alpha disk",
    "bravo fan",
    "charlie heat",
    "delta port",
    "echo link",
    "foxtrot cable",
    "golf raid",
    "hotel swap",
)


def mails(count: int, *, sender: str = ALICE, imported: bool = False) -> list[Mail]:
    return [a_mail(sender, WORDS[n], f"{WORDS[n]} failed", n=n, verified=True, imported=imported) for n in range(count)]


def decide_all(
    reports: list[Mail], facts: Facts = FACTS, *, minutes: int = 0
) -> tuple[Sequence[str | None], Facts, int]:
    """The verdicts, the facts afterwards and how many notices were written."""
    verdicts: list[str | None] = []
    notices, now = 0, NOW + minutes * MINUTE
    for report in reports:
        decision = decide(report, facts, RULEBOOK, now)
        facts = apply(facts, report, decision)
        verdicts.append(decision.verdict)
        notices += sum(letter.template == "notice" and letter.to == CHEN for letter in decision.letters)
    return verdicts, facts, notices


def test_the_fourth_ticket_of_a_sender_within_the_window_joins_his_newest() -> None:
    verdicts, facts, notices = decide_all(mails(8))
    assert verdicts == ["opened"] * 3 + ["appended"] * 5
    assert facts.tickets[3].reports == 6
    assert facts.tickets[3].flooded
    assert len(facts.ledger) == 8
    assert notices == 1


def test_a_flood_does_not_escalate_and_answers_nobody() -> None:
    *_, last = mails(5)
    _, facts, _ = decide_all(mails(4))
    decision = decide(last, facts, RULEBOOK, NOW)
    assert decision.letters == ()
    assert {event.kind for event in decision.events} == {"reported"}


def test_others_open_tickets_while_somebody_floods() -> None:
    _, facts, _ = decide_all(mails(6))
    assert decide(a_mail(BOB, "Printer", "paper jam", n=50), facts, RULEBOOK, NOW).verdict == "opened"


def test_after_the_window_the_sender_opens_tickets_again() -> None:
    _, facts, _ = decide_all(mails(6))
    later = decide(a_mail(ALICE, "Door", "door is shut", n=60), facts, RULEBOOK, NOW + HOUR)
    assert later.verdict == "opened"


def test_old_mail_that_is_imported_is_no_flood() -> None:
    assert decide_all(mails(8, imported=True))[0] == ["opened"] * 8


def test_who_has_much_old_mail_imported_opens_tickets_as_before() -> None:
    _, facts, _ = decide_all(mails(8, imported=True))
    new = decide(a_mail(ALICE, "Door", "door is shut", n=60), facts, RULEBOOK, NOW)
    assert new.verdict == "opened"
