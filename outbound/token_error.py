"""What keeps a login with an access token from being tried."""

from __future__ import annotations


class LoginTokenError(Exception):
    """There is no access token now; the text says why, on one line.

    `passes` tells an authorisation server that is away from one that refuses, which must not be asked again and again.
    """

    def __init__(self, reason: str, *, passes: bool = False) -> None:
        super().__init__(reason)
        self.passes = passes
