"""The address that a command begins with, such as `Bob Brown <bob@corp.example>`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: An addr-spec as organisations give them, without quoted local parts (RFC 5322, section 3.4.1), in angle brackets or
#: not, with a display name before it or not; its length is bounded as in RFC 5321, section 4.5.3.1.
_ATEXT: Final = r"A-Za-z0-9!#$%&'*+/=?^_{|}~.-"
_ADDRESS: Final = re.compile(
    rf"(?P<name>[^<>@\n,;:：]{{0,80}})<?(?P<address>(?<![{_ATEXT}])[{_ATEXT}]{{1,64}}@(?P<domain>[A-Za-z0-9.-]{{1,255}}))"
    r"(?:>|(?=[\s,;:，；：。]|$))"
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """Somebody's address in small letters, the name that stood before it, and the words behind."""

    address: str
    name: str
    rest: str


def take_address(text: str) -> Addressed | None:
    """Take one address off the beginning of a text, or None where none stands there."""
    found = _ADDRESS.match(text)
    if found is None or not _is_domain(found["domain"]):
        return None
    rest = text[found.end() :].lstrip(" ,;:，；：。\n")
    return Addressed(found["address"].lower(), found["name"].strip(' "'), rest)


def _is_domain(domain: str) -> bool:
    return all(label and len(label) <= 63 and label.strip("-") == label for label in domain.split("."))
