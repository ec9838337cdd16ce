"""Text on a terminal: how wide it is shown, cut and filled up, and freed of what would command the terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

GAP = "  "

#: What is never divided between two lines: a word, or a Chinese character with the punctuation that belongs to it. A
#: word stays whole however long it is, so that a path or an address can still be copied.
_PIECE = re.compile(" *(?:[“‘（【《「『]*[\u2e80-\U0010ffff][，。！？；：、”’）】》」』…]*|[^ \u2e80-\U0010ffff]+)")
#: The words of somebody, which are marked on each line.
_QUOTED = re.compile(r" *\| ")
_COLUMN_ENDS = re.compile(rf"(?<=[^ ]){GAP}+(?=[^ ])")


def write(text: str) -> None:
    """Write to standard output. A reader who has gone, as in `| head`, ends the command without a complaint."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    except BrokenPipeError:
        # Python flushes once more at its end and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


def terminal_width() -> int | None:
    """The columns of the terminal that standard output is; None where it is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def warn(sentences: Iterable[str]) -> None:
    """Write warnings to standard error, where they stay out of the way of what reads the answer."""
    sys.stderr.write("".join(f"warning: {sentence}\n" for sentence in sentences))


def one_line(text: str) -> str:
    """Text from outside on one line, without control characters: they would command the terminal."""
    return " ".join(_tame(text).split())


def lines_of(text: str, *, most: int, width: int = 200) -> Iterator[str]:
    """The first lines of a text from outside, each cut to `width` columns, and how many more there are."""
    lines = _tame(text).strip("\n").split("\n")
    for line in lines[:most]:
        yield cut(line.rstrip(), width)
    if len(lines) > most:
        yield f"... {len(lines) - most} more lines"


def columns_of(text: str) -> int:
    """How many columns a terminal takes to show it: two for a wide character (UAX 11), none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def cut(text: str, width: int) -> str:
    """The text in at most so many columns, with an ellipsis where something is missing."""
    if columns_of(text) <= width:
        return text
    kept, used = [], 1
    for character in text:
        used += _columns(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…"


def fill(text: str, width: int) -> str:
    """The text with spaces behind it, up to so many columns."""
    return text + " " * (width - columns_of(text))


def align(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows of a table as lines, each column as wide as its widest cell; the last one is not filled up."""
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        filled = (fill(cell, width) for cell, width in zip(row, widths, strict=True))
        yield GAP.join(filled).rstrip()


def fit(lines: Iterable[str], width: int | None) -> Iterator[str]:
    """The lines in so many columns: what is too long goes on beneath its own column. None leaves them as they are."""
    for line in lines:
        if width is None or columns_of(line) <= width:
            yield line
        else:
            yield from _fold(line, width)


def _fold(line: str, width: int) -> Iterator[str]:
    hang = _hang(line, width)
    kept, used = "", 0
    for piece in _PIECE.findall(line):
        columns = columns_of(piece)
        if used + columns > width and kept.strip(" |"):
            yield kept
            kept = hang + piece.lstrip()
            used = columns_of(kept)
        else:
            kept, used = kept + piece, used + columns
    yield kept


def _hang(line: str, width: int) -> str:
    """What stands before the further lines of one: the mark of a quote, or spaces up to where its last column begins.

    A column that begins in the right half leaves too little room.
    """
    if quoted := _QUOTED.match(line):
        return quoted[0]
    begins = [columns_of(line[: gap.end()]) for gap in _COLUMN_ENDS.finditer(line)]
    indent = len(line) - len(line.lstrip()) + len(GAP)
    return " " * max((begin for begin in begins if begin <= width // 2), default=indent)


def local_time(at: datetime, zone: ZoneInfo) -> str:
    """A moment on the clocks of a zone, to the second."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _tame(text: str) -> str:
    return "".join(
        character if character.isprintable() or character == "\n" else " " if character.isspace() else "\ufffd"
        for character in text
    )
