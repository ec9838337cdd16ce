from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from daemon.__main__ import main
from daemon.config.read import read_config
from daemon.oauth.tokens import access_token
from tests.daemon.config.samples import changed, write_config
from tests.servers.authorisation import AuthorisationServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def with_login(server: AuthorisationServer, way: str = "device") -> str:
    login = f'[mailboxes.oauth2]\nclient_id = "desk"\ntoken_url = "{server.url}/token"\n'
    return changed(('password_file = "imap.password"\n', f'{login}{way}_url = "{server.url}/{way}"\n'))


@dataclass(slots=True)
class Person:
    """Agrees in his browser, and types what `typing` makes of the address that he is sent to."""

    server: AuthorisationServer
    screen: pytest.CaptureFixture[str]
    typing: Callable[[str], str]

    def readline(self) -> str:
        page = next(line for line in self.screen.readouterr().out.splitlines() if line.startswith(self.server.url))
        return self.typing(self.server.agree(page)) + "\n"


def test_a_person_logs_in_once_with_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with AuthorisationServer() as server:
        server.waits = 1
        path = write_config(tmp_path, with_login(server))
        assert main(["oauth", "login", "support", "-c", str(path)]) == 0
        assert "WDJB-MJHT" in capsys.readouterr().out
        assert token_of(path) == "access-1"


def test_a_person_logs_in_on_a_page_where_there_are_no_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with AuthorisationServer() as server:
        monkeypatch.setattr(sys, "stdin", Person(server, capsys, lambda address: f" {address} "))
        path = write_config(tmp_path, with_login(server, "authorize"))
        assert main(["oauth", "login", "support", "-c", str(path)]) == 0
        assert token_of(path) == "access-1"
        assert server.refresh_token == "refresh-2"


@pytest.mark.parametrize(
    ("typing", "complaint"),
    [
        pytest.param(lambda _: "", "no address was given", id="nothing"),
        pytest.param(lambda _: "https://mail.example/inbox", "not the address that belongs", id="any other page"),
        pytest.param(lambda _: "http://[127.0.0.1", "not the address that belongs", id="no address"),
        pytest.param(lambda address: address.replace("state=", "state=0"), "not the address", id="of another login"),
        pytest.param(lambda address: address.replace("agreed-1", "agreed-0"), "invalid_grant", id="a code that is old"),
        pytest.param(
            lambda address: address.replace("code=agreed-1", "error=access_denied"), "access_denied", id="a refusal"
        ),
    ],
)
def test_what_a_person_brings_from_elsewhere_logs_nobody_in(
    typing: Callable[[str], str],
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with AuthorisationServer() as server:
        monkeypatch.setattr(sys, "stdin", Person(server, capsys, typing))
        path = write_config(tmp_path, with_login(server, "authorize"))
        assert main(["oauth", "login", "support", "-c", str(path)]) == 1
        assert complaint in capsys.readouterr().err
        assert not list(tmp_path.glob("**/tokens/*.json"))


@pytest.mark.parametrize("way", ["device", "authorize"])
def test_a_login_that_would_end_within_the_hour_is_none(
    way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with AuthorisationServer() as server:
        server.lasting = False
        monkeypatch.setattr(sys, "stdin", Person(server, capsys, lambda address: address))
        path = write_config(tmp_path, with_login(server, way))
        assert main(["oauth", "login", "support", "-c", str(path)]) == 1
        assert "gave no refresh token" in capsys.readouterr().err
        assert not list(tmp_path.glob("**/tokens/*.json"))


def test_a_mailbox_with_a_password_needs_no_login(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oauth", "login", "support", "-c", str(write_config(tmp_path))]) == 1
    assert "no mailbox with an oauth2 table" in capsys.readouterr().err


def token_of(path: Path) -> str:
    account = read_config(path).mailboxes[0].oauth2
    assert account is not None
    return access_token(account)
