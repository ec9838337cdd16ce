"""An access token in the words of SASL: OAUTHBEARER (RFC 7628), or the older XOAUTH2, all that Microsoft takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: The standard before its forerunner.
TOKEN_MECHANISMS = ("OAUTHBEARER", "XOAUTH2")


def token_answers(user: str, token: str, mechanism: str) -> Callable[[bytes], bytes]:
    """What to answer each challenge: the token at first, and then what ends the exchange.

    A refusal comes as a challenge with a JSON text, and the server says NO only after an answer to it: one byte \\x01
    in OAUTHBEARER (RFC 7628, 3.2.3), nothing in XOAUTH2.
    """
    oauthbearer = mechanism == "OAUTHBEARER"
    name = user.replace("=", "=3D").replace(",", "=2C")
    begin = f"n,a={name},\x01" if oauthbearer else f"user={user}\x01"
    answers = iter([f"{begin}auth=Bearer {token}\x01\x01".encode()])
    return lambda _challenge: next(answers, b"\x01" if oauthbearer else b"")
