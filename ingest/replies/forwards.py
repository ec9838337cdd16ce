"""Whether a mail hands another one on, and whom that one names as its sender."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.mail.headers import Headers, one_line
from ingest.mail.parts import children
from ingest.replies.marks import next_mark
from ingest.replies.phrases import FORWARDED
from ingest.replies.quoting import field_kind, field_value
from rules.language.subjects import outer_prefix
from rules.report import Forward

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

#: Lines of a text in which the mark of a forward is looked for: people write little above what they hand on.
_SEARCHED_LINES = 400
_LONGEST_HEADER = 16
_LONGEST_ORIGIN = 200

_FORWARDED = re.compile("|".join(FORWARDED), re.IGNORECASE)


def forward_of(message: Message, subject: str, text: str) -> Forward | None:
    """What tells that a mail is a forward: its subject's prefix, the mark over the mail it quotes, or a mail attached.

    An outermost prefix of an answer speaks against it, whatever lies below: people answer forwards too.
    """
    prefix = outer_prefix(subject)
    if prefix == "reply":
        return None
    attached = _attached_mail(message)
    lines = text.split("\n", _SEARCHED_LINES)[:_SEARCHED_LINES]
    if prefix == "forward":
        at, _ = next_mark(lines, 0)
        return Forward("the subject's prefix", _sender_of(attached) or _sender_below(lines, at))
    if attached is not None:
        return Forward("a mail is attached", _sender_of(attached))
    if _FORWARDED.search(text):
        at, length = next_mark(lines, 0)
        if length and _FORWARDED.search(lines[at]):
            return Forward("the mark over a forwarded mail", _sender_below(lines, at))
    return None


def _attached_mail(message: Message) -> Message | None:
    """The first mail that is attached to this one, not within another."""
    for part in (message, *children(message)):
        if part.get_content_type() == "message/rfc822" and (inner := children(part)):
            return inner[0]
    return None


def _sender_of(attached: Message | None) -> str:
    return _clipped(Headers(attached).text("from")) if attached is not None else ""


def _sender_below(lines: Sequence[str], at: int) -> str:
    """The sender that the copied header names."""
    for line in lines[at : at + _LONGEST_HEADER]:
        if field_kind(line) == "from":
            return _clipped(field_value(line))
    return ""


def _clipped(origin: str) -> str:
    return one_line(origin).strip(" *;|")[:_LONGEST_ORIGIN]
