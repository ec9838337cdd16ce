from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daemon.config.presets import PRESETS
from daemon.config.problems import ConfigError
from daemon.config.read import read_config
from tests.daemon.config.samples import changed, write_config, write_secret

if TYPE_CHECKING:
    from pathlib import Path

FIRST_START = datetime(2026, 11, 20, tzinfo=UTC)
PASSWORDS = 'password_file = "imap.password"\n'
SERVERS = (
    'host = "imap.corp.example"\nport = 993\nsecurity = "tls"\nuser = "support"\npassword_file = "imap.password"\n',
    'host = "smtp.corp.example"\nuser = "support"\npassword_file = "smtp.password"\n',
)
APPLICATION = 'tenant = "corp.example"\ngrant = "client_credentials"\nclient_id = "id"\nclient_secret_file = "app"\n'


def with_mail(mailbox: str, smtp: str) -> str:
    """The whole configuration with other tables for mail."""
    return changed((SERVERS[0], mailbox), (SERVERS[1], smtp))


def account_of(name: str, oauth2: str) -> str:
    user = f'preset = "{name}"\nuser = "support@corp.example"\n'
    login = f"[mailboxes.oauth2]\n{oauth2}" if oauth2 else PASSWORDS
    sending = f"[smtp.oauth2]\n{oauth2}" if oauth2 else PASSWORDS
    return with_mail(user + login, user + sending)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_and_an_account_are_enough(name: str, tmp_path: Path) -> None:
    write_secret(tmp_path / "app", "client secret")
    config = read_config(write_config(tmp_path, account_of(name, "" if PRESETS[name].takes_password else APPLICATION)))
    mailbox, smtp = config.mailboxes[0], config.smtp
    assert smtp is not None
    assert (mailbox.host, mailbox.port, mailbox.security) == (PRESETS[name].imap, 993, "tls")
    assert (smtp.host, smtp.port) == (PRESETS[name].smtp, 587 if name == "office365" else 465)
    assert mailbox.login_hint
    assert mailbox.settings(first_start=FIRST_START).host == mailbox.host


def test_what_is_written_goes_before_the_preset(tmp_path: Path) -> None:
    text = with_mail(f'preset = "qq"\nhost = "imap.corp.example"\nuser = "a"\n{PASSWORDS}', SERVERS[1])
    mailbox = read_config(write_config(tmp_path, text)).mailboxes[0]
    assert (mailbox.host, mailbox.security) == ("imap.corp.example", "tls")


def test_mailbox_and_mail_server_share_the_tokens_of_one_login(tmp_path: Path) -> None:
    write_secret(tmp_path / "app", "client secret")
    config = read_config(write_config(tmp_path, account_of("office365", APPLICATION)))
    login = config.mailboxes[0].oauth2
    assert login is not None
    assert config.smtp is not None
    assert config.smtp.oauth2 is not None
    assert login.cache == config.smtp.oauth2.cache
    assert login.token_url == "https://login.microsoftonline.com/corp.example/oauth2/v2.0/token"
    assert login.scope == "https://outlook.office365.com/.default"


@pytest.mark.parametrize(
    ("mailbox", "complaint"),
    [
        pytest.param(
            f'preset = "office365"\nuser = "a"\n{PASSWORDS}',
            "office365 takes no password over IMAP",
            id="a password for Microsoft 365",
        ),
        pytest.param(
            f'preset = "gmail"\nuser = "a"\n{PASSWORDS}[mailboxes.oauth2]\nclient_id = "id"\n',
            "oauth2 and a password are both given",
            id="two ways to log in",
        ),
        pytest.param(
            'host = "imap.corp.example"\nuser = "a"\n[mailboxes.oauth2]\nclient_id = "id"\n',
            "who gives the tokens is not said",
            id="no provider",
        ),
        pytest.param(
            'preset = "office365"\nuser = "a"\n[mailboxes.oauth2]\nclient_id = "id"\n',
            "needs tenant",
            id="no tenant",
        ),
        pytest.param(
            'preset = "office365"\nuser = "a"\n[mailboxes.oauth2]\ngrant = "client_credentials"\nclient_id = "id"\n',
            "client_credentials needs a secret",
            id="an application without a secret",
        ),
        pytest.param(
            'host = "imap.corp.example"\nuser = "a"\n'
            '[mailboxes.oauth2]\nclient_id = "id"\ntoken_url = "http://login.example/token"\n',
            "must begin with https://",
            id="a secret readable on the way",
        ),
        pytest.param(f'preset = "hotmail"\nuser = "a"\n{PASSWORDS}', "hotmail", id="an unknown preset"),
    ],
)
def test_a_wrong_login_is_refused_with_its_line(mailbox: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(write_config(tmp_path, with_mail(mailbox, SERVERS[1])))
    said = [str(problem) for problem in refused.value.problems]
    assert any(complaint in line and "deskd.toml:" in line for line in said), said
