"""Delivery reports: RFC 3464, and what mail systems send instead of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.addresses import addr_spec
from ingest.body import children, leaf_bytes
from ingest.bounce_phrases import MACHINES, PASSING, RETURNED, SUBJECTS, TROUBLES
from ingest.charsets import decode
from ingest.headers import Headers, message_ids, parameters
from rules.report import Address, Bounce

if TYPE_CHECKING:
    from email.message import Message

#: So much of a report is searched; what was returned with it comes last and may be large.
_SEARCHED = 128 * 1024

_MACHINES = re.compile(rf"(?:{'|'.join(MACHINES)})@", re.IGNORECASE)
_SUBJECT = re.compile("|".join(SUBJECTS), re.IGNORECASE)
_TROUBLE = re.compile("|".join(TROUBLES), re.IGNORECASE)
_PASSING = re.compile("|".join(PASSING), re.IGNORECASE)
_RETURNED_MAIL = re.compile(rf"^(?:{'|'.join(RETURNED)})", re.IGNORECASE | re.MULTILINE)
_FIELD = re.compile(
    r"^[ \t>]*(final-recipient|original-recipient|x-actual-recipient|action|status)[ \t]*:[ \t]*([^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWER = re.compile(r"\s*(?:re|aw|fwd?|回复|答复|回覆|转发)\s*[:：]", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245]\.[0-9]\.[0-9]{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\w.:/-])([45][0-5][0-9])(?=[ \-:,;)>#]|$)", re.MULTILINE)
_ADDRESS = re.compile(r"<?([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})>?")
_RETURNED_ID = re.compile(rb"^[ \t>]*message-id[ \t]*:\s*(<[!-;=?-~]{1,500}>)", re.IGNORECASE | re.MULTILINE)


def delivery_report(
    message: Message, headers: Headers, sender: Address | None, subject: str, text: str
) -> tuple[Bounce | None, str]:
    """What a delivery report says, with the evidence; (None, "") for a mail that is none.

    (None, reason) is a report that nothing failed: delivered, relayed or expanded (RFC 3464 2.3.3).
    """
    evidence = _evidence(message, headers, sender, subject, text)
    if not evidence:
        return None, ""
    report = _report_text(message, text)
    fields = _fields(report)
    if fields.get("action", "") in {"delivered", "relayed", "expanded"}:
        return None, f"delivery report: {fields['action']}"
    return _bounce(headers, report, fields, _returned_id(message, headers)), evidence


def _evidence(message: Message, headers: Headers, sender: Address | None, subject: str, text: str) -> str:
    """The pattern that makes a mail a delivery report; empty for other mail, and cheap for nearly all of it."""
    if _has_status_part(message, headers):
        return "delivery status part (RFC 3464)"
    if "x-failed-recipients" in headers:
        return "header X-Failed-Recipients"
    machine = _machine(headers, sender)
    if not machine or _responds(headers, sender):
        return ""
    if _SUBJECT.search(subject) and not _person_replies(subject, machine):
        return f"{machine} and its subject"
    if (
        _TROUBLE.search(text[:_SEARCHED])
        and (_ADDRESS.search(text[:_SEARCHED]))
        and not _person_replies(subject, machine)
    ):
        return f"{machine} and its text"
    return ""


def _responds(headers: Headers, sender: Address | None) -> bool:
    """A responder (RFC 3834 5): some mail systems call their reports auto-replied too, but under their own name."""
    if headers.token("auto-submitted") != "auto-replied":
        return False
    return sender is not None and not sender.address.startswith("mailer-daemon@")


def _complains(text: str) -> bool:
    return bool(_TROUBLE.search(text) and _ADDRESS.search(text))


def _has_status_part(message: Message, headers: Headers) -> bool:
    kind, found = parameters(headers.raw("content-type"))
    if kind == "multipart/report" and found.get("report-type", "delivery-status").lower() == "delivery-status":
        return True
    if not message.is_multipart():
        return kind == "message/delivery-status"
    return any("delivery-status" in part.get_content_type() for part in children(message))


def _machine(headers: Headers, sender: Address | None) -> str:
    if "return-path" in headers and headers.raw("return-path").strip() in {"<>", ""}:
        return "null Return-Path"
    if sender is not None and _MACHINES.match(sender.address):
        return f"sender {sender.address.split('@', 1)[0]}"
    name = (sender.name if sender else headers.text("from")).lower()
    if "mail delivery" in name or "mailer-daemon" in name or "postmaster" in name or "mail administrator" in name:
        return "sender's name"
    return ""


def _person_replies(subject: str, machine: str) -> bool:
    """An answer, by whoever reads the postmaster's mail or by a responder; a daemon copies the subject as well."""
    if not _ANSWER.match(subject):
        return False
    return not machine.startswith("sender ") or machine == "sender postmaster"


