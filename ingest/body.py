"""The text of a mail and the list of what is not its text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32
from mimetypes import guess_extension

from ingest.charsets import clean, decode
from ingest.headers import Headers, one_line, parameters
from ingest.html import text_of
from ingest.magic import begins_like
from rules.report import Attachment

LONGEST_TEXT = 1 << 20
LONGEST_NAME = 150

_PATH = re.compile(r"[/\\]")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,100}")
_UNSAFE = re.compile(r'[<>:"|?*]')
_NAMED_BY_KIND = frozenset({"image", "audio", "video"})
_DEFAULT_NAMES = {
    "text/calendar": "invite.ics",
    "message/rfc822": "message.eml",
    "message/delivery-status": "delivery-status.txt",
}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A leaf of the tree: no multipart, and nothing within an attached message."""

    type: str
    name: str
    charset: str
    disposition: str
    alternative: int
    """Which multipart/alternative the part is a choice of; 0 for none."""
    payload: bytes
    inline: bool = False
    """Shown by the HTML, which names its Content-ID, or declared to be."""
    mail: Message | None = None
    """The mail that is attached, where the part holds one."""
    title: str = ""
    """The subject of an attached mail, else what Content-Description says."""


def read_body(message: Message) -> Body:
    """Text from text/plain, else from HTML; every other part is an attachment, its name cleaned."""
    parts = _leaves(message)
    texts = _text_parts(parts)
    notes: list[str] = []
    text = "\n".join(filter(None, (_text(part, notes).strip("\n") for part in texts)))
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        notes.append("Only the first MiB of the text was read.")
    return Body(
        text=text.strip(),
        attachments=tuple(_attachment(part) for part in _attached(parts, texts)),
        digest=_digest(parts),
        charset=texts[0].charset if texts else "",
        notes=tuple(dict.fromkeys(notes)),
    )


def read_files(message: Message) -> tuple[AttachedFile, ...]:
    """The attachments of `read_body`, with their bytes."""
    parts = _leaves(message)
    attached = _attached(parts, _text_parts(parts))
    return tuple(AttachedFile(_attachment(part), _file_bytes(part)) for part in attached)


def _leaves(message: Message) -> list[_Part]:
    found: list[_Part] = []
    waiting: list[tuple[Message, int, str]] = [(message, 0, "text/plain")]
    alternatives = 0
    while waiting:
        part, alternative, default = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            kind = part.get_content_subtype()
            if kind == "alternative" and not alternative:
                alternatives += 1
                alternative = alternatives
            inner = "message/rfc822" if kind == "digest" else "text/plain"
            waiting.extend((child, alternative, inner) for child in reversed(children(part)))
        else:
            found.append(_leaf(part, alternative, default))
    return found


def children(part: Message) -> list[Message]:
    """The parts directly within one; none for a leaf."""
    return [each for each in part.get_payload() if isinstance(each, Message)] if part.is_multipart() else []


