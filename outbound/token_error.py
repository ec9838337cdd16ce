"""What keeps a login with an access token from being tried."""

from __future__ import annotations


class LoginTokenError(Exception):
    """There is no access token now; the text says why, on one line."""
