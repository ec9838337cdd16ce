"""The leaves of a mail: what its tree of parts comes down to, with packed ones opened."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email.message import Message
from typing import TYPE_CHECKING, Final

from ingest.mail.attachment_names import type_of_name
from ingest.mail.headers import Headers, parameters
from ingest.mail.invitations import read_invitation
from ingest.mail.parsing import parse
from ingest.mail.smime import signed_content
from ingest.mail.winmail import SIGNATURE, unpack
from ingest.text.charsets import decode

if TYPE_CHECKING:
    from ingest.mail.winmail import PackedFile

_MEDIA_TYPE = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,100}")
ENCRYPTED: Final = "The mail is encrypted: its words are in an attachment that only its recipient can open."
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
WINMAIL_UNPACKED: Final = "winmail.dat was unpacked."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A leaf of the tree: no multipart, and nothing within an attached message."""

    type: str
    payload: bytes
    name: str = ""
    charset: str = ""
    disposition: str = ""
    alternative: int = 0
    """Which multipart/alternative the part is a choice of; 0 for none."""
    content_id: str = ""
    inline: bool = False
    """Shown by the HTML, which names its Content-ID, or declared to be."""
    mail: Message | None = None
    """The mail that is attached, where the part holds one."""
    title: str = ""
    """The subject of an attached mail, the summary of an invitation, else what Content-Description says."""
    is_spare: bool = False
    """A text that is read only where nothing else tells one."""
    note: str = ""


def leaves(message: Message) -> list[Part]:
    """The leaves in the order of the mail; the work is linear in its bytes."""
    whole = Headers(message)
    found: list[Part] = []
    waiting: list[tuple[Message, int, str]] = [(message, 0, "text/plain")]
    alternatives = 0
    opened = False
    while waiting:
        part, alternative, default = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            kind = part.get_content_subtype()
            if kind == "alternative" and not alternative:
                alternatives += 1
                alternative = alternatives
            inner = "message/rfc822" if kind == "digest" else "text/plain"
            waiting.extend((child, alternative, inner) for child in reversed(children(part)))
            continue
        leaf = _leaf(part, Headers(part, whole=whole), alternative, default)
        found.extend(_opened(leaf))
        if leaf.type in _SEALED and not opened and (content := signed_content(leaf.payload)) is not None:
            opened = True  # once: what is sealed in a sealed mail stays a file
            waiting.append((parse(content)[0], alternative, "text/plain"))
    return found


def children(part: Message) -> list[Message]:
    """The parts directly within one; none for a leaf."""
    return [each for each in part.get_payload() if isinstance(each, Message)] if part.is_multipart() else []


def leaf_bytes(part: Message) -> bytes:
    """The decoded bytes of a leaf. Always by `decode=True`: without it the library follows any charset's name."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _leaf(part: Message, headers: Headers, alternative: int, default: str) -> Part:
    type_, type_parameters = parameters(headers.raw("content-type"))
    disposition, disposition_parameters = parameters(headers.raw("content-disposition"))
    content_id = headers.text("content-id")
    mail = children(part)[0] if type_ == "message/rfc822" and children(part) else None
    return Part(
        type=_media_type(type_, default),
        name=disposition_parameters.get("filename") or type_parameters.get("name") or "",
        charset=type_parameters.get("charset", "").lower(),
        disposition=disposition,
        alternative=alternative,
        payload=_enclosed(part) if part.is_multipart() else leaf_bytes(part),
        content_id=content_id,
        inline=disposition == "inline" or (not disposition and bool(content_id)),
        mail=mail,
        title=(Headers(mail).text("subject") if mail else "") or headers.text("content-description"),
    )


def _media_type(declared: str, default: str) -> str:
    """The declared type; a multipart whose parts are nowhere to be found is text, and a broken type is just bytes."""
    if not declared:
        return default
    if declared == "text" or declared.startswith("multipart/"):
        return "text/plain"
    return declared if _MEDIA_TYPE.fullmatch(declared) else "application/octet-stream"


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


def _opened(part: Part) -> list[Part]:
    """A packed part as what it holds, and an invitation with its words; any other part as it is."""
    if part.payload.startswith(SIGNATURE):
        return _unpacked(part)
    if part.type == "application/pgp-encrypted" or (part.type in _SEALED and signed_content(part.payload) is None):
        return [replace(part, note=ENCRYPTED)]
    return _with_words(part) if part.type == "text/calendar" else [part]


def _unpacked(part: Part) -> list[Part]:
    """What a winmail.dat holds. One that holds nothing is only the look of the text, and no attachment."""
    winmail = unpack(part.payload)
    if winmail is None:
        return [part]
    texts = (("text/plain", winmail.text), ("text/html", winmail.html))
    told = next(((type_, text) for type_, text in texts if text.strip()), None)
    found = [_file(each) for each in winmail.files]
    if told is not None:
        found.append(_spare(*told))
    return [replace(found[0], note=WINMAIL_UNPACKED), *found[1:]] if found else []


def _file(packed: PackedFile) -> Part:
    known = _MEDIA_TYPE.fullmatch(packed.type)
    type_ = packed.type if known else type_of_name(packed.name)
    return Part(type=type_, payload=packed.content, name=packed.name, disposition="attachment")


def _with_words(part: Part) -> list[Part]:
    """A calendar part, and its words where the mail has no others."""
    invitation = read_invitation(decode(part.payload, part.charset or "utf-8"))
    words = "\n".join(filter(None, (invitation.summary, invitation.description)))
    named = replace(part, title=invitation.summary or part.title, note=f"The mail holds {invitation}.")
    return [named, _spare("text/plain", words)] if words else [named]


def _spare(type_: str, text: str) -> Part:
    return Part(type=type_, payload=text.encode(), charset="utf-8", is_spare=True)
