"""The token of a letter: who shows it proves which ticket's letter was written to him.

Its forms are the Message-ID `<d1.KEY.TICKET.SERIAL.MAC@DOMAIN>` and, for mail programs that lose it, the mark
`d1-KEY-TICKET-MAC` in the text and in the address to answer to. MAC is HMAC-SHA-256 cut to 128 bits, in hexadecimal,
over the version, the key id, the ticket and the recipient's address. It counts only when the sender is that recipient,
and no other form is ever accepted. The DOMAIN tells the desks of one organisation apart, and only to people.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from immutables import Map

VERSION = "d1"
_MESSAGE_ID = re.compile(r"<d1\.([a-z0-9]{1,16})\.([0-9]{1,18})\.([0-9]{1,18})\.([0-9a-f]{32})@[^<>@\s]{1,255}>\Z")
_MARK = re.compile(r"(?<![a-z0-9-])d1-([a-z0-9]{1,16})-([0-9]{1,18})-([0-9a-f]{32})(?![0-9a-z-])")

#: So many marks of one text are looked at, the first ones: the newest letter is quoted first.
MOST_MARKS: Final = 10

_BOUNCE_VERSION = "b1"
_BOUNCE_DETAIL = re.compile(r"b1-([a-z0-9]{1,16})-([0-9]{1,18})-([0-9a-f]{20})")


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """The secrets by key id. New letters are signed with `current`; the others are still accepted."""

    current: str
    secrets: Map[str, bytes]


def sign_token(keys: TokenKeys, *, ticket: int, recipient: str, key: str | None = None) -> str:
    """Compute the MAC for a ticket and a recipient's address, 32 hexadecimal digits."""
    key = key or keys.current
    text = f"{VERSION}\n{key}\n{ticket}\n{recipient.lower()}"
    return hmac.new(keys.secrets[key], text.encode(), hashlib.sha256).hexdigest()[:32]


def make_message_id(keys: TokenKeys, *, ticket: int, serial: int, recipient: str, domain: str) -> str:
    """Build the Message-ID of a letter; `serial` is unique among all letters of the desk."""
    mac = sign_token(keys, ticket=ticket, recipient=recipient)
    return f"<{VERSION}.{keys.current}.{ticket}.{serial}.{mac}@{domain}>"


def make_mark(message_id: str) -> str | None:
    """The mark of the letter with this Message-ID, or None where that is none of ours."""
    match = _MESSAGE_ID.match(message_id)
    return f"{VERSION}-{match[1]}-{match[2]}-{match[4]}" if match else None


def find_marks(text: str) -> tuple[str, ...]:
    """What has the form of a mark in a text, in order, none twice; takes time linear in its length."""
    if f"{VERSION}-" not in text:
        return ()
    found: dict[str, None] = {}
    for match in _MARK.finditer(text):
        found[match[0]] = None
        if len(found) == MOST_MARKS:
            break
    return tuple(found)


def is_token(message_id: str) -> bool:
    """Tell whether a Message-ID has the form of our letters'; that proves nothing."""
    return _MESSAGE_ID.match(message_id) is not None


def read_token(keys: TokenKeys, token: str, *, sender: str) -> int | None:
    """Return the ticket that a Message-ID or a mark proves for this sender, or None.

    Compared in constant time (`hmac.compare_digest`), so that guessing learns nothing from the clock.
    """
    match = _MESSAGE_ID.match(token) or _MARK.fullmatch(token)
    if not match or match[1] not in keys.secrets:
        return None
    ticket, mac = int(match[2]), match[match.lastindex or 0]
    expected = sign_token(keys, ticket=ticket, recipient=sender, key=match[1])
    return ticket if hmac.compare_digest(expected, mac) else None


def make_bounce_token(keys: TokenKeys, letter: int) -> str:
    """Sign the number of a letter for the address that it is sent from; small letters, digits and `-`.

    80 bits of MAC: a local part has no more than 64 characters (RFC 5321, 4.5.3.1.1), and what it guards is that
    nobody calls a letter bounced that has arrived.
    """
    return f"{_BOUNCE_VERSION}-{keys.current}-{letter}-{_sign_bounce(keys, keys.current, letter)}"


def read_bounce_token(keys: TokenKeys, address: str) -> int | None:
    """Return the number of the letter that was sent from this address, or None where it is not signed by us."""
    match = _BOUNCE_DETAIL.search(address.partition("@")[0].lower())
    if not match or match[1] not in keys.secrets:
        return None
    letter = int(match[2])
    return letter if hmac.compare_digest(_sign_bounce(keys, match[1], letter), match[3]) else None


def _sign_bounce(keys: TokenKeys, key: str, letter: int) -> str:
    text = f"{_BOUNCE_VERSION}\n{key}\n{letter}"
    return hmac.new(keys.secrets[key], text.encode(), hashlib.sha256).hexdigest()[:20]
