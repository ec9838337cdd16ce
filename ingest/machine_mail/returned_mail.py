"""The mail that came back within a delivery report, as far as the report holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.mail.addresses import addr_spec
from ingest.mail.headers import Headers, message_ids
from ingest.mail.parts import children, leaf_bytes
from ingest.text.charsets import decode

if TYPE_CHECKING:
    from email.message import Message

_SEARCHED = 128 * 1024
_MESSAGE_ID = re.compile(r"^[ \t>]*message-id[ \t]*:\s*(<[!-;=?-~]{1,500}>)", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(
    r"^[ \t>]*to[ \t]*:[^\n@]{0,200}?([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,200})", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """What is left of it."""

    message_id: str | None = None
    to: str | None = None
    """Its first recipient."""


def returned_mail(message: Message, headers: Headers, text: str) -> ReturnedMail:
    """The mail that came back: an attached one, headers alone, or a copy in the report's own text.

    Where none is left, the mails that the report says it answers tell the Message-ID: Exim, Gmail and list managers
    give References (RFC 5322 3.6.4).
    """
    own = message_ids(headers.raw("message-id"))
    is_html = False
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop(0)
        if part is not message and (ids := message_ids(Headers(part).raw("message-id"))) and ids != own:
            return ReturnedMail(ids[0], _first_address(Headers(part).text("to")))
        waiting.extend(children(part))
        is_html = is_html or part.get_content_type() == "text/html"
        if not part.is_multipart() and (found := _in_text(decode(leaf_bytes(part)[:_SEARCHED]))):
            return found
    answered = message_ids(f"{headers.raw('references')} {headers.raw('in-reply-to')}")
    shown = _in_text(text[:_SEARCHED]) if is_html else None
    return shown or ReturnedMail(answered[-1] if answered else None)


def _in_text(text: str) -> ReturnedMail | None:
    match = _MESSAGE_ID.search(text)
    if match is None:
        return None
    to = _TO.search(text)
    return ReturnedMail(match[1], addr_spec(to[1]) if to else None)


def _first_address(field: str) -> str | None:
    match = _TO.match(f"to: {field}")
    return addr_spec(match[1]) if match else None