def leaf_bytes(part: Message) -> bytes:
    """The decoded bytes of a leaf. Always by `decode=True`: without it the library follows any charset's name."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _leaf(part: Message, alternative: int, default: str) -> _Part:
    headers = Headers(part)
    type_, type_parameters = parameters(headers.raw("content-type"))
    disposition, disposition_parameters = parameters(headers.raw("content-disposition"))
    return _Part(
        type=_media_type(type_, default),
        name=disposition_parameters.get("filename") or type_parameters.get("name") or "",
        charset=type_parameters.get("charset", "").lower(),
        disposition=disposition,
        alternative=alternative,
        payload=_payload(part),
        inline=disposition == "inline" or (not disposition and bool(headers.raw("content-id"))),
        mail=children(part)[0] if type_ == "message/rfc822" and children(part) else None,
        title=_title(part, headers, type_),
    )


def _title(part: Message, headers: Headers, type_: str) -> str:
    subject = Headers(children(part)[0]).text("subject") if type_ == "message/rfc822" and children(part) else ""
    return subject or headers.text("content-description")


def _media_type(declared: str, default: str) -> str:
    """The declared type; a multipart whose parts are nowhere to be found is text, and a broken type is just bytes."""
    if not declared:
        return default
    if declared == "text" or declared.startswith("multipart/"):
        return "text/plain"
    return declared if _MEDIA_TYPE.fullmatch(declared) else "application/octet-stream"


def _payload(part: Message) -> bytes:
    return _enclosed(part) if part.is_multipart() else leaf_bytes(part)


def _enclosed(part: Message) -> bytes:
    """The bytes of an attached mail, put together again without recursion: its headers and decoded parts in order."""
    pieces: list[bytes] = []
    waiting = children(part)[::-1]
    while waiting:
        inner = waiting.pop()
        fields = "".join(f"{name}: {value}\n" for name, value in inner.raw_items())
        pieces.append(fields.encode("utf-8", "surrogateescape") + b"\n")
        if inner.is_multipart():
            waiting.extend(reversed(children(inner)))
        else:
            pieces.append(leaf_bytes(inner))
    return b"".join(pieces)


def _text_parts(parts: list[_Part]) -> list[_Part]:
    """The parts that make the text: every inline text/plain, and HTML where it is not only another form of one."""
    inline = [part for part in parts if part.type in {"text/plain", "text/html"} and not _is_attached(part)]
    if not inline and parts and len(parts) == 1 and parts[0].type.startswith("text/"):
        inline = parts[:1]
    spoken = {part.alternative for part in inline if part.type == "text/plain" and part.payload.strip()}
    chosen = [part for part in inline if part.type == "text/plain" or part.alternative not in spoken]
    if any(part.type == "text/plain" and part.payload.strip() for part in chosen):
        return [part for part in chosen if part.type == "text/plain" or part.alternative]
    return [part for part in chosen if part.type == "text/html"] or chosen


def _is_attached(part: _Part) -> bool:
    return part.disposition == "attachment" or bool(part.name)


def _text(part: _Part, notes: list[str]) -> str:
    text = clean(decode(part.payload[: 4 * LONGEST_TEXT], part.charset))
    if part.type != "text/html":
        return text
    text, note = text_of(text)
    if note:
        notes.append(note)
    return text


def _attached(parts: list[_Part], texts: list[_Part]) -> list[_Part]:
    taken = {id(part) for part in texts}
    return [part for part in parts if id(part) not in taken and not _is_other_form(part)]


def _attachment(part: _Part) -> Attachment:
    begins = begins_like(part.payload)
    return Attachment(_attachment_name(part), part.type, len(part.payload), begins_like=begins, inline=part.inline)


def _file_bytes(part: _Part) -> bytes:
    if part.mail is None:
        return part.payload
    # Not what the part decodes to: an attached mail keeps its transfer encodings, or nothing could open it.
    try:
        return part.mail.as_bytes(policy=_AS_IT_CAME)
    except UNWRITABLE:
        return part.payload


def _is_other_form(part: _Part) -> bool:
    """A text part that was not chosen: the HTML of an alternative, or an empty text beside it."""
    return part.type in {"text/plain", "text/html"} and not _is_attached(part)


def _attachment_name(part: _Part) -> str:
    """The name given, else the subject of an attached mail or the description, else one that tells the type."""
    if name := clean_name(part.name):
        return name
    default = _DEFAULT_NAMES.get(part.type) or _by_type(part.type)
    if not part.title:
        return default
    title = clean_name(part.title.replace("/", "_").replace("\\", "_"))
    extension = "." + default.rpartition(".")[2] if "." in default else ""
    return title if title.lower().endswith(extension) else title + extension


def _by_type(type_: str) -> str:
    kind, _, subtype = type_.partition("/")
    if kind not in _NAMED_BY_KIND:
        return "file" + (guess_extension(type_) or "")
    return f"{kind}{guess_extension(type_) or '.' + subtype}"


def clean_name(name: str) -> str:
    """A file name to show: without folders, controls, direction marks and forbidden signs, 150 characters at most.

    It is never used as a path. Empty where nothing is left.
    """
    name = unicodedata.normalize("NFC", one_line(name))
    name = _PATH.split(name.rstrip("/\\"))[-1]
    name = _UNSAFE.sub("_", name).strip(" ").lstrip(".")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def _digest(parts: list[_Part]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(_canonical(part))
        digest.update(b"\x00")
    return digest.hexdigest()


def _canonical(part: _Part) -> bytes:
    if not part.type.startswith("text/"):
        return part.payload
    return part.payload.replace(b"\r\n", b"\n").strip()
