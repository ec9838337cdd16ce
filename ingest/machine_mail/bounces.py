"""Delivery reports: RFC 3464, and what mail systems send instead of it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.machine_mail.bounce_phrases import (
    MACHINES,
    PASSING,
    PERHAPS_MACHINES,
    PERHAPS_NAMED,
    REFUSED_BY_LISTS,
    RETURNED,
    SUBJECTS,
    TROUBLES,
)
from ingest.machine_mail.returned_mail import returned_mail
from ingest.machine_mail.second_opinion import second_opinion
from ingest.mail.addresses import addr_spec
from ingest.mail.headers import Headers, parameters
from ingest.mail.parts import children, leaf_bytes
from ingest.text.charsets import decode
from rules.report import Address, Bounce

if TYPE_CHECKING:
    from email.message import Message

#: So much of a report is searched; what was returned with it comes last and may be large.
_SEARCHED = 128 * 1024

_MACHINES = re.compile(rf"(?:{'|'.join(MACHINES)})@", re.IGNORECASE)
_PERHAPS = re.compile(rf"(?:{'|'.join(PERHAPS_MACHINES)})@", re.IGNORECASE)
_PERHAPS_NAMED = re.compile("|".join(PERHAPS_NAMED), re.IGNORECASE)
_SUBJECT = re.compile("|".join(SUBJECTS), re.IGNORECASE)
_TROUBLE = re.compile("|".join(TROUBLES), re.IGNORECASE)
_PASSING = re.compile("|".join(PASSING), re.IGNORECASE)
_RETURNED_MAIL = re.compile(rf"^(?:{'|'.join(RETURNED)})", re.IGNORECASE | re.MULTILINE)
_FIELD = re.compile(
    r"^[ \t>]*(final-recipient|original-recipient|x-actual-recipient|action|status)[ \t]*:[ \t]*([^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_LIST_MANAGERS = re.compile(r"[\w.+-]{1,64}[-.](?:admin|owner|request|bounces)@", re.IGNORECASE)
_REFUSED = re.compile("|".join(REFUSED_BY_LISTS), re.IGNORECASE)
#: Before an address that is there to ask for help.
_ASK = re.compile(
    r"\b(?:contact|assistance|support|e-?mail to|mail to|write to|questions?)\b|联系|聯絡|咨询", re.IGNORECASE
)
_ASKED_WITHIN = 60
_MOST_ADDRESSES = 50
_ANSWER = re.compile(r"\s*(?:re|aw|fwd?|回复|答复|回覆|转发)\s*[:：]", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245]\.[0-9]\.[0-9]{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\w.:/-])([45][0-5][0-9])(?=[ \-:,;)>#]|$)", re.MULTILINE)
_ADDRESS = re.compile(r"<?([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})>?")


def delivery_report(
    message: Message, headers: Headers, sender: Address | None, subject: str, text: str
) -> tuple[Bounce | None, str]:
    """What a delivery report says, with the evidence; (None, "") for a mail that is none.

    (None, reason) is a report that nothing failed: delivered, relayed or expanded (RFC 3464 2.3.3).
    """
    evidence = _evidence(message, headers, sender, subject, text)
    if not evidence:
        return _by_second_opinion(message, headers, sender, subject, text)
    report = _report_text(message, text)
    fields = _fields(report)
    if fields.get("action", "") in {"delivered", "relayed", "expanded"}:
        return None, f"delivery report: {fields['action']}"
    returned = returned_mail(message, headers, text)
    status = _status(report, fields)
    bounce = Bounce(
        recipient=_recipient(headers, report, fields, returned.to),
        hard=_is_hard(report, fields, status),
        status=status,
        message_id=returned.message_id,
    )
    return bounce, evidence


def _by_second_opinion(
    message: Message, headers: Headers, sender: Address | None, subject: str, text: str
) -> tuple[Bounce | None, str]:
    machine = _machine(headers, sender)
    if not machine or _responds(headers, sender) or _person_replies(subject, machine):
        return None, ""
    failure = second_opinion(message)
    if failure is None:
        return None, ""
    letter = returned_mail(message, headers, text).message_id
    status = _status(text[:_SEARCHED], {})
    return Bounce(failure.recipient, failure.hard, status, letter), f"{machine} and what flufl.bounce knows"


def _evidence(message: Message, headers: Headers, sender: Address | None, subject: str, text: str) -> str:
    """The pattern that makes a mail a delivery report; empty for other mail, and cheap for nearly all of it."""
    if _has_status_part(message, headers):
        return "delivery status part (RFC 3464)"
    if "x-failed-recipients" in headers:
        return "header X-Failed-Recipients"
    if sender is not None and _LIST_MANAGERS.match(sender.address) and _REFUSED.search(subject):
        return "a list manager and its subject"
    machine = _machine(headers, sender)
    if _responds(headers, sender) or _person_replies(subject, machine):
        return ""
    if (sign := machine or _may_be_machine(headers, sender)) and _SUBJECT.search(subject):
        return f"{sign} and its subject"
    if not machine:
        return ""
    searched = text[:_SEARCHED]
    if _TROUBLE.search(searched) and _ADDRESS.search(searched):
        return f"{machine} and its text"
    return ""


def _responds(headers: Headers, sender: Address | None) -> bool:
    """A responder (RFC 3834 5): some mail systems call their reports auto-replied too, but under their own name."""
    if headers.token("auto-submitted") != "auto-replied":
        return False
    return sender is not None and not sender.address.startswith("mailer-daemon@")


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


def _may_be_machine(headers: Headers, sender: Address | None) -> str:
    """What is a mail system's if the subject says so too: an administrator may be a person."""
    if headers.raw("from").strip() == "<>":
        return "empty sender"
    if sender is not None and (_PERHAPS.match(sender.address) or _PERHAPS_NAMED.search(sender.name)):
        return f"sender {str(sender)[:60]}"
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


def _recipient(headers: Headers, report: str, fields: dict[str, str], returned_to: str | None) -> str | None:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = fields.get(name, "").rpartition(";")[2].strip(" <>\t\"'")
        if found := addr_spec(value):
            return found
    if found := addr_spec(_as_text(headers.raw("x-failed-recipients").split(",", 1)[0])):
        return found
    named = _addresses(report)
    return returned_to if returned_to in named else next(iter(named), None)


def _addresses(report: str) -> list[str]:
    """The addresses that a report names, but those of mail systems, and last those where it says whom to ask."""
    failed: list[str] = []
    helpers: list[str] = []
    for match in islice(_ADDRESS.finditer(report), _MOST_ADDRESSES):
        found = addr_spec(match[1].strip("'"))
        if found and not _MACHINES.match(found):
            before = report[max(0, match.start() - _ASKED_WITHIN) : match.start()].rpartition("\n")[2]
            (helpers if _ASK.search(before) else failed).append(found)
    return failed + helpers
