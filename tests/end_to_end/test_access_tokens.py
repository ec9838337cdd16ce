"""The whole daemon logs in with access tokens: it reads, writes, renews, and goes on after a person has agreed anew."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from daemon.__main__ import main
from tests.samples import VPN_SUBJECT, VPN_TEXT
from tests.servers.authorisation import AuthorisationServer
from tests.servers.desk import DeskProcess, compose_mail
from tests.servers.dovecot import DovecotServer, ServedMailbox, TokenLogin
from tests.servers.process import free_port
from tests.servers.token_smtp import BearerHandler, ForerunnerHandler, TokenHandler, token_smtp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

#: `其他文件夹/deskd-done` in modified UTF-7 (RFC 3501, 5.1.3): where Tencent's server lets folders be made.
DONE, DONE_AS_SENT = "其他文件夹/deskd-done", "&UXZO1mWHTvZZOQ-/deskd-done"


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider of mail has: a server of tokens, one of mailboxes, and one that takes letters."""

    tokens: AuthorisationServer
    mailbox: ServedMailbox
    smtp: TokenHandler
    smtp_port: int
    security: str

    @property
    def cafile(self) -> Path:
        return self.mailbox.server.cafile

    def revoke_all(self) -> None:
        """As when the person's password is changed: no token is good any more, and every connection is cut."""
        self.tokens.live.clear()
        self.tokens.refresh_token = "of another login"
        self.mailbox.kick()

    def write(self, desk: DeskProcess) -> None:
        """Have a desk use this provider alone."""
        login = (
            f'client_id = "desk"\ntoken_url = "{self.tokens.url}/token"\ndevice_url = "{self.tokens.url}/device"\n'
            f'scope = "mail"\n'
        )
        server = f'security = "{self.security}"\nca_file = "{self.cafile}"\nuser = "{self.mailbox.user}"\n'
        if self.security == "plain":
            server = server.replace(f'ca_file = "{self.cafile}"\n', "")
        with desk.config.open("a") as file:
            file.write(
                f"""
[[mailboxes]]
name = "support"
host = "127.0.0.1"
port = {self.mailbox.server.imap_port}
poll = "1s"
done_folder = "{DONE}"
{server}
[mailboxes.oauth2]
{login}
[smtp]
host = "127.0.0.1"
port = {self.smtp_port}
{server}
[smtp.oauth2]
{login}"""
            )


@pytest.fixture(
    params=[
        pytest.param(("plain", "oauthbearer"), id="the standard's mechanism"),
        pytest.param(("starttls", "xoauth2"), id="STARTTLS and Microsoft's mechanism"),
    ]
)
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    security, mechanism = request.param
    with AuthorisationServer() as tokens, DovecotServer(tokens=TokenLogin(tokens.url, mechanism)) as dovecot:
        smtp = (BearerHandler if mechanism == "oauthbearer" else ForerunnerHandler)(tokens.live)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(dovecot.base / "cert.pem", dovecot.base / "key.pem")
        port = free_port()
        server = token_smtp(smtp, port, context if security == "starttls" else None)
        server.start()
        yield Provider(tokens, dovecot.new_mailbox(), smtp, port, security)
        server.stop()


@pytest.fixture
def desk(provider: Provider) -> Iterator[DeskProcess]:
    """One that runs, after a person has agreed."""
    process = DeskProcess()
    provider.write(process)
    assert log_in(process) == 0
    with process:
        yield process


def log_in(desk: DeskProcess) -> int:
    return main(["oauth", "login", "support", "-c", str(desk.config)])


def check(desk: DeskProcess) -> int:
    return main(["check", "-c", str(desk.config)])


def report(provider: Provider, number: int) -> None:
    provider.mailbox.deliver(
        compose_mail(f"person{number}@corp.example", VPN_SUBJECT, VPN_TEXT, message_id=f"<{number}@corp.example>")
    )


def recorded(desk: DeskProcess, count: int, seconds: float = 15) -> None:
    """Wait until so many reports are in the ledger."""
    desk.wait_for_rows("SELECT 1 FROM ledger", count, seconds)


def answered(desk: DeskProcess, provider: Provider, number: int, seconds: float = 15) -> None:
    """Wait until the mail server has the receipt of a person."""
    address = f"person{number}@corp.example".encode()
    desk.wait_for(lambda: any(address in letter for letter in provider.smtp.letters), seconds)


def refused_tokens(desk: DeskProcess) -> float:
    found = re.search(r'deskd_access_tokens_total{answer="refused"} (\S+)', desk.get("/metrics")[1])
    assert found
    return float(found[1])


def test_mails_are_read_and_letters_sent_and_tokens_renewed_on_the_way(provider: Provider, desk: DeskProcess) -> None:
    report(provider, 1)
    recorded(desk, 1)
    answered(desk, provider, 1)
    desk.wait_for(lambda: len(provider.mailbox.uids(DONE_AS_SENT)) == 1)
    assert DONE_AS_SENT in provider.mailbox.folders()
    asked = len(provider.tokens.requests)
    provider.tokens.expires_in = 1
    provider.tokens.live.clear()
    provider.mailbox.kick()
    report(provider, 2)
    recorded(desk, 2)
    answered(desk, provider, 2)
    # One renewal serves the mailbox and the mail server, which share the login; the life of a second is over by then.
    assert asked == 1
    assert asked < len(provider.tokens.requests) <= asked + 2
    provider.mailbox.kick()
    report(provider, 3)
    recorded(desk, 3)
    answered(desk, provider, 3)
    assert [form["grant_type"] for form in provider.tokens.requests[asked:]] == ["refresh_token"] * (
        len(provider.tokens.requests) - asked
    )
    assert len(provider.tokens.requests) > asked + 1
    assert refused_tokens(desk) == 0


def test_a_revoked_login_shows_and_loses_nothing_until_a_person_agrees_anew(
    provider: Provider, desk: DeskProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(desk) == 0, capsys.readouterr().out
    provider.revoke_all()
    asked = len(provider.tokens.requests)
    report(provider, 1)
    desk.wait_for(lambda: "log in again with deskd oauth login" in desk.get("/-/ready")[1])
    assert desk.get("/-/ready")[0] == 503
    assert '"mailbox.retry"' in desk.log()
    desk.wait_for(lambda: refused_tokens(desk) >= 1)
    assert len(provider.mailbox.uids()) == 1
    assert check(desk) == 1
    assert "log in again with deskd oauth login" in capsys.readouterr().out
    assert len(provider.tokens.requests) - asked <= 6, "it waits longer after each refusal"
    assert log_in(desk) == 0
    recorded(desk, 1, 60)
    answered(desk, provider, 1, 60)
    desk.wait_for(lambda: desk.get("/-/ready")[0] == 200)
    assert provider.mailbox.uids() == []
