"""Mailboxes out of From, To and Cc, one tolerant pass that is linear in the length of the value (RFC 5322 3.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.mail.headers import decode_words, one_line
from rules.report import Address

if TYPE_CHECKING:
    from ingest.mail.headers import Headers

_MOST_ADDRESSES = 500
_PLAIN = re.compile(r"[^\"(<,;:\\]+")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,128}|\"(?:[^\"\\\r\n]|\\.){1,126}\"")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LITERAL = re.compile(r"\[[0-9a-fA-F:.]{2,45}\]|\[ipv6:[0-9a-f:.]{2,45}\]")
_PREFIX = re.compile(r"(?:mailto|smtp):", re.IGNORECASE)


@dataclass(slots=True)
class _Mailbox:
    """One mailbox while it is read: words before the brackets, comments, and what the brackets hold."""

    phrase: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)


def addresses(values: list[str]) -> tuple[Address, ...]:
    """Every mailbox of the values that has a valid addr-spec, in order, none twice; group names are dropped.

    Of a mailbox that is only a name, an address in its comment is taken.
    """
    found: dict[str, Address] = {}
    for value in values:
        for address in _read(value, with_comments=True):
            if address is not None and len(found) < _MOST_ADDRESSES:
                found.setdefault(address.address, address)
    return tuple(found.values())


def authors(headers: Headers) -> tuple[Address, ...]:
    """Who a mail says wrote it, for people to read: the mailboxes of From, else of Sender, else of Reply-To.

    Nothing hangs on it. Who is answered, and has rights, is `only_address`.
    """
    return next((found for name in ("from", "sender", "reply-to") if (found := addresses(headers.all_raw(name)))), ())


def only_address(values: list[str]) -> Address | None:
    """The one mailbox of a From, or None where the field is repeated, or holds no or several addresses.

    A sender whom two readers could take for two people is nobody: no receipt and no rights hang on the guess.
    """
    found = _read(values[0]) if len(values) == 1 else []
    people = {address.address for address in found if address is not None}
    return found[0] if len(people) == 1 and None not in found else None


def addr_spec(text: str) -> str | None:
    """The addr-spec in lower case with its domain as an A-label, or None where the text is not exactly one."""
    text = _PREFIX.sub("", text.strip(" \t'\u200b"), count=1)
    if text.startswith("@") and ":" in text:
        text = text.split(":", 1)[1]
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        return None
    host = _a_label(domain)
    return f"{local.lower()}@{host}" if host else None


def _a_label(domain: str) -> str | None:
    domain = domain.strip().rstrip(".").lower()
    if _LITERAL.fullmatch(domain):
        return domain
    if len(domain) > 253:
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return domain if domain and all(map(_LABEL.fullmatch, domain.split("."))) else None


def _read(value: str, *, with_comments: bool = False) -> list[Address | None]:
    """Each mailbox of a value; None stands for one that holds an at sign and is no address."""
    found: list[Address | None] = []
    before = ""
    for mailbox in _split(value):
        words = _join_words(mailbox.phrase)
        if not mailbox.angles and "@" not in words:
            if with_comments and (told := _told_in_comment(mailbox, words)):
                found.append(told)
                continue
            before = f"{before}, {words}" if before and words else before or words
            continue
        found.append(_mailbox(mailbox, words, before))
        before = ""
    return found


def _mailbox(mailbox: _Mailbox, words: str, before: str) -> Address | None:
    """A mailbox; `before` is a piece of its name that an unquoted comma cut off."""
    specs = {spec for text in mailbox.angles if (spec := addr_spec(_shown(text)))}
    if len(specs) > 1:
        return None
    if specs:
        name = f"{before}, {words}" if before else words
        return Address(specs.pop(), _name(name) or _name(" ".join(mailbox.comments)))
    spec = addr_spec(_shown(words))
    return Address(spec, _name(" ".join(mailbox.comments))) if spec else None


def _told_in_comment(mailbox: _Mailbox, words: str) -> Address | None:
    spec = next((spec for text in mailbox.comments if (spec := addr_spec(_shown(text)))), None)
    return Address(spec, _name(words)) if spec else None


def _shown(text: str) -> str:
    return one_line(decode_words(text)) if "=?" in text or not text.isascii() else text.strip()


def _name(text: str) -> str:
    name = one_line(decode_words(text)).strip("\"' ")
    return name[:200]


def _join_words(phrase: list[str]) -> str:
    return "".join(phrase).strip()


def _split(value: str) -> list[_Mailbox]:
    """Cut a value at the commas that stand outside quotes, comments and brackets."""
    found = [_Mailbox()]
    position, length = 0, len(value)
    while position < length:
        sign = value[position]
        current = found[-1]
        if sign == '"':
            position = _take_quoted(value, position, current)
        elif sign == "(":
            position = _take_comment(value, position, current)
        elif sign == "<":
            position = _take_angle(value, position, current)
        elif sign in ",;":
            found.append(_Mailbox())
            position += 1
        elif sign == ":":
            current.phrase.clear()
            position += 1
        else:
            run = _PLAIN.match(value, position)
            text = run[0] if run else sign
            current.phrase.append(text)
            position += len(text)
    return found[: _MOST_ADDRESSES * 2]


def _take_quoted(value: str, position: int, mailbox: _Mailbox) -> int:
    """The words of a quoted string; without a closing quote the rest of the value, as nothing else can be told."""
    taken: list[str] = []
    at = position + 1
    while at < len(value) and value[at] != '"':
        at += value[at] == "\\"
        taken.append(value[at : at + 1])
        at += 1
    text = "".join(taken)
    if at >= len(value) and "<" in text:  # unclosed: the quote was a stray sign before a name
        mailbox.phrase.append(" ")
        return position + 1 if value.find('"', position + 1) < 0 else len(value)
    mailbox.phrase.append(f'"{text}"' if value[at + 1 : at + 2] == "@" else text)
    return at + 1


def _take_comment(value: str, position: int, mailbox: _Mailbox) -> int:
    depth, at, start = 0, position, position + 1
    while at < len(value):
        sign = value[at]
        depth += (sign == "(") - (sign == ")")
        at += 1 + (sign == "\\")
        if depth == 0:
            mailbox.comments.append(value[start : at - 1])
            return at
    mailbox.phrase.append(" ")
    return position + 1 if "(" not in value[position + 1 :] else len(value)


def _take_angle(value: str, position: int, mailbox: _Mailbox) -> int:
    end = value.find(">", position)
    if end < 0:
        mailbox.angles.append(value[position + 1 :])
        return len(value)
    mailbox.angles.append(value[position + 1 : end].rpartition("<")[2])
    return end + 1
