"""So much of YAML as Ruby's writer makes of one mail: scalars at the top, and the names of attachments."""

from __future__ import annotations

import json
import re

_KEY = re.compile(r"^([a-z_-]+):(.*)$")
_ITEM = re.compile(r"^- ", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "0": "\0", "_": "\u00a0", "N": "\x85"}


def top_level(text: str) -> dict[str, str]:
    """The plain and quoted scalars of the top level; blocks and lists are left out."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if key := _KEY.match(line):
            lines = found.setdefault(key[1], [])
            lines.append(key[2])
        elif line.startswith("  ") or not line:
            lines.append(line)
        else:
            lines = []
    return {key: _scalar(lines) for key, lines in found.items()}


def attachment_names(text: str) -> list[str]:
    """The file names of a mail's attachments, without the copy of the body that Zammad itself makes one of."""
    _, _, listed = text.partition("\nattachments:")
    items = (item for item in _ITEM.split(listed)[1:] if "content-alternative: true" not in item)
    return [name for item in items if (name := _name(item))]


def _name(item: str) -> str:
    lines = item.splitlines()
    for at, line in enumerate(lines):
        if line.startswith("  filename:"):
            more = [further for further in lines[at + 1 :] if further.startswith("    ")]
            return _scalar([line.partition(":")[2], *more[: _next_key(lines[at + 1 :])]])
    return ""


def _next_key(lines: list[str]) -> int:
    return next((at for at, line in enumerate(lines) if not line.startswith("    ")), len(lines))


def _scalar(lines: list[str]) -> str:
    first = lines[0].strip()
    if first[:1] in {"|", ">"}:
        return "\n".join(line.strip() for line in lines[1:])
    joined = _folded([first, *lines[1:]])
    if first.startswith('"'):
        return _ESCAPE.sub(_unescaped, joined[1:-1])
    if first.startswith("'"):
        return joined[1:-1].replace("''", "'")
    return json.dumps(None) if joined == "null" else joined


def _folded(lines: list[str]) -> str:
    """A line break is one blank; behind a backslash it is nothing, and a backslash keeps the blank after it."""
    text = lines[0]
    for line in lines[1:]:
        text = text[:-1] + line.strip() if text.endswith("\\") else f"{text} {line.strip()}"
    return text


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else _PLAIN_ESCAPES.get(match[4], match[4])
