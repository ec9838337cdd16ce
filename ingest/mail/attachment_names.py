"""What an attachment is called: the name given, cleaned, or one made of what else the part tells."""

from __future__ import annotations

import re
import unicodedata
from mimetypes import MimeTypes
from typing import TYPE_CHECKING, Final

from ingest.mail.headers import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME: Final = 150

_PATH = re.compile(r"[/\\]")
#: A colon before a blank is punctuation, as in `Re: Printer.eml`; any other may name a drive or a stream.
_UNSAFE = re.compile(r'[<>"|?*]|:(?! )')
#: As Outlook numbers the pictures of a text: `image001.jpg@01CDB132.D8A510F0`.
_NAME_IN_CONTENT_ID = re.compile(r"<?([^<>@\s]{1,100}\.[A-Za-z][A-Za-z0-9]{1,4})(?:@|>|$)")
_CONTENT_ID = re.compile(r"<?([^<>@\s]{1,100})@")
_NAMED_BY_KIND: Final = frozenset({"image", "audio", "video"})
_MADE_NAMES: Final = {
    "text/plain": "document.txt",
    "text/html": "document.html",
    "text/calendar": "invite.ics",
    "message/rfc822": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "application/pgp-signature": "signature.asc",
    "application/pgp-keys": "key.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat",
    "image/jpg": "image.jpg",
    "video/quicktime": "video.mov",
    "application/octet-stream": "file",
}
#: What the standard library knows itself: the lists of the machine it runs on differ from place to place.
_TYPES: Final = MimeTypes(filenames=())


def made_name(media_type: str, title: str, content_id: str) -> str:
    """A name for a part that has none: what its Content-ID or its title tells, else one that tells the type.

    A title is the subject of an attached mail or a Content-Description; without an ending it would be no file's name.
    """
    if named := _NAME_IN_CONTENT_ID.match(content_id):
        return clean_name(named[1])
    default = _MADE_NAMES.get(media_type) or _by_type(media_type)
    stem, dot, ending = default.rpartition(".")
    if title and (dot or "." in title[-6:]):
        title = clean_name(title.replace("/", "_").replace("\\", "_"))
        return title if not dot or title.lower().endswith(f".{ending}") else f"{title}.{ending}"
    if (stem or ending) == "file" and (told := _CONTENT_ID.match(content_id)):
        return clean_name(told[1]) or default
    return default


def _by_type(media_type: str) -> str:
    kind, _, subtype = media_type.partition("/")
    ending = _TYPES.guess_extension(media_type) or ""
    if kind not in _NAMED_BY_KIND:
        return f"file{ending}"
    return f"{kind}{ending or f'.{subtype}'}"


def type_of_name(name: str) -> str:
    """The media type that a file's ending tells."""
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def apart(names: Iterable[tuple[str, bool]]) -> list[str]:
    """The names, with a number in each made one (True) that would be there twice: `image.jpg`, `image1.jpg`."""
    told: set[str] = set()
    numbers: dict[str, int] = {}
    found: list[str] = []
    for name, is_made in names:
        numbered = name
        while is_made and numbered in told:
            numbers[name] = numbers.get(name, 0) + 1
            numbered = _numbered(name, numbers[name])
        told.add(numbered)
        found.append(numbered)
    return found


def _numbered(name: str, number: int) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem}{number}.{ending}" if dot else f"{name}{number}"


def clean_name(name: str) -> str:
    """A file name to show: without folders, controls, direction marks and forbidden signs, 150 characters at most.

    It is never used as a path. Empty where nothing is left.
    """
    name = unicodedata.normalize("NFC", one_line(name))
    name = _PATH.split(name.rstrip("/\\"))[-1]
    name = _UNSAFE.sub("_", name.strip(" ")).lstrip(".")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
