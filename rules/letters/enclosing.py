"""What letters say of attachments, and which of them go along: to staff only, within the rulebook's limit."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from rules.events import Attached
from rules.judging.attachments import extension_of
from rules.language.sayings import say
from rules.sizes import told_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.attachment import TicketAttachment
    from rules.change import Change
    from rules.language.sayings import Saying
    from rules.rulebook import Rulebook


def tell_refused(attachment: TicketAttachment, rulebook: Rulebook, *, named: bool = True) -> Saying:
    """Which attachment is refused and why. Its name is its sender's word: without `named` its place stands for it."""
    size, why = told_size(attachment.size), _why(attachment, rulebook)
    if named:
        return say("attachment-refused", file=attachment.name, size=size, why=why)
    return say("attachment-refused-by-place", place=attachment.number, size=size, why=why)


def attached_now(change: Change) -> tuple[TicketAttachment, ...]:
    """What came with the report that is being decided."""
    return tuple(chain.from_iterable(event.attachments for event in change.events if isinstance(event, Attached)))


def enclose(
    attachments: Iterable[TicketAttachment], rulebook: Rulebook
) -> tuple[tuple[TicketAttachment, ...], tuple[Saying, ...]]:
    """Choose what goes along with one letter, in order and while there is room; tells of each what becomes of it."""
    room = rulebook.attachments.handed_on
    enclosed: list[TicketAttachment] = []
    told: list[Saying] = []
    for each in attachments:
        if each.refused:
            told.append(tell_refused(each, rulebook))
        elif each.size <= room:
            room -= each.size
            enclosed.append(each)
            told.append(say("attachment-enclosed", file=each.name, size=told_size(each.size)))
        else:
            told.append(say("attachment-left", file=each.name, size=told_size(each.size)))
    return tuple(enclosed), tuple(told)


def _why(attachment: TicketAttachment, rulebook: Rulebook) -> Saying:
    rules = rulebook.attachments
    match attachment.refused:
        case "type":
            return say("refused-type", types=tuple(each.upper() for each in rules.types))
        case "size":
            largest = rules.largest_of.get(extension_of(attachment.name), rules.largest)
            return say("refused-size", largest=told_size(largest or 0))
        case "count":
            return say("refused-count", most=rules.most or 0)
        case "contents":
            return say("refused-contents")
        case _:
            return say("refused-program")
