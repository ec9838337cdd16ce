"""The text of a mail and the list of what is not its text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from email.policy import compat32
from typing import TYPE_CHECKING

from ingest.mail.attachment_names import apart, clean_name, made_name
from ingest.mail.magic import begins_like
from ingest.mail.parts import leaves
from ingest.text.charsets import clean, decode
from ingest.text.html import text_of
from rules.report import Attachment

if TYPE_CHECKING:
    from email.message import Message

    from ingest.mail.parts import Part

LONGEST_TEXT = 1 << 20
_TEXTS = frozenset({"text/plain", "text/html"})
_AS_IT_CAME = compat32.clone(mangle_from_=False)
#: What the library raises while it writes a mail of strangers again.
UNWRITABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the parts of a mail add up to."""

    text: str
    attachments: tuple[Attachment, ...]
    digest: str
    """SHA-256 over the decoded parts, independent of transfer encoding and line ends."""
    charset: str
    """The charset that the text part declares, in lower case."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment and its bytes; those of an attached mail are its own, headers and all."""

    attachment: Attachment
    content: bytes = field(repr=False)


def read_body(message: Message) -> Body:
    """Text from text/plain, else from HTML; every other part is an attachment, its name cleaned."""
    parts = leaves(message)
    texts = _text_parts(parts)
    notes = [part.note for part in parts if part.note]
    text = "\n".join(filter(None, (_text(part, notes).strip("\n") for part in texts)))
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        notes.append("Only the first MiB of the text was read.")
    return Body(
        text=text.strip(),
        attachments=tuple(_attachments(_attached(parts, texts))),
        digest=_digest(parts),
        charset=texts[0].charset if texts else "",
        notes=tuple(dict.fromkeys(notes)),
    )


def read_files(message: Message) -> tuple[AttachedFile, ...]:
    """The attachments of `read_body`, with their bytes."""
    parts = leaves(message)
    attached = _attached(parts, _text_parts(parts))
    listed = _attachments(attached)
    return tuple(AttachedFile(each, _file_bytes(part)) for each, part in zip(listed, attached, strict=True))


def _text_parts(parts: list[Part]) -> list[Part]:
    """The parts that make the text: every inline text/plain, and HTML where it is not only another form of one.

    The words of a winmail.dat or an invitation are read where there are no others.
    """
    told = [part for part in parts if not part.is_spare]
    chosen = _chosen([part for part in told if part.type in _TEXTS and not _is_attached(part)])
    if not chosen and len(told) == 1 and told[0].type.startswith("text/") and told[0].type != "text/calendar":
        chosen = told
    if any(part.payload.strip() for part in chosen):
        return chosen
    return [part for part in parts if part.is_spare and part.payload.strip()][:1] or chosen


def _chosen(inline: list[Part]) -> list[Part]:
    spoken = {part.alternative for part in inline if part.type == "text/plain" and part.payload.strip()}
    chosen = [part for part in inline if part.type == "text/plain" or part.alternative not in spoken]
    if any(part.type == "text/plain" and part.payload.strip() for part in chosen):
        return [part for part in chosen if part.type == "text/plain" or part.alternative]
    return [part for part in chosen if part.type == "text/html"] or chosen


def _is_attached(part: Part) -> bool:
    return part.disposition == "attachment" or bool(part.name)


def _text(part: Part, notes: list[str]) -> str:
    text = clean(decode(part.payload[: 4 * LONGEST_TEXT], part.charset))
    if part.type != "text/html":
        return text
    text, note = text_of(text)
    if note:
        notes.append(note)
    return text


def _attached(parts: list[Part], texts: list[Part]) -> list[Part]:
    taken = {id(part) for part in texts}
    return [part for part in parts if id(part) not in taken and not _is_other_form(part, texts)]


def _attachments(parts: list[Part]) -> list[Attachment]:
    given = [clean_name(part.name) for part in parts]
    made = [made_name(part.type, part.title, part.content_id) for part in parts]
    names = apart((name or other, not name) for name, other in zip(given, made, strict=True))
    return [_attachment(name, part) for name, part in zip(names, parts, strict=True)]


def _attachment(name: str, part: Part) -> Attachment:
    begins = begins_like(part.payload)
    return Attachment(name, part.type, len(part.payload), begins_like=begins, inline=part.inline)


def _file_bytes(part: Part) -> bytes:
    if part.mail is None:
        return part.payload
    # Not what the part decodes to: an attached mail keeps its transfer encodings, or nothing could open it.
    try:
        return part.mail.as_bytes(policy=_AS_IT_CAME)
    except UNWRITABLE:
        return part.payload


def _is_other_form(part: Part, texts: list[Part]) -> bool:
    """A text part that was not chosen: the HTML of an alternative, an empty text, or one that only stands in."""
    if part.is_spare:
        return True
    if part.type not in _TEXTS or _is_attached(part):
        return False
    return bool(part.alternative) or not part.payload.strip() or all(text.type == "text/html" for text in texts)


def _digest(parts: list[Part]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(_canonical(part))
        digest.update(b"\x00")
    return digest.hexdigest()


def _canonical(part: Part) -> bytes:
    if not part.type.startswith("text/"):
        return part.payload
    return part.payload.replace(b"\r\n", b"\n").strip()