def _report_text(message: Message, text: str) -> str:
    """The report's own words and its status fields, without the mail that came back."""
    pieces = [_before_returned(text)]
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        if part.is_multipart() and "delivery-status" in kind:
            pieces.extend(map(_header_lines, children(part)))
        elif kind.startswith("multipart/"):
            waiting.extend(children(part))
        elif "delivery-status" in kind:
            pieces.append(decode(leaf_bytes(part)[:_SEARCHED]))
    return "\n".join(reversed(pieces))


def _before_returned(text: str) -> str:
    text = text[:_SEARCHED]
    returned = _RETURNED_MAIL.search(text, 40)
    return text[: returned.start()] if returned else text


def _header_lines(message: Message) -> str:
    return _as_text("".join(f"{name}: {value}\n" for name, value in message.raw_items()))


def _as_text(raw: str) -> str:
    """A raw header value with its 8-bit bytes read: RFC 6533 allows UTF-8 in reports, and others write it."""
    return raw if raw.isascii() else decode(raw.encode("utf-8", "surrogateescape"))


def _fields(report: str) -> dict[str, str]:
    """The first value of each delivery status field, and the worst action and status of several recipients."""
    found: dict[str, str] = {}
    for match in _FIELD.finditer(report):
        name, value = match[1].lower(), match[2].strip()
        if name == "action":
            value = value.split()[0].lower().rstrip(";,") if value else ""
            if found.get("action") in {"delivered", "relayed", "expanded", "delayed"} and value == "failed":
                found["action"] = value
        found.setdefault(name, value)
    return found


def _bounce(headers: Headers, report: str, fields: dict[str, str], message_id: str | None) -> Bounce:
    status = _status(report, fields)
    return Bounce(
        recipient=_recipient(headers, report, fields),
        hard=_is_hard(report, fields, status),
        status=status,
        message_id=message_id,
    )


def _status(report: str, fields: dict[str, str]) -> str | None:
    declared = _STATUS.search(fields.get("status", ""))
    told = _STATUS.search(report)
    if declared and not declared[1].endswith(".0.0"):
        return declared[1]
    return told[1] if told else declared[1] if declared else None


def _is_hard(report: str, fields: dict[str, str], status: str | None) -> bool:
    if fields.get("action") == "delayed":
        return False
    if status:
        return status.startswith("5")
    if code := _REPLY_CODE.search(report):
        return code[1].startswith("5")
    return not _PASSING.search(report)


def _recipient(headers: Headers, report: str, fields: dict[str, str]) -> str | None:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = fields.get(name, "").rpartition(";")[2].strip(" <>\t\"'")
        if found := addr_spec(value):
            return found
    if found := addr_spec(_as_text(headers.raw("x-failed-recipients").split(",", 1)[0])):
        return found
    for match in _ADDRESS.finditer(report):
        found = addr_spec(match[1].strip("'"))
        if found and not _MACHINES.match(found):
            return found
    return None


def _returned_id(message: Message, headers: Headers) -> str | None:
    """The Message-ID of the mail that came back: outside the report's own header, in any part."""
    own = message_ids(headers.raw("message-id"))
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop(0)
        if part is not message and (ids := message_ids(Headers(part).raw("message-id"))) and ids != own:
            return ids[0]
        waiting.extend(children(part))
        if not part.is_multipart() and (found := _RETURNED_ID.search(leaf_bytes(part)[:_SEARCHED])):
            return found[1].decode("ascii")
    return None
