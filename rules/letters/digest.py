"""Old notices after a long outage: of each recipient they become one letter, and what has lost its sense is not sent.

What a person wrote, and what asks the recipient for something that still stands, goes out whole, however old it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from immutables import Map

from rules.letter import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rules.letter import Template
    from rules.ticket import Ticket

#: Younger letters go out as they are: a server that was away for a night makes no digest.
OLD = timedelta(hours=12)

#: Only tell that something happened; the ticket shows all of it.
NOTICES: Final = frozenset[str](
    {
        "receipt",
        "progress",
        "reminder",
        "expected",
        "handed_over",
        "again",
        "over",
        "warning",
        "escalated",
        "repeated",
        "reopened",
        "undelivered",
        "notice",
        "owed",
        "complained",
        "closed",
        "digest",
    }
)
#: Ask staff to work on a ticket: they keep their sense as long as it is theirs.
_WORK: Final = frozenset[str]({"assigned", "unassigned"})
#: Tell of a moment to come: on a ticket whose work has ended they have no sense.
_COMING: Final = frozenset[str]({"progress", "expected", "warning"})


@dataclass(frozen=True, slots=True)
class OldLetter:
    """A letter that was not sent for long, with its number and its ticket as it is now."""

    number: int
    ticket: Ticket
    letter: Letter


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of the old letters of one recipient: the digest, its ticket, and what is not sent, and why."""

    digest: Letter | None
    ticket: int
    unsent: Mapping[int, str]
    """By number. Those that the digest holds have the empty string."""


def merge_letters(letters: Sequence[OldLetter]) -> Merged | None:
    """Decide what becomes of the old letters to one recipient, the oldest first; None where all go out as they are."""
    dropped = {old.number: why for old in letters if (why := _why_senseless(old))}
    told = {old.ticket.id for old in letters if old.letter.template in ("resolved", "answer")}
    for old in letters:
        if old.letter.template == "receipt" and old.ticket.id in told:
            dropped[old.number] = "a later letter of the ticket says more"
    notices = [old for old in letters if old.number not in dropped and _is_notice(old)]
    if len(notices) < 2:
        return Merged(None, 0, dropped) if dropped else None
    last = notices[-1]
    return Merged(_digest(notices), last.ticket.id, {**dropped, **{old.number: "" for old in notices}})


def _why_senseless(old: OldLetter) -> str | None:
    if old.letter.template in _COMING and not old.ticket.open:
        return f"its time has passed: the ticket is {old.ticket.status}"
    if old.letter.template == "reminder" and old.ticket.status not in ("resolved", "waiting"):
        return f"nothing is waited for any more: the ticket is {old.ticket.status.replace('_', ' ')}"
    return None


def _is_notice(old: OldLetter) -> bool:
    template: Template = old.letter.template
    if template not in _WORK:
        return template in NOTICES
    theirs = old.ticket.assignee is None if template == "unassigned" else old.ticket.assignee == old.letter.to
    return not (old.ticket.open and theirs)


def _digest(notices: Sequence[OldLetter]) -> Letter:
    last = notices[-1].letter
    rows = tuple(dict.fromkeys(row for old in notices for row in _rows(old.letter)))
    kept = {key: last.data[key] for key in ("number", "priority", "rank", "desk_name") if key in last.data}
    return Letter(
        to=last.to,
        name=last.name,
        template="digest",
        language=last.language,
        data=Map({**kept, "ticket_subject": "", "notices": rows}),
    )


def _rows(letter: Letter) -> Iterator[tuple[str, str]]:
    if letter.template == "digest":
        yield from letter.data["notices"]  # type: ignore[misc]
    else:
        yield f"{letter.data['number']} {letter.data['ticket_subject']}".strip(), letter.template
