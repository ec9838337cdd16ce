from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from daemon.config.secrets import Secret
from daemon.oauth.account import OAuthAccount
from daemon.oauth.tokens import token_for_mailbox
from ingest.mailbox.error import MailboxError
from ingest.mailbox.imap import ImapConnection
from ingest.mailbox.settings import MailboxSettings
from tests.servers.authorisation import SECRET, AuthorisationServer
from tests.servers.dovecot import DovecotServer, TokenLogin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = pytest.mark.slow


@pytest.fixture
def authorisation() -> Iterator[AuthorisationServer]:
    with AuthorisationServer() as running:
        yield running


def settings_for(port: int, authorisation: AuthorisationServer, state: Path) -> MailboxSettings:
    account = OAuthAccount(
        user="user1",
        token_url=f"{authorisation.url}/token",
        device_url=None,
        client_id="desk",
        client_secret=Secret(SECRET),
        grant="client_credentials",
        scope="mail",
        refresh_token=None,
        state=state,
    )
    return MailboxSettings(
        name="support",
        host="127.0.0.1",
        port=port,
        security="plain",
        user="user1",
        password="",
        access_token=partial(token_for_mailbox, account),
        since=datetime(2026, 11, 20, tzinfo=UTC),
    )


def log_in(settings: MailboxSettings) -> None:
    connection = ImapConnection(settings)
    connection.select("INBOX")
    connection.log_out()


@pytest.mark.parametrize("mechanism", ["oauthbearer", "xoauth2"])
def test_dovecot_takes_a_token(mechanism: str, authorisation: AuthorisationServer, tmp_path: Path) -> None:
    with DovecotServer(tokens=TokenLogin(authorisation.url, mechanism)) as dovecot:
        settings = settings_for(dovecot.imap_port, authorisation, tmp_path)
        log_in(settings)
        authorisation.live.clear()  # revoked before its time: one more is asked for
        log_in(settings)
        assert len(authorisation.requests) == 2
        authorisation.user = "somebody else"
        with pytest.raises(MailboxError) as refused:
            log_in(settings)
        assert refused.value.kind == "auth"
        assert len(authorisation.requests) == 3


def test_an_authorisation_server_that_is_away_is_no_refused_login(
    authorisation: AuthorisationServer, tmp_path: Path
) -> None:
    authorisation.error = "temporarily_unavailable"
    with DovecotServer(tokens=TokenLogin(authorisation.url, "xoauth2")) as dovecot:
        with pytest.raises(MailboxError) as away:
            log_in(settings_for(dovecot.imap_port, authorisation, tmp_path))
        assert away.value.kind == "connection"


def test_a_server_without_tokens_is_told_nothing(authorisation: AuthorisationServer, tmp_path: Path) -> None:
    with DovecotServer() as dovecot:
        settings = settings_for(dovecot.imap_port, authorisation, tmp_path)
        with pytest.raises(MailboxError, match="takes no access tokens"):
            log_in(settings)
    assert not authorisation.requests
