"""Mangle mails and JSON: the same randomness gives the same bytes."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

LARGEST: Final = 400_000
"""Bytes; what would grow beyond is cut off."""

#: Pieces that readers of mail have stumbled over.
PIECES: Final = (
    b"\x00", b"\r", b"\n", b"\r\n\r\n", b"\r\n ", b"\x0b\x0c\x1c\x85", b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80",
    b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"=?utf-8?B?//8=?=", b"=?gb18030?Q?=81=30?=",
    b"=?x?b?",
    b"=?utf-8?Q?=ED=A0=80=00?=", b"=?utf-7?Q?+2AA-?=", b"=?utf-16?B?2AA=?=", b"=00", b"=\r\n", b"<", b">", b"<<>>",
    b"\"", b"\\", b"(((((", b";", b"; charset=utf-16", b"; charset*0*=utf-8''%ED%A0%80", b"; name*=x'y'%00%FF",
    b"; boundary=\"\"", b"--b", b"--b--", b"--", b"\r\n> ", b"\r\nOn x wrote:\r\n", b"@", b"@[::1]", b"&#xD800;&#0;",
    b"<a href='javascript:x'>", b"<table><tr><td>", b"<!--", b"<style>", b"{{ 7*7 }}", b"{% for %}", b"%s%n",
    b"\xb2\xbb", b"+2AA-", b"\x1b$B\x1b(B", b"9" * 400, b"[HD-202611-0001]", b"!resolve ", b"!assign @", b"../../x",
    b"\xf0\x9f\x98",
)  # fmt: skip

#: One value for another: a part is then read as what it is not.
SWAPS: Final = (
    (
        b"utf-8", b"gb18030", b"gb2312", b"big5", b"us-ascii", b"utf-16", b"utf-32", b"utf-7", b"iso-2022-jp", b"hz",
        b"idna", b"punycode", b"rot13", b"unicode_escape", b"zlib", b"x-unknown", b"undefined", b"",
    ),
    (b"base64", b"quoted-printable", b"8bit", b"7bit", b"binary", b"x-uuencode", b"uu", b""),
    (
        b"text/plain", b"text/html", b"multipart/mixed", b"multipart/alternative", b"multipart/report",
        b"message/rfc822", b"message/partial", b"message/delivery-status", b"message/external-body", b"text/calendar",
        b"text", b"/",
    ),
    (
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"References", b"Content-Type", b"Content-Disposition",
        b"Content-Transfer-Encoding", b"Auto-Submitted", b"Return-Path", b"Reply-To", b"Cc", b"X-Failed-Recipients",
    ),
)  # fmt: skip

#: Values that a field of JSON is not expected to hold.
VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1e308, 10**30, "", " ", "\0", "\ud800", "x" * 20_000, "\u202ex", "磁盘\u2028",
    [], {}, [[]], {"": ""}, {"\0": "\0"}, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+14:00",
    "2026-11-23T02:00:00-25:00",
    "0000-00-00", "firing", "resolved", "critical", "{{ 7*7 }}", "\r\nBcc: x@y.example",
)  # fmt: skip


def mutate_mail(random: Random, pool: Sequence[bytes]) -> bytes:
    """A mail of the pool after one to eight mutations."""
    mail = random.choice(pool)
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        mail = random.choice(MUTATIONS)(random, mail, pool)[:LARGEST]
    return mail


def mutate_body(random: Random, pool: Sequence[bytes]) -> bytes:
    """A webhook body of the pool with other values, and now and then with other bytes."""
    body = random.choice(pool)
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    if data is not None and random.random() < 0.8:
        for _ in range(random.choice((1, 1, 2, 4))):
            _change_value(random, data)
        body = json.dumps(data).encode()
    if data is None or random.random() < 0.3:
        body = random.choice(MUTATIONS)(random, body, pool)[:LARGEST]
    return body


def _change_value(random: Random, data: Any) -> None:
    """Walk down to any depth, and there replace, remove, add or repeat."""
    node = data
    while (
        inner := [each for each in _children(node) if isinstance(each, dict | list) and each]
    ) and random.random() < 0.8:
        node = random.choice(inner)
    value = deepcopy(random.choice(VALUES))
    match node:
        case dict() if node:
            key = random.choice(list(node))
            if random.random() < 0.2:
                del node[key]
            else:
                node[random.choice((key, key, key, str(value)[:50]))] = value
        case list() if node:
            node.append(random.choice((value, deepcopy(node[0]))))
        case _:
            return


def _children(node: Any) -> list[Any]:
    match node:
        case dict():
            return list(node.values())
        case list():
            return node
        case _:
            return []


def _span(random: Random, size: int) -> tuple[int, int]:
    begin = random.randrange(size + 1)
    return begin, min(size, begin + int(random.expovariate(1 / 40)) + 1)


def _flip(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(mail)
    for _each in range(random.choice((1, 3, 20)) if changed else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _remove(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    begin, end = _span(random, len(mail))
    return mail[:begin] + mail[end:]


def _insert(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(mail) + 1)
    return mail[:at] + random.choice(PIECES) + mail[at:]


def _repeat(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    begin, end = _span(random, len(mail))
    return mail[:begin] + mail[begin:end] * random.choice((2, 2, 5, 50, 2000)) + mail[end:]


def _cut_off(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    return mail[: random.randrange(len(mail) + 1)]


def _splice(random: Random, mail: bytes, pool: Sequence[bytes]) -> bytes:
    other = random.choice(pool)
    return mail[: random.randrange(len(mail) + 1)] + other[random.randrange(len(other) + 1) :]


def _shuffle_lines(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    lines = mail.split(b"\r\n")
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\r\n".join(lines)


def _repeat_line(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    lines = mail.split(b"\r\n")
    at = random.randrange(len(lines))
    return b"\r\n".join(lines[:at] + [lines[at]] * random.choice((2, 3, 200)) + lines[at + 1 :])


def _swap_word(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    words = random.choice(SWAPS)
    present = [word for word in words if word and word in mail]
    return mail.replace(random.choice(present), random.choice(words), random.choice((1, -1))) if present else mail


def _change_line_ends(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    return mail.replace(b"\r\n", random.choice((b"\n", b"\r", b"\r\r\n")))


def _nest(random: Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    """Wrap the mail as the only part of others, as deep as no person would."""
    for depth in range(random.choice((1, 3, 30, 120))):
        boundary = b"nest%d" % depth
        mail = b"Content-Type: multipart/mixed; boundary=%b\r\n\r\n--%b\r\n%b\r\n--%b--\r\n" % (
            boundary,
            boundary,
            mail,
            boundary,
        )
    return b"From: alice@corp.example\r\nSubject: nested\r\n" + mail


MUTATIONS: Final[tuple[Callable[[Random, bytes, Sequence[bytes]], bytes], ...]] = (
    _flip, _flip, _remove, _insert, _insert, _insert, _repeat, _cut_off, _splice, _shuffle_lines, _repeat_line,
    _swap_word, _swap_word, _change_line_ends, _nest,
)  # fmt: skip
