"""What is counted on the raw bytes before any parser sees them, so that no mail costs more than it may."""

from __future__ import annotations

import re

DEEPEST = 50
MOST_PARTS = 500
MOST_LINES = 1_000_000
LARGEST_HEADER_BLOCK = 256 * 1024
HEADER_BLOCK_NOTE = f"Of a header block larger than {LARGEST_HEADER_BLOCK // 1024} KiB only the beginning was read."

#: A boundary that is declared, a message within the message, or a line that may be a delimiter: all that can nest.
_STRUCTURE = re.compile(
    rb"^--([^\r\n]{1,200})|boundary(?:\*0?\*?)?\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))|^content-type:\s*message/",
    re.MULTILINE,
)
_EMPTY_LINE = re.compile(rb"\n\r?\n|\r\r")
#: Lines as headers have them: a name with a colon, or the continuation of one.
_HEADER_LINES = re.compile(rb"(?:(?:[!-9;-~]{1,1000}[ \t]*:|[ \t]|>?From )[^\r\n]*(?:\r\n?|\n))*+")


def within_limits(original: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The mail, cut where its nesting, its parts or its lines pass the limits, and a note for each cut.

    The standard library's parser recurses once for every level (1,100 levels end in a RecursionError) and makes an
    object of every part, so both are counted here in one pass, in time linear in the bytes.
    """
    original, notes = _with_small_header_block(original.lstrip(b"\r\n"))
    if original.count(b"\n") > MOST_LINES or original.count(b"\r") > MOST_LINES:
        original, notes = _first_lines(original), (*notes, f"Only the first {MOST_LINES:,} lines were read.")
    lowered = original.lower()
    few_levels = lowered.count(b"boundary") + lowered.count(b"message/") <= DEEPEST
    if few_levels and original.count(b"\n--") + original.count(b"\r--") <= MOST_PARTS:
        return original, notes
    at, note = _first_excess(lowered)
    return (original[:at], (*notes, note)) if note else (original, notes)


def _with_small_header_block(original: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The mail without those headers that follow the first 256 KiB of them."""
    if len(original) <= LARGEST_HEADER_BLOCK or _EMPTY_LINE.search(original, 0, LARGEST_HEADER_BLOCK):
        return original, ()
    lines = _HEADER_LINES.match(original)
    end = lines.end() if lines else 0
    if end <= LARGEST_HEADER_BLOCK:
        return original, ()
    kept = max(original.rfind(b"\n", 0, LARGEST_HEADER_BLOCK), original.rfind(b"\r", 0, LARGEST_HEADER_BLOCK)) + 1
    return original[: kept or LARGEST_HEADER_BLOCK] + b"\n" * (not kept) + original[end:], (HEADER_BLOCK_NOTE,)


def _first_lines(original: bytes) -> bytes:
    """A bit more than the lines allowed where all are short, and never less than one mebibyte."""
    kept = original[: 1 << 20]
    for start in range(1 << 20, len(original), 1 << 20):
        if kept.count(b"\n") > MOST_LINES or kept.count(b"\r") > MOST_LINES:
            break
        kept = original[: start + (1 << 20)]
    return kept


def _first_excess(lowered: bytes) -> tuple[int, str]:
    """Where the first part too deep, or one too many, begins; (0, "") where none does."""
    open_boundaries: list[bytes] = []
    levels: dict[bytes, int] = {}
    parts = 0
    for match in _STRUCTURE.finditer(lowered):
        if (line := match[1]) is not None:
            level = _closed_to(line.rstrip(), levels)
            if level is None:
                continue
            parts += 1
            for inner in open_boundaries[level + 1 :]:
                levels.pop(inner, None)
            del open_boundaries[level + 1 :]
        else:
            name = match[2] or match[3] or b""
            levels.setdefault(name, len(open_boundaries))
            open_boundaries.append(name)
        if len(open_boundaries) > DEEPEST:
            return match.start(), f"Parts nested deeper than {DEEPEST} levels were not read."
        if parts > MOST_PARTS:
            return match.start(), f"Parts after the first {MOST_PARTS} were not read."
    return 0, ""


def _closed_to(line: bytes, levels: dict[bytes, int]) -> int | None:
    """The level whose delimiter this line is, None for a line that only begins with two hyphens."""
    if line in levels:
        return levels[line]
    return levels.get(line[:-2]) if line.endswith(b"--") else None
