"""What the authorisation server knows of us, and what a token is asked for with."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.config.secrets import Secret

Grant = Literal["client_credentials", "refresh_token"]


class TokenError(Exception):
    """There is no access token now. `passes` tells a server that is away from a refusal, which somebody must mend."""

    def __init__(self, reason: str, *, passes: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passes = passes


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthAccount:
    """One login with an authorisation server (RFC 6749); mailboxes and [smtp] that write the same one share it."""

    user: str
    token_url: str
    device_url: str | None
    """Where a device code is asked for (RFC 8628, 3.1)."""
    authorize_url: str | None = None
    """Where a person agrees in his browser (RFC 6749, 3.1), and is then sent back with a code."""
    client_id: str
    client_secret: Secret | None
    grant: Grant
    scope: str
    refresh_token: Secret | None
    """The first one; the server may replace it, and the cache keeps what it said last."""
    state: Path

    @property
    def cache(self) -> Path:
        """The file of its tokens, of another name where another token would be asked for."""
        identity = [self.user, self.token_url, self.client_id, self.grant, self.scope]
        digest = hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16]
        return self.state / "tokens" / f"{digest}.json"
