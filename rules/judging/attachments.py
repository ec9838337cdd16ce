"""Which attachments of a mail are taken: by name, declared type, first bytes, size and number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.attachment import TicketAttachment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.attachment import Refusal
    from rules.report import Attachment, Mail
    from rules.sections.attachments import AttachmentRules

#: A picture of a signature, such as a logo, is smaller than any screenshot.
LARGEST_ORNAMENT: Final = 10 << 10

_PROGRAM_NAMES: Final = """
    x-msdownload x-dosexec x-msdos-program vnd.microsoft.portable-executable x-executable x-sharedlib x-mach-binary x-sh
    hta x-bat x-msi java-archive
"""
_PROGRAM_TYPES: Final = frozenset(f"application/{name}" for name in _PROGRAM_NAMES.split())
_PICTURES: Final = "jpg jpeg jpe jfif png gif webp bmp tif tiff heic heif avif"
_FILMS: Final = "mp4 m4v mov 3gp avi mkv webm"
_KINDS: Final = {**dict.fromkeys(_PICTURES.split(), "image"), **dict.fromkeys(_FILMS.split(), "video")}
#: Names of the same type.
_SAME: Final = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "tiff": "tif", "m4v": "mp4", "htm": "html"}
#: What programs that know no better declare: it contradicts nothing.
_VAGUE: Final = frozenset(("", "application/octet-stream", "application/force-download", "application/x-download"))


def judge_attachments(mail: Mail, rules: AttachmentRules) -> tuple[TicketAttachment, ...]:
    """Every attachment of a mail with why it is refused, if it is. The pictures of a signature are none."""
    return tuple(
        TicketAttachment(
            source=mail.source,
            key=mail.key,
            number=number,
            name=part.name,
            type=part.type,
            size=part.size,
            refused=_why_refused(part, counted, rules),
        )
        for counted, (number, part) in enumerate(_worth_keeping(mail), start=1)
    )


def _worth_keeping(mail: Mail) -> Iterator[tuple[int, Attachment]]:
    for number, part in enumerate(mail.attachments, start=1):
        if not (part.inline and part.size < LARGEST_ORNAMENT and part.type.startswith("image/")):
            yield number, part


def _why_refused(part: Attachment, counted: int, rules: AttachmentRules) -> Refusal | None:
    """The first reason; a program is one whatever else is wrong with it."""
    extension = extension_of(part.name)
    if extension in rules.refuse or _is_program(part):
        return "program"
    if rules.types and not _is_listed(part, extension, rules.types):
        return "type"
    if rules.types and _contradicts_itself(part, extension):
        return "contents"
    largest = rules.largest_of.get(extension, rules.largest)
    if largest is not None and part.size > largest:
        return "size"
    return "count" if rules.most is not None and counted > rules.most else None


def extension_of(name: str) -> str:
    """What stands after the last dot, in lower case; Windows overlooks dots and spaces behind it."""
    stem, dot, extension = name.rstrip(". ").rpartition(".")
    return extension.strip().lower() if dot and stem else ""


def _is_program(part: Attachment) -> bool:
    return part.type in _PROGRAM_TYPES or part.begins_like in _PROGRAM_TYPES


def _is_listed(part: Attachment, extension: str, types: tuple[str, ...]) -> bool:
    """By its name where that has an end, and otherwise by its declared type."""
    kinds = {part.type, f"{part.type.partition('/')[0]}/*"}
    return _same(extension) in {_same(each) for each in types} or any(each in kinds for each in types)


def _contradicts_itself(part: Attachment, extension: str) -> bool:
    """Tell whether a picture or film is declared as something else, or begins as neither."""
    kind = _KINDS.get(extension) or _kind(part.type)
    if kind not in ("image", "video"):
        return False
    declared_otherwise = part.type not in _VAGUE and _kind(part.type) not in ("image", "video", "audio")
    return declared_otherwise or _kind(part.begins_like) not in ("image", "video")


def _kind(media_type: str) -> str:
    return media_type.partition("/")[0]


def _same(extension: str) -> str:
    return _SAME.get(extension, extension)
