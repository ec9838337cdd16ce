"""Files that go along with a letter, as parts of its mail."""

from __future__ import annotations

import re
from base64 import encodebytes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What mail programs show without running anything; all else is sent as bytes to be saved.
_HARMLESS: Final = re.compile(r"(?:image/(?:jpeg|png|gif|webp|bmp|tiff|heic)|video/[\w.+-]{1,40}|application/pdf)")
_LONGEST_PIECE: Final = 60
_PLAIN_NAME: Final = re.compile(r"[\w.()+ -]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EnclosedFile:
    """One file with its name, without folders, and the media type that its sender gave."""

    name: str
    type: str
    content: bytes = field(repr=False)


def enclosed_parts(files: tuple[EnclosedFile, ...], boundary: str) -> Iterator[bytes]:
    """The pieces of the mail behind its text: each file as base64 after a line of the boundary, and the closing one."""
    for file in files:
        yield f"--{boundary}\r\n".encode()
        yield _header(file).encode()
        yield encodebytes(file.content).replace(b"\n", b"\r\n")
    yield f"--{boundary}--\r\n".encode()


def _header(file: EnclosedFile) -> str:
    media_type = file.type if _HARMLESS.fullmatch(file.type) else "application/octet-stream"
    return (
        f"Content-Type: {media_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n{_filename(file.name)}\r\n\r\n"
    )


def _filename(name: str) -> str:
    """The parameter: quoted where it is plain, else as RFC 2231 has it, in pieces of a line that cut no character."""
    if _PLAIN_NAME.fullmatch(name):
        return f' filename="{name}"'
    pieces = ["utf-8''"]
    for character in name or "file":
        encoded = quote(character.encode("utf-8", "replace"), safe="")
        if len(pieces[-1]) + len(encoded) > _LONGEST_PIECE:
            pieces.append("")
        pieces[-1] += encoded
    if len(pieces) == 1:
        return f" filename*={pieces[0]}"
    return ";\r\n".join(f" filename*{number}*={piece}" for number, piece in enumerate(pieces))
