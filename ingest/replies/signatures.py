"""What stands in a mail beside the words of its sender: signatures, notices of a company, banners of a gateway."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.replies.marks import mark_length
from ingest.replies.phrases import CARD_BEGIN, CARD_END
from ingest.replies.quoting import (
    is_banner,
    is_long_rule,
    is_notice,
    is_ornament,
    is_program_signature,
    is_signature_mark,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_SIGNATURE = 20
_LONGEST_DISCLAIMER = 2000
_LONGEST_LINE = 90
_SHORT_LINES, _SHORT_LINE = 6, 40
#: Signature marks that are looked at one by one; a mail has a few.
_MOST_MARKS = 40
_MOST_NOTICES = 8

_ADDRESS_ALONE = re.compile(r"\s*<?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}>?\s*")
_DASHES = re.compile(r"\s{0,3}[-_]{10,60}\s*$")


def without_footer(lines: list[str]) -> list[str]:
    """Up to the signature mark, where text stands above it and no more under it than a signature has."""
    candidates = (at for at, line in enumerate(lines) if is_signature_mark(line) or is_long_rule(line))
    for at in islice(candidates, _MOST_MARKS):
        longest = _LONGEST_LINE if is_long_rule(lines[at]) and not _is_notice_at(lines, at + 1) else _LONGEST_DISCLAIMER
        if not is_blank(lines[:at]) and _is_signature(lines, at + 1, longest):
            return lines[:at]
    return lines


def without_signature(lines: list[str], *, over_quote: bool) -> list[str]:
    """Without what programs and companies add at the end of what somebody writes; `over_quote` where a quote follows.

    Only there are a few short lines under a rule, or the sender's address alone, taken for a signature.
    """
    lines = _without_end(lines)
    for _ in range(_MOST_NOTICES):
        start = _last_paragraph(lines)
        if not start or not _is_notice_at(lines, start):
            break
        lines = _without_end(lines[:start])
    if over_quote:
        lines = _without_end(_without_short_lines(lines))
    return _without_card(lines)


def without_banner(lines: list[str]) -> list[str]:
    """Without the warning that a gateway sets above every mail from outside."""
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if not lines or not is_banner(lines[start]):
        return lines
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    return lines[end:] if not is_blank(lines[end:]) else lines


def is_blank(lines: Sequence[str]) -> bool:
    """Nothing but empty lines."""
    return not any(line.strip() for line in lines)


def _is_signature(lines: list[str], start: int, longest: int) -> bool:
    """A few lines up to the end or the next mark; a long text under two hyphens is no signature."""
    count = 0
    for at in range(start, len(lines)):
        if mark_length(lines, at):
            return True
        count += bool(lines[at].strip())
        if count > _LONGEST_SIGNATURE or len(lines[at]) > longest:
            return False
    return True


def _without_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and _is_under_text(lines[end - 1]):
        end -= 1
    return lines[:end]


def _is_under_text(line: str) -> bool:
    return not line.strip() or is_ornament(line) or is_program_signature(line)


def _last_paragraph(lines: Sequence[str]) -> int:
    """Where the last paragraph begins; 0 where there is no other one."""
    return next((at for at in range(len(lines) - 1, 0, -1) if not lines[at - 1].strip()), 0)


def _is_notice_at(lines: Sequence[str], start: int) -> bool:
    paragraph = " ".join(islice(_paragraph(lines, start), 5))
    return is_notice(paragraph)


def _paragraph(lines: Sequence[str], start: int) -> Iterator[str]:
    first = next((at for at in range(start, min(start + 3, len(lines))) if lines[at].strip()), len(lines))
    for at in range(first, len(lines)):
        if not lines[at].strip():
            return
        yield lines[at].strip()


def _without_short_lines(lines: list[str]) -> list[str]:
    """Foxmail sets its signature under a rule, or the sender's address alone after empty lines, above a quote."""
    first = max(1, len(lines) - _SHORT_LINES)
    for at in range(len(lines) - 1, first - 1, -1):
        if _DASHES.match(lines[at]):
            return lines[:at] if not is_blank(lines[:at]) else lines
        if not 0 < len(lines[at].strip()) <= _SHORT_LINE:
            break
    if len(lines) > 3 and _ADDRESS_ALONE.fullmatch(lines[-1]) and is_blank(lines[-3:-1]):
        return lines[:-1]
    return lines


def _without_card(lines: list[str]) -> list[str]:
    """Without the visiting card of NetEase's app, which no mark precedes but the table's first empty cell."""
    if not lines or CARD_END not in lines[-1]:
        return lines
    begin = next((at for at in range(len(lines) - 1, -1, -1) if lines[at].strip() == CARD_BEGIN), len(lines) - 1)
    return lines[:begin] if len(lines) - begin <= _LONGEST_SIGNATURE else lines[:-1]
