"""Whether a machine wrote a mail, and what told (RFC 3834, RFC 2919, RFC 8098, RFC 5965, RFC 5546)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.machine_mail.automatic_phrases import (
    ABSENCES,
    ABSENT_TEXTS,
    ANSWER_HEADERS,
    CHALLENGE_HEADERS,
    CHALLENGES,
    MACHINE_HEADERS,
    NOBODY,
)
from ingest.mail.addresses import addresses
from ingest.mail.headers import Headers, message_ids, parameters
from ingest.mail.parts import children
from rules.subaddress import without_detail

if TYPE_CHECKING:
    from email.message import Message

    from rules.report import Address, Auto

#: The header that every mail of ours carries.
OWN_HEADER = "x-deskd-instance"

_ANSWER_PRECEDENCE = frozenset({"auto_reply", "auto-reply"})
_BULK_PRECEDENCE = frozenset({"bulk", "junk"})
_CAMPAIGN_HEADERS = ("list-unsubscribe-post", "x-campaign-id", "x-campaignid", "feedback-id")
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list")
_NOTIFICATION = frozenset({"disposition-notification", "mdn"})
_NO = frozenset({"no", "false", "0"})
#: So much of a text tells that somebody is away; such answers are short.
_SEARCHED_TEXT = 600
_MOST_PARTS = 20

_ABSENT = re.compile(rf"\W*(?:{'|'.join(ABSENCES)})", re.IGNORECASE)
_ABSENT_LABEL = re.compile(rf"\W*(?:{'|'.join(ABSENCES)})\s*(?:[:：–—-]|$)", re.IGNORECASE)
_GREETING = r"(?:hello|hi|dear|hallo|guten tag|bonjour|hola|您好|你好|尊敬的)[^\n]{0,40}\n?\s*"
_ABSENT_TEXT = re.compile(rf"\s*(?:{_GREETING})?(?:{'|'.join(ABSENT_TEXTS)})", re.IGNORECASE)
_CHALLENGE = re.compile(rf"\W*(?:{'|'.join(CHALLENGES)})", re.IGNORECASE)
_REPLY_PREFIX = re.compile(r"^\s*(?:re|aw|sv|回复|回覆|答复|答覆)\s*[:：]\s*", re.IGNORECASE)
_TICKET_NUMBER = re.compile(r"\[[A-Za-z]{0,8}\d[\d-]{2,20}\]")
_NOBODY = re.compile(rf"(?:[\w.+-]{{0,40}}[._+-])?(?:{'|'.join(NOBODY)})(?:[._+-][\w.+-]{{0,40}})?@", re.IGNORECASE)


def automatic(
    message: Message, headers: Headers, sender: Address | None, subject: str, text: str, desk: frozenset[str]
) -> tuple[Auto | None, str]:
    """Why nobody should be answered, apart from delivery reports, with the evidence; (None, "") for a person's mail.

    `desk` holds our own addresses in lower case. `reply` is an automatic answer: nothing is asked by it. `list` is what
    a machine or a list sent of its own accord: it may tell of a problem, and nobody reads an answer. The headers of
    mailing lists alone make a mail neither where it is addressed to us: people write to a desk through groups.
    X-Auto-Response-Suppress alone says nothing: Exchange sets it on mail of people.
    """
    if OWN_HEADER in headers:
        return "own", "header X-Deskd-Instance"
    if sender is not None and without_detail(sender.address) in desk:
        return "own", "the sender is an address of this desk"
    if any(address in desk for address in headers.raw("x-loop").lower().split()):
        return "own", "header X-Loop names an address of this desk"
    if reason := _answer(message, headers, subject, text):
        return "reply", reason
    if reason := _machine(headers, sender) or _list(headers, desk):
        return "list", reason
    return None, ""


def _answer(message: Message, headers: Headers, subject: str, text: str) -> str:
    submitted = headers.token("auto-submitted")
    if submitted and submitted not in {"no", "auto-generated", "auto-notified"}:
        return f"header Auto-Submitted: {submitted[:40]}"
    if submitted == "auto-generated" and (name := _answered(headers)):
        return f"header Auto-Submitted: auto-generated with {name}"
    if reason := _report(headers) or _calendar_answer(message):
        return reason
    if (precedence := headers.token("precedence")) in _ANSWER_PRECEDENCE:
        return f"header Precedence: {precedence}"
    for name in ANSWER_HEADERS:
        if name in headers and headers.token(name) not in _NO:
            return f"header {name.title()}"
    return _challenge(headers, subject) or _absence(headers, subject, text)


def _answered(headers: Headers) -> str:
    """The header that names a mail which this one answers; empty where none does."""
    return next((name.title() for name in ("in-reply-to", "references") if message_ids(headers.raw(name))), "")


def _report(headers: Headers) -> str:
    kind, found = parameters(headers.raw("content-type"))
    report = found.get("report-type", "").lower()
    if (kind == "multipart/report" and report in _NOTIFICATION) or kind == "message/disposition-notification":
        return "read receipt (RFC 8098)"
    if kind == "multipart/report" and report == "feedback-report":
        return "abuse report (RFC 5965)"
    return ""


def _calendar_answer(message: Message) -> str:
    """Somebody's calendar accepted or declined an invitation; an invitation itself is a person's mail."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        part = waiting.pop(0)
        kind, found = parameters(Headers(part).raw("content-type"))
        if kind == "text/calendar" and found.get("method", "").lower() in {"reply", "counter"}:
            return "calendar answer (RFC 5546)"
        if kind.startswith("multipart/"):
            waiting.extend(children(part))
    return ""


