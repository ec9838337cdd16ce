"""Subjects of mails: the prefixes that clients put before them."""

from __future__ import annotations

import re

# One prefix: a word of the known clients, an optional counter, and a half- or full-width colon.
_PREFIX = re.compile(
    r"\s*(?:re|aw|sv|antw|ref|rif|fwd?|wg|tr|vs|vb|i|rv|enc|回复|回覆|答复|答覆|回信|转发|轉發|轉寄|转寄)"
    r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|（\d{1,3}）)?\s{0,3}[:：]",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|转发|轉發|轉寄|转寄)\s{0,3}[:：]", re.IGNORECASE)
# Our number, with the level behind it in letters to staff.
_TAG = re.compile(r"\[[A-Za-z]{0,8}\d[\d-]{2,20}\](?: P\d(?= ))?")
_SPACE = re.compile(r"\s+")


def bare_subject(subject: str) -> str:
    """Take the reply and forward prefixes and our number tags with their level off a subject, in any mixture."""
    while match := _PREFIX.match(subject):
        subject = subject[match.end() :]
    return _SPACE.sub(" ", _TAG.sub("", subject)).strip()


def is_forward(subject: str) -> bool:
    """Tell whether the outermost prefix says that the mail was forwarded."""
    return _FORWARD.match(subject) is not None
