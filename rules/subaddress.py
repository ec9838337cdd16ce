"""Addresses with a detail behind a plus sign: `support+detail@example.org` is delivered as `support@` (RFC 5233)."""

from __future__ import annotations

from typing import Final

#: Characters before the at sign; servers may refuse longer ones (RFC 5321, 4.5.3.1.1).
LONGEST_LOCAL_PART: Final = 64


def with_detail(address: str, detail: str) -> str | None:
    """The address with a detail, or None where it would be longer than every server takes."""
    local, _, domain = address.rpartition("@")
    whole = f"{local}+{detail}"
    return f"{whole}@{domain}" if len(whole) <= LONGEST_LOCAL_PART else None


def without_detail(address: str) -> str:
    """The address to which it is delivered."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