def _challenge(headers: Headers, subject: str) -> str:
    if name := next((name for name in CHALLENGE_HEADERS if name in headers), None):
        return f"challenge header {name.title()}"
    if _CHALLENGE.match(subject) and (name := _answered(headers)):
        return f"challenge subject with {name}"
    return ""


def _absence(headers: Headers, subject: str, text: str) -> str:
    """An out-of-office subject counts with a second sign only: people write "out of office printer broken" too.

    They also answer letters of that subject, and report what broke while they travel: behind a prefix, and beside a
    sign in the words alone, the phrase must stand by itself, at the end or before a colon.
    """
    bare = _REPLY_PREFIX.sub("", subject)
    is_label = bool(_ABSENT_LABEL.match(bare))
    if not is_label and (bare != subject or not _ABSENT.match(subject)):
        return ""
    if name := _answered(headers):
        return f"out-of-office subject with {name}"
    for name in ("x-auto-response-suppress", "x-ms-exchange-inbox-rules-loop"):
        if name in headers:
            return f"out-of-office subject with {name.title()}"
    if _has_null_sender(headers):
        return "out-of-office subject with a null Return-Path"
    if headers.token("precedence") in _BULK_PRECEDENCE or headers.token("auto-submitted") == "auto-generated":
        return "out-of-office subject of a machine"
    if is_label and _TICKET_NUMBER.search(subject):
        return "out-of-office subject with the number of a ticket"
    if is_label and _ABSENT_TEXT.match(text[:_SEARCHED_TEXT]):
        return "out-of-office subject and text"
    return ""


def _machine(headers: Headers, sender: Address | None) -> str:
    """A machine that wrote of its own accord: it may tell of a problem, and must not be answered (RFC 3834 2)."""
    if (submitted := headers.token("auto-submitted")) and submitted != "no":
        return f"header Auto-Submitted: {submitted[:40]}"
    if name := next((name for name in (*MACHINE_HEADERS, *_CAMPAIGN_HEADERS) if name in headers), None):
        return f"header {name.title()}"
    if (precedence := headers.token("precedence")) in _BULK_PRECEDENCE:
        return f"header Precedence: {precedence}"
    if _has_null_sender(headers):
        return "null Return-Path"
    if sender is not None and _NOBODY.match(sender.address):
        return f"sender {sender.address.split('@', 1)[0]}"
    return ""


def _has_null_sender(headers: Headers) -> bool:
    return "return-path" in headers and headers.raw("return-path").strip() == "<>"


def _list(headers: Headers, desk: frozenset[str]) -> str:
    """The sign of a mailing list, where the mail is not addressed to us (RFC 5230 4.5): through a group it may be."""
    name = next((name for name in _LIST_HEADERS if name in headers), None)
    sign = f"header {name.title()}" if name else ""
    if not sign and headers.token("precedence") == "list":
        sign = "header Precedence: list"
    return "" if sign and _is_addressed(headers, desk) else sign


def _is_addressed(headers: Headers, desk: frozenset[str]) -> bool:
    """One of our addresses stands in To or Cc, or is the list itself."""
    named = {each.address for each in addresses([*headers.all_raw("to"), *headers.all_raw("cc")])}
    if named & desk:
        return True
    lists = f"{headers.raw('list-post')} {headers.raw('list-id')}".lower()
    return any(f"mailto:{own}>" in lists or f"<{own.replace('@', '.')}>" in lists for own in desk)
