"""The receipt: at once to whoever reported, and held back where answering could hurt a third person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.letters.brakes import WHOLE_DESK, receipt_day
from rules.letters.correspondence import due_time, tell_participant
from rules.letters.enclosing import attached_now, tell_refused

if TYPE_CHECKING:
    from rules.change import Change
    from rules.report import Mail
    from rules.ticket import Participant


def write_receipt(
    change: Change, mail: Mail, person: Participant, *, joined: bool, missing: tuple[str, ...] = ()
) -> None:
    """Write the receipt for a mail; it asks for what the report does not tell (`missing`, names of `[needs]`).

    A sender whom nobody verified may be forged: where the mail server proves senders he gets none at all, elsewhere
    none of his words back, one receipt a day, and only so many such receipts leave the desk in a day. The ticket is
    made all the same.
    """
    proven = mail.verified
    if not proven and (held := _held_back(change, person.address)):
        change.reasons.append(held)
        return
    tell_participant(
        change,
        person,
        "receipt",
        ticket_subject=person.subject if proven else "",
        quoted=mail.text if proven else "",
        verified=proven,
        joined=joined,
        missing=missing,
        refused=_refused(change, named=proven),
        respond_by=due_time(change, "responded"),
        resolve_by=due_time(change, "resolved"),
        expected_by=None,
    )


def _refused(change: Change, *, named: bool) -> tuple[str, ...]:
    return tuple(tell_refused(each, change.rulebook, named=named) for each in attached_now(change) if each.refused)


def _held_back(change: Change, address: str) -> str | None:
    day, facts = receipt_day(change.now), change.facts
    if facts.senders_are_proven:
        return "no receipt: nothing proves who sent this mail"
    if facts.receipts.get((address, day), 0):
        return "no receipt: this unverified sender had one today"
    if facts.receipts.get((WHOLE_DESK, day), 0) >= change.rulebook.letters.unverified_receipts_per_day:
        return "no receipt: the desk has written enough to unverified senders today"
    return None
