from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from daemon.config.secrets import Secret
from daemon.oauth.account import OAuthAccount, TokenError
from daemon.oauth.cache import read_kept, renewing
from daemon.oauth.tokens import MARGIN, access_token, keep_answer
from tests.servers.authorisation import SECRET, AuthorisationServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = 1_800_000_000.0


@pytest.fixture
def server() -> Iterator[AuthorisationServer]:
    with AuthorisationServer() as running:
        yield running


@pytest.fixture
def account(server: AuthorisationServer, tmp_path: Path) -> OAuthAccount:
    return OAuthAccount(
        user="user1",
        token_url=f"{server.url}/token",
        device_url=f"{server.url}/device",
        client_id="desk",
        client_secret=Secret(SECRET),
        grant="refresh_token",
        scope="mail",
        refresh_token=Secret("refresh-1"),
        state=tmp_path,
    )


def token_at(account: OAuthAccount, now: float, rejected: str = "") -> str:
    return access_token(account, rejected, lambda: now)


def test_an_application_logs_in_for_itself(server: AuthorisationServer, account: OAuthAccount) -> None:
    itself = replace(account, grant="client_credentials", refresh_token=None)
    assert token_at(itself, NOW) == "access-1"
    form = server.requests[0]
    assert (form["grant_type"], form["scope"], form["client_id"]) == ("client_credentials", "mail", "desk")


def test_a_token_is_used_until_shortly_before_its_end(server: AuthorisationServer, account: OAuthAccount) -> None:
    end = NOW + server.expires_in
    moments = (NOW, end - MARGIN - 1, end - MARGIN + 1)
    assert [token_at(account, now) for now in moments] == ["access-1", "access-1", "access-2"]


def test_a_rotated_refresh_token_is_kept(server: AuthorisationServer, account: OAuthAccount) -> None:
    token_at(account, NOW)
    token_at(account, NOW + server.expires_in)
    assert [form["refresh_token"] for form in server.requests] == ["refresh-1", "refresh-2"]


def test_a_new_refresh_token_file_begins_anew(server: AuthorisationServer, account: OAuthAccount) -> None:
    token_at(account, NOW)
    server.refresh_token = "of another login"
    assert token_at(replace(account, refresh_token=Secret("of another login")), NOW) == "access-2"


def test_a_rejected_token_is_replaced_once_for_all_who_hold_it(
    server: AuthorisationServer, account: OAuthAccount
) -> None:
    token_at(account, NOW)
    assert [token_at(account, NOW, "access-1") for _ in range(2)] == ["access-2", "access-2"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("error", "words", "passes"),
    [
        pytest.param("invalid_grant", "log in again with deskd oauth login", False, id="the login has expired"),
        pytest.param("invalid_client", "the client secret is wrong or has expired", False, id="the secret is wrong"),
        pytest.param("temporarily_unavailable", "described", True, id="the server is busy"),
    ],
)
def test_a_refusal_says_what_to_do(
    error: str, words: str, passes: bool, server: AuthorisationServer, account: OAuthAccount
) -> None:
    server.error = error
    with pytest.raises(TokenError, match=words) as refused:
        token_at(account, NOW)
    assert refused.value.passes is passes


def test_a_server_that_is_down_is_trouble_that_passes(account: OAuthAccount) -> None:
    with pytest.raises(TokenError) as refused:
        token_at(replace(account, token_url="http://127.0.0.1:1/token"), NOW)
    assert refused.value.passes


def test_nobody_has_logged_in_yet(account: OAuthAccount) -> None:
    with pytest.raises(TokenError, match="nobody has logged in yet"):
        token_at(replace(account, refresh_token=None), NOW)


def test_the_cache_is_for_the_daemon_alone(account: OAuthAccount) -> None:
    token_at(account, NOW)
    assert account.cache.stat().st_mode & 0o777 == 0o600
    assert account.cache.parent.stat().st_mode & 0o777 == 0o700


def test_a_cache_that_others_may_read_is_closed_to_them(account: OAuthAccount) -> None:
    token_at(account, NOW)
    account.cache.chmod(0o644)
    assert token_at(account, NOW) == "access-1"
    assert account.cache.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="an empty file"),
        pytest.param("[1]", id="no object"),
        pytest.param(json.dumps({"access_token": 7}), id="a number for a token"),
        pytest.param(json.dumps({"unknown": ""}), id="a key of another version"),
    ],
)
def test_a_damaged_cache_is_no_cache(content: str, account: OAuthAccount) -> None:
    token_at(account, NOW)
    account.cache.write_text(content)
    with pytest.raises(TokenError, match="invalid_grant"):
        token_at(account, NOW)  # the first refresh token has been replaced by then


def test_a_link_is_not_followed(account: OAuthAccount, tmp_path: Path) -> None:
    account.cache.parent.mkdir()
    account.cache.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").write_text("{}")
    with pytest.raises(TokenError, match="cannot read"):
        token_at(account, NOW)


RENEWER = """
import sys
from pathlib import Path
from daemon.oauth.account import OAuthAccount
from daemon.oauth.tokens import access_token
account = OAuthAccount(
    user="user1", token_url=sys.argv[1] + "/token", device_url=None, client_id="desk", client_secret=None,
    grant="refresh_token", scope="mail", refresh_token=None, state=Path(sys.argv[2]),
)
token = ""
for _ in range(20):
    token = access_token(account, rejected=token)
"""


@pytest.mark.slow
def test_processes_that_renew_at_once_keep_the_refresh_token(
    server: AuthorisationServer, account: OAuthAccount, tmp_path: Path
) -> None:
    alone = replace(account, client_secret=None, refresh_token=None)
    with renewing(alone.cache):
        keep_answer(alone, {"access_token": "access-0"}, "refresh-1", time.time())
    command = [sys.executable, "-c", RENEWER, server.url, str(tmp_path)]
    renewers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    complaints = [renewer.communicate(timeout=60)[1] for renewer in renewers]
    assert complaints == [""] * 3
    assert read_kept(alone.cache).refresh_token == server.refresh_token
    assert alone.cache.stat().st_mode & 0o777 == 0o600


def test_secrets_are_not_shown(account: OAuthAccount) -> None:
    shown: Any = repr(account)
    assert SECRET not in shown
    assert "refresh-1" not in shown
