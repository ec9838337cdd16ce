"""A source of alerts as the configuration describes it: how it posts to us, and where we ask it ourselves."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from daemon.config.secrets import SecretError

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.config.secrets import Secret
    from ingest.alertmanager.api import AlertmanagerApi


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAccess:
    """Where the Alertmanagers of one cluster are asked, and how often."""

    urls: tuple[str, ...] = ()
    """In the order in which they are asked; empty where none is."""
    user: str | None = None
    secret: Secret | None = None
    """A password where there is a user, else a bearer token."""
    ca_file: Path | None = None
    receivers: frozenset[str] = frozenset()
    """The receivers that post to us; empty where it is not written."""
    every: float = 60.0
    """Seconds between two looks."""
    correct_after: timedelta = timedelta(minutes=6)

    def open(self) -> tuple[AlertmanagerApi, ...]:
        """The Alertmanagers to ask (`ingest.alertmanager.api.first_answer`)."""
        from ingest.alertmanager.api import AlertmanagerApi  # noqa: PLC0415 - brings asyncio; checking a file does not

        return tuple(
            AlertmanagerApi(url=url, authorization=self._authorization, ca_file=self.ca_file) for url in self.urls
        )

    def _authorization(self) -> str | None:
        from ingest.alertmanager.api import AlertmanagerError  # noqa: PLC0415 - as above

        if self.secret is None:
            return None
        try:
            secret = self.secret.reveal()
        except SecretError as error:
            raise AlertmanagerError(str(error), passes=True) from error
        if self.user is None:
            return f"Bearer {secret}"
        return f"Basic {base64.b64encode(f'{self.user}:{secret}'.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class AlertSource:
    """An Alertmanager that may post; two tokens are live while one replaces the other."""

    name: str
    secrets: tuple[Secret, ...]
    api: ApiAccess = field(default_factory=ApiAccess)
    mails_from: tuple[str, ...] = ()
    """The addresses that it sends mails from, beside its webhooks."""

    def tokens(self) -> tuple[str, ...]:
        """The tokens as they are now. Raises SecretError where one cannot be read."""
        return tuple(secret.reveal() for secret in self.secrets)
