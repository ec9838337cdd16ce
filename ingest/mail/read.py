"""Bytes to a mail, whatever the bytes are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.machine_mail.automatic import automatic
from ingest.machine_mail.bounces import delivery_report
from ingest.mail.addresses import addresses, authors, only_address
from ingest.mail.authentication import authenticate
from ingest.mail.body import LONGEST_TEXT, read_body
from ingest.mail.headers import Headers, message_ids
from ingest.mail.limits import within_limits
from ingest.mail.parsing import UNREADABLE, parse
from ingest.replies.forwards import forward_of
from ingest.replies.replies import what_is_new
from ingest.text.charsets import clean, decode
from ingest.text.language import language_of
from rules.report import Address, Auto, Bounce, Mail
from rules.token import find_marks

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import Message

    from ingest.ourselves import Ourselves

_MOST_REFERENCES = 200
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")


def read_mail(
    original: bytes,
    *,
    source: str,
    key: str,
    received_at: datetime,
    ourselves: Ourselves,
) -> Mail:
    """One mail out of the bytes of a mailbox; never raises, and what it cut or could not read is in its notes."""
    bounded, notes = within_limits(original)
    mail = Mail(source=source, key=key, received_at=received_at, notes=notes, original=original)
    try:
        return _read(mail, bounded, ourselves)
    except UNREADABLE as error:
        return _as_raw_text(mail, bounded, type(error).__name__)


def _read(mail: Mail, bounded: bytes, ourselves: Ourselves) -> Mail:
    message, header_notes = parse(bounded)
    headers = Headers(message)
    body = read_body(message)
    sender = only_address(headers.all_raw("from"))
    subject = headers.text("subject")
    auto, auto_reason, bounce = _automatic(message, headers, sender, subject, body.text, ourselves.addresses)
    authentication = authenticate(headers, sender, ourselves)
    message_id = next(iter(message_ids(headers.raw("message-id"))), None)
    text = body.text if auto == "bounce" else what_is_new(body.text)
    return replace(
        mail,
        message_id=message_id,
        references=_references(headers),
        sender=sender,
        authors=authors(headers),
        address_marks=_address_marks(headers),
        to=addresses(headers.all_raw("to")),
        cc=addresses(headers.all_raw("cc")),
        subject=subject,
        text=text,
        full_text=body.text,
        language=language_of(_shown(subject, text), body.charset),
        auto=auto,
        auto_reason=auto_reason,
        bounce=bounce,
        forward=forward_of(message, subject, body.text) if auto in {None, "list"} else None,
        attachments=body.attachments,
        content_key=_content_key(message_id, headers, subject, body.digest),
        verified=authentication.verified,
        verified_reason=authentication.reason,
        notes=mail.notes + header_notes + body.notes + _sender_note(headers, sender),
    )


def _automatic(
    message: Message, headers: Headers, sender: Address | None, subject: str, text: str, desk: frozenset[str]
) -> tuple[Auto | None, str, Bounce | None]:
    auto, reason = automatic(message, headers, sender, subject, text, desk)
    if auto == "own":
        return auto, reason, None
    bounce, evidence = delivery_report(message, headers, sender, subject, text)
    if evidence:
        return "bounce", evidence, bounce
    return auto, reason, None


def _references(headers: Headers) -> tuple[str, ...]:
    """References, then In-Reply-To; of an endless thread the root and the newest."""
    found = message_ids(f"{headers.raw('references')} {headers.raw('in-reply-to')}")
    return found if len(found) <= _MOST_REFERENCES else (found[0], *found[1 - _MOST_REFERENCES :])


def _address_marks(headers: Headers) -> tuple[str, ...]:
    """The marks of letters in the addresses that a mail was sent to, or delivered to where To was rewritten."""
    return find_marks("\n".join(value for name in _RECIPIENTS for value in headers.all_raw(name)).lower())


def _shown(subject: str, text: str) -> str:
    return f"{subject}\n{text}"


def _content_key(message_id: str | None, headers: Headers, subject: str, digest: str) -> str:
    """The same for one mail delivered twice: what the way adds (Received, Return-Path) is no part of it."""
    told = "\x00".join((headers.raw("from"), headers.raw("date"), subject, digest))
    content = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{message_id or ''}:{content}"


def _sender_note(headers: Headers, sender: Address | None) -> tuple[str, ...]:
    if sender is not None:
        return ()
    if headers.count("from") == 0:
        return ("The mail has no From line: its sender is nobody.",)
    if headers.count("from") > 1:
        return ("The mail has several From lines: its sender is nobody.",)
    return ("The From line holds not exactly one address: the sender is nobody.",)


def _as_raw_text(mail: Mail, bounded: bytes, error: str) -> Mail:
    text = clean(decode(bounded[:LONGEST_TEXT])).strip()
    note = f"The mail could not be parsed ({error}); its raw text is shown."
    return replace(
        mail,
        text=text,
        full_text=text,
        language=language_of(text),
        content_key=f":{hashlib.sha256(mail.original).hexdigest()}",
        notes=(*mail.notes, note),
    )
