"""Webhook bodies that are wrong in how they are written: what a parser of JSON meets before anything is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.mutate import LARGEST, mutate_body

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

#: Numbers that some readers take and others do not, as they are written.
NUMBERS: Final = (
    "1e400", "-1e400", "9" * 5_000, "1e-400", "-0", "1E+2", "NaN", "-Infinity", "0x10", "01", ".5", "1.", "9" * 30,
)  # fmt: skip
#: Strings as they are written: halves of surrogate pairs, escapes that are none, raw controls.
STRINGS: Final = (
    r'"\ud800"', r'"\udc00\ud800"', r'"\ud83d\ude00"', r'"\u0000"', r'"\x41"', r'"\u12"', '"\x00"', '"\n"', '"\\"',
    r'"\"', '"' + "\\u202e" * 3_000 + '"', '"\ufeff"', "'firing'", '"firing',
)  # fmt: skip
ENCODINGS: Final = ("utf-16", "utf-16-be", "utf-32", "gb18030", "latin-1", "utf-7", "cp500", "utf-8-sig")
DEPTHS: Final = (5, 900, 20_000, 90_000)


def mangle_body(random: Random, pool: Sequence[bytes]) -> bytes:
    """A body of the pool with other values, and in most cases written in a way that is not JSON, or barely."""
    body = mutate_body(random, pool)
    for _ in range(random.choice((0, 1, 1, 2))):
        body = random.choice(WAYS)(random, body)[:LARGEST]
    return body


def _write_value(random: Random, body: bytes) -> bytes:
    """Another value where one begins, whatever it was."""
    places = [at for at, byte in enumerate(body[:20_000]) if byte in b":,["]
    if not places:
        return body
    at = random.choice(places) + 1
    return body[:at] + random.choice((*NUMBERS, *STRINGS)).encode("utf-8", "surrogatepass") + b"," + body[at:]


def _replace_value(random: Random, body: bytes) -> bytes:
    """One string or number for another, the punctuation kept: it stays JSON where the new value is."""
    place = random.choice((b'"firing"', b'"resolved"', b'"4"', b"0", b'"critical"', b'"DiskFull"', b"[]", b"{}"))
    return body.replace(place, random.choice((*NUMBERS, *STRINGS)).encode("utf-8", "surrogatepass"), 1)


def _repeat_key(random: Random, body: bytes) -> bytes:
    """A key a second time in the same object, before or after the first."""
    key = random.choice(("alerts", "status", "labels", "fingerprint", "startsAt", "version", "groupKey"))
    value = random.choice(('"resolved"', "[]", "{}", "null", "7", '"firing"'))
    pair = f'"{key}": {value}'.encode()
    at = body.find(f'"{key}"'.encode())
    return body if at < 0 else body[:at] + pair + b", " + body[at:]


def _nest_deeply(random: Random, body: bytes) -> bytes:
    """Lists or objects in each other, around all of it, in place of the labels, or beside them."""
    depth = random.choice(DEPTHS)
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}")))
    inner = opening * depth + b"1" + closing * depth
    return random.choice((
        opening * depth + body + closing * depth,
        body.replace(b'"labels": {', b'"labels": {"deep": ' + inner + b", ", 1),
        body.replace(b'"alerts": [', b'"alerts": [' + inner + b", ", 1),
        body.replace(b'"annotations": {', b'"annotations": ' + inner + b', "x": {', 1),
        inner,
    ))  # fmt: skip


def _write_otherwise(random: Random, body: bytes) -> bytes:
    """The same characters in another encoding than UTF-8."""
    return body.decode("utf-8", "replace").encode(random.choice(ENCODINGS), "replace")


def _leave_out(random: Random, body: bytes) -> bytes:
    """Without one of its parts, or with one of them twice as a list, or with nothing else."""
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(data, dict) or not data:
        return body
    key = random.choice(list(data))
    match random.randrange(3):
        case 0:
            data.pop(key)
        case 1:
            data[key] = [data[key]] * 2
        case _:
            data = {key: data[key]}
    return json.dumps(data).encode()


def _add_beside(random: Random, body: bytes) -> bytes:
    """Something before or after the one value that there should be."""
    beside = random.choice(
        (b"{}", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b" " * 5_000, b"//", b")]}',\n", b"null", b",")
    )
    return random.choice((beside + body, body + beside, b"[" + body + b"]", beside))


WAYS: Final[tuple[Callable[[Random, bytes], bytes], ...]] = (
    _write_value, _replace_value, _replace_value, _repeat_key, _nest_deeply, _write_otherwise, _leave_out, _add_beside,
)  # fmt: skip
