"""Where a quoted mail begins in a text: the marks that mail programs set over it, on one line or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.replies.quoting import (
    begins_attribution,
    field_kind,
    has_date,
    is_arrowed,
    is_attribution,
    is_bare_separator,
    is_field,
    is_separator,
    opens_attribution,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What Outlook sets over the header of a mail that it quotes: the very same in every language.
OUTLOOK_RULE = "_" * 32

_WRAPPED_LINES = 8
_LONGEST_BLOCK = 16
#: Empty lines that a program sets between its rule and the quoted header, with one to spare.
_WIDEST_GAP = 7
_FEWEST_FIELDS = 3
_FIRST_FIELDS = frozenset({"from", "date", "subject", "to"})


def next_mark(lines: Sequence[str], start: int) -> tuple[int, int]:
    """Where the next mark of a quoted mail stands and how many lines it takes; (0, 0) where none does."""
    for at in range(start, len(lines)):
        if length := mark_length(lines, at):
            return at, length
    return 0, 0


def mark_length(lines: Sequence[str], at: int) -> int:
    """How many lines the mark of a quoted mail takes that begins here; 0 where none begins."""
    line = lines[at].strip()
    if not line:
        return 0
    if line[0] == ">":
        return int(is_arrowed(line))
    if is_separator(line):
        return 1
    if _may_begin_header(lines, at):
        return _header_block(lines, at)
    if is_bare_separator(line):
        below = at + 1 + next((n for n, each in enumerate(lines[at + 1 : at + _WIDEST_GAP]) if each.strip()), 0)
        block = _header_block(lines, below) or (_unnamed_header(lines, below) if line == OUTLOOK_RULE else 0)
        return below - at + block if block else 0
    return _attribution(lines, at)


def _may_begin_header(lines: Sequence[str], at: int) -> bool:
    """A sender, or another field that no field precedes: a block is looked at once."""
    kind = field_kind(lines[at])
    if kind not in _FIRST_FIELDS:
        return False
    before = field_kind(lines[at - 1]) if at else None
    return before != "from" if kind == "from" else before is None


def _header_block(lines: Sequence[str], at: int) -> int:
    """The lines of a quoted header: a sender, and with it a date and a subject or recipient, in one block.

    Nearly all begin with the sender. Where one does not, all four must be there: people write forms with dates too.
    """
    kinds: list[str] = []
    end = at
    while end < len(lines) and end - at < _LONGEST_BLOCK:
        kind = field_kind(lines[end])
        if kind is None and (not kinds or not _continues(lines, end)):
            break
        if kind:
            kinds.append(kind)
        end += 1
    found = set(kinds)
    is_usual = "from" in kinds[:2] and "date" in found and bool(found & {"to", "subject"})
    return end - at if is_usual or found >= _FIRST_FIELDS else 0


def _unnamed_header(lines: Sequence[str], at: int) -> int:
    """The lines of a header whose language nobody here knows: three fields or more, with an address and a date."""
    end = at
    while end < len(lines) and end - at < _LONGEST_BLOCK and is_field(lines[end]):
        end += 1
    block = lines[at:end]
    told = any("@" in line for line in block) and any(has_date(line) for line in block)
    return end - at if end - at >= _FEWEST_FIELDS and told else 0


def _continues(lines: Sequence[str], at: int) -> bool:
    """A wrapped recipient list, or one empty line between fields, as HTML mails leave when they become text."""
    return any(field_kind(line) for line in lines[at + 1 : at + 2])


def _attribution(lines: Sequence[str], at: int) -> int:
    """The lines of an attribution, wrapped ones too; of two possible beginnings the nearer one, lest text be lost."""
    if not begins_attribution(lines[at]):
        return 0
    for count in range(1, _WRAPPED_LINES + 1):
        taken = lines[at : at + count]
        if len(taken) < count or (count > 1 and not taken[-1].strip() and not _may_hold_gap(taken)):
            return 0
        if is_attribution(" ".join(" ".join(taken).split())):
            return 0 if _begins_nearer(taken) else count
    return 0


def _may_hold_gap(taken: Sequence[str]) -> bool:
    return opens_attribution(taken[0]) and len(taken) < _WRAPPED_LINES and not any(map(_ends_sentence, taken))


def _ends_sentence(line: str) -> bool:
    return line.endswith((".", "!", "?", "。", "！", "？"))


def _begins_nearer(taken: Sequence[str]) -> bool:
    return any(
        opens_attribution(line) and is_attribution(" ".join(" ".join(taken[number:]).split()))
        for number, line in enumerate(taken)
        if number
    )
