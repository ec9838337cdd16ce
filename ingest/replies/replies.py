"""Only what is new in a mail: its text without what it quotes and without its signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.replies.marks import next_mark
from ingest.replies.quoting import (
    ends_with_wrote,
    field_kind,
    is_attribution,
    is_program_signature,
    is_quoted,
    is_separator,
)
from ingest.replies.signatures import is_blank, without_banner, without_footer, without_signature

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRAPPED_AT = 65
#: Attributions that are looked at one by one; a thread has a few.
_MOST_MARKS = 40


def what_is_new(text: str) -> str:
    """The lines its sender wrote for this mail.

    Never empty where the text is not: a mail that only quotes or forwards is kept whole. Inline answers keep the lines
    they answer. Lines such as `From: header missing` in running text are not taken for a quoted header.
    """
    lines = without_footer(without_banner([line.rstrip() for line in text.split("\n")]))
    new = _without_quotes(lines)
    kept = "\n".join(without_signature(new, over_quote=len(new) < len(lines))).strip("\n")
    return kept if kept.strip() else text.strip()


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    start = 0
    for _ in range(_MOST_MARKS):
        at, length = next_mark(lines, start)
        if not length:
            break
        kept += lines[start:at]
        start = at + length
        below = lines[start:]
        attributed = _is_attributed(lines[at:start])
        if not is_blank(kept):
            if not (attributed and _begins_quoted(below) and _answers(below)):
                return _without_last_quote(kept)
        elif not (attributed and _has_answer_below(lines[at:start], below)):
            return lines
        elif not any(map(is_quoted, below[_first_quote(below) :])):
            start += _first_quote(below)
    return _without_last_quote(kept + lines[start:])


def _has_answer_below(mark: Sequence[str], below: Sequence[str]) -> bool:
    """A mark that nothing stands above is no line of a log, and more than a quote stands under it."""
    is_mark = _begins_quoted(below) or ends_with_wrote(" ".join(mark))
    return is_mark and not is_blank(below[_first_quote(below) :])


def _first_quote(below: Sequence[str]) -> int:
    """How many lines the quote takes that begins here, with the empty lines before it; 0 where text begins."""
    if not _begins_quoted(below):
        return 0
    return next((at for at, line in enumerate(below) if line.strip() and not _is_old(line)), len(below))


def _is_attributed(mark: Sequence[str]) -> bool:
    """The mark is an attribution, after which text may be the sender's; a header block is followed by an old mail."""
    return not any(field_kind(line) or is_separator(line.strip()) for line in mark)


def _answers(below: Sequence[str]) -> bool:
    """Whether text of the sender stands between or under quoted lines."""
    return any(_is_answer(below, at) for at in range(len(below)))


def _is_answer(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if not line.strip() or _is_old(line) or _is_broken_quote(lines, at):
        return False
    return not is_program_signature(line) and not is_attribution(line.strip())


def _is_broken_quote(lines: Sequence[str], at: int) -> bool:
    """The end of a quoted line that a gateway wrapped: it goes on in the middle of a sentence, between quoted lines."""
    before, after = lines[at - 1] if at else "", lines[at + 1] if at + 1 < len(lines) else ""
    wrapped = len(before) >= _WRAPPED_AT and not before.endswith((".", "?", "!", ":", "。", "？", "！", "："))
    return wrapped and is_quoted(before) and is_quoted(after) and not lines[at][:1].isupper()


def _is_old(line: str) -> bool:
    return is_quoted(line) or line.startswith("|")


def _begins_quoted(lines: Sequence[str]) -> bool:
    return _is_old(next((line for line in lines if line.strip()), ""))


def _without_last_quote(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or is_quoted(lines[end - 1])):
        end -= 1
    return lines[:end] if end else lines
