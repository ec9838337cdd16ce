"""One outgoing mail to one recipient, as it is decided: all that rendering needs, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from immutables import Map

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rules.attachment import TicketAttachment

Template = Literal[
    "receipt",
    "assigned",
    "unassigned",
    "repeated",
    "firing",
    "storm",
    "escalated",
    "message",
    "answer",
    "progress",
    "resolved",
    "reopened",
    "over",
    "undelivered",
    "transcript",
    "asked",
    "handed_over",
    "expected",
    "reminder",
    "again",
    "rating",
    "closed",
    "complained",
    "decision",
    "warning",
    "review",
    "approval",
    "approved",
    "complaint",
    "findings",
    "owed",
    "notice",
    "digest",
    "joined",
    "parted",
]
"""What a letter is for; each has its texts in every letter language."""

LetterLanguage = Literal["zh-CN", "zh-TW", "en"]
LETTER_LANGUAGES: tuple[LetterLanguage, ...] = ("zh-CN", "zh-TW", "en")

Value = str | int | bool | None | tuple[str, ...] | tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. Its Message-ID is given when it is recorded; nothing else is added afterwards."""

    to: str
    """The recipient's addr-spec."""
    name: str = ""
    template: Template
    language: LetterLanguage
    references: tuple[str, ...] = ()
    """Message-IDs of the recipient's own thread, oldest first; the last is what this letter answers."""
    data: Map[str, Value] = field(default_factory=Map)
    """Everything the template names. Text from outside stays data: it is never a template."""
    held: str = ""
    """Why the gate (`rules.letters.gate`) keeps it from being sent; empty where it goes."""
    not_before: datetime | None = None
    """The moment it waits for, where the gate lets it go later; None for at once."""
    enclosed: tuple[TicketAttachment, ...] = ()
    """What goes along, to staff only. The courier takes the bytes from the originals when it renders the letter."""


def is_for_staff(data: Mapping[str, Value]) -> bool:
    """Tell from the data of a letter whether it goes to somebody as one of the staff: it then speaks of commands."""
    return "commands" in data


def letter_language(language: str, *, otherwise: LetterLanguage) -> LetterLanguage:
    """Choose the letter language for a report's language (BCP 47); `otherwise` where the report did not tell it.

    Who writes in one that we do not write gets English: it is the likelier second language, also where a desk writes
    Chinese.
    """
    match language:
        case "zh-Hans" | "zh-CN" | "zh-SG":
            return "zh-CN"
        case "zh-Hant" | "zh-TW" | "zh-HK" | "zh-MO":
            return "zh-TW"
        case "" | "und":
            return otherwise
        case _:
            return "en"
