"""What an SMTP reply, or the lack of one, means for the letter under way."""

from __future__ import annotations

from typing import Literal

from outbound.channel import Delivery, Refused, TryAgain, Unknown

Step = Literal["connect", "greeting", "starttls", "login", "sender", "recipient", "data", "final dot"]

#: The size announced with MAIL was too big (RFC 1870, 6.1). Other refusals there concern our own address.
_TOO_BIG = 552

LONGEST_PHRASE = 300


def phrase(code: int | None, said: str) -> str:
    """A reply on one line, fit for the log and the database: aiosmtplib leaves undecodable bytes as surrogates."""
    shown = "".join(character if character.isprintable() else " " for character in said[: 4 * LONGEST_PHRASE])
    words = " ".join(shown.split())[:LONGEST_PHRASE]
    return words if code is None else f"{code} {words}"


def judge(step: Step, code: int | None, said: str) -> Delivery:
    """What a failure at a step of the session means for the letter.

    Permanent refusals before the recipient is named speak of us, not of the letter: a wrong password or a sender
    address that is not ours is put right by an operator, and no letter shall be lost by it.
    """
    reason = f"{step}: {phrase(code, said)}"
    permanent = code is not None and 500 <= code < 600
    match step:
        case "recipient" | "data" | "final dot" if permanent:
            return Refused(reason, code)
        case "sender" if code == _TOO_BIG:
            return Refused(reason, code)
        case "final dot" if code is None or not 400 <= code < 500:
            return Unknown(reason)
        case _:
            return TryAgain(reason, code, away=step not in ("recipient", "data", "final dot"))
