from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.__main__ import main
from daemon.config.read import read_config
from daemon.oauth.tokens import access_token
from tests.daemon.config.samples import changed, write_config
from tests.servers.authorisation import AuthorisationServer

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def with_login(server: AuthorisationServer) -> str:
    login = f'[mailboxes.oauth2]\nclient_id = "desk"\ntoken_url = "{server.url}/token"\n'
    device = f'device_url = "{server.url}/device"\n'
    return changed(('password_file = "imap.password"\n', login + device))


def test_a_person_logs_in_once_with_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with AuthorisationServer() as server:
        server.waits = 1
        path = write_config(tmp_path, with_login(server))
        assert main(["oauth", "login", "support", "-c", str(path)]) == 0
        assert "WDJB-MJHT" in capsys.readouterr().out
        account = read_config(path).mailboxes[0].oauth2
        assert account is not None
        assert access_token(account) == "access-1"


def test_a_mailbox_with_a_password_needs_no_login(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oauth", "login", "support", "-c", str(write_config(tmp_path))]) == 1
    assert "no mailbox with an oauth2 table" in capsys.readouterr().err
