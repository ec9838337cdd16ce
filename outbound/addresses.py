"""Which addresses may stand in an SMTP command and in a header of ours."""

from __future__ import annotations

import re

# The dot-atom of RFC 5321, 4.1.2, with the UTF-8 of RFC 6531 in the local part. Quoted local parts and address
# literals are legal and not taken: no person writes from one, and quoting is where injections hide.
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u00A1-\u200A\u2030-\u205E\u2070-\uD7FF\uF900-\uFFEF\U00010000-\U0010FFFF]"
_LOCAL = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def why_unusable(address: str) -> str | None:
    """Say why nothing can be sent to or from this addr-spec; None where it is fit for use.

    Lengths as in RFC 5321, 4.5.3.1: 64 octets before the `@`, 254 in all. The domain is ASCII, an A-label where needed.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        return "the address has no @"
    if not _LOCAL.fullmatch(local) or len(local.encode()) > 64:
        return "the part before the @ is not a plain name"
    if not _DOMAIN.fullmatch(domain):
        return "the domain is not a host name"
    if len(address.encode()) > 254:
        return "the address is longer than 254 octets"
    return None
