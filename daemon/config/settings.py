"""What `deskd.toml` says, checked and ready for use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from daemon.config.presets import login_hint
from ingest.listener.delivery import ListenerSettings
from ingest.mailbox.settings import MailboxSettings
from ingest.ourselves import Ourselves

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from ipaddress import IPv4Network, IPv6Network
    from pathlib import Path

    from daemon.config.alert_source import AlertSource
    from daemon.config.listen import ListenAddress, ListenPath
    from daemon.config.problems import FileProblem
    from daemon.config.secrets import Secret
    from daemon.config.values import Security
    from daemon.oauth.account import OAuthAccount
    from ingest.listener.delivery import MailProtocol
    from outbound.smtp import SmtpSettings
    from rules.directory import Directory
    from rules.people import Staff
    from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """Who the desk is, and where it keeps things."""

    name: str
    address: str
    """The From of every letter, in lower case."""
    also: frozenset[str]
    """Further addresses that are ours."""
    rulebook: Path
    """The file, a shipped one or the desk's own."""
    state: Path
    senders_are_checked: bool
    """The mail server refuses forged senders: commands and assignee rights by mail are on."""
    authserv_ids: frozenset[str] = frozenset()
    """Whose `Authentication-Results` prove a sender, in lower case; never together with `senders_are_checked`."""

    plus_addressing: bool = False
    """Mail to our address with a detail behind a plus sign arrives, too."""

    @property
    def commands_by_mail(self) -> bool:
        """Whether anything proves who writes, so that engineers may work by mail."""
        return self.senders_are_checked or bool(self.authserv_ids)

    @property
    def domain(self) -> str:
        """What stands after the @ of our address, and in our Message-IDs."""
        return self.address.rpartition("@")[2]

    @property
    def own_addresses(self) -> frozenset[str]:
        """Mail from these is our own and never answered."""
        return self.also | {self.address}

    @property
    def ourselves(self) -> Ourselves:
        """What the reader of mail must know of this desk."""
        return Ourselves(
            addresses=self.own_addresses,
            senders_are_checked=self.senders_are_checked,
            authserv_ids=self.authserv_ids,
        )


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where the state is kept; the URL may hold a password."""

    url: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAccount:
    """A mailbox to read, its password still in its place."""

    name: str
    host: str
    port: int
    security: Security
    user: str
    password: Secret
    folder: str
    done_folder: str
    quarantine_folder: str
    since: datetime | Literal["all"] | None
    """Older mail stays where it lies; None is the moment of the first start, "all" imports it without letters."""
    poll_seconds: float
    page_messages: int
    largest_mail: int
    """Bytes."""
    ca_file: Path | None
    preset: str | None = None
    oauth2: OAuthAccount | None = None
    """Log in with its access tokens instead of the password."""

    @property
    def login_hint(self) -> str:
        """What to look at when the login is refused; empty where nothing is known of the provider."""
        return login_hint(self.preset)

    def settings(self, *, first_start: datetime) -> MailboxSettings:
        """Everything a connection needs, with the password as it is now.

        Raises SecretError where the password cannot be read, ValueError for what must not be used.
        """
        from daemon.oauth.tokens import token_for_mailbox  # noqa: PLC0415 - what logs in, which checking a file does not

        return MailboxSettings(
            name=self.name,
            host=self.host,
            port=self.port,
            security=self.security,
            user=self.user,
            password=self.password.reveal(),
            access_token=partial(token_for_mailbox, self.oauth2) if self.oauth2 else None,
            since=first_start if self.since is None or self.since == "all" else self.since,
            old_mail="import" if self.since == "all" else "leave",
            folder=self.folder,
            done_folder=self.done_folder,
            quarantine_folder=self.quarantine_folder,
            cafile=self.ca_file,
            page_messages=self.page_messages,
            largest_mail=self.largest_mail,
            poll_seconds=self.poll_seconds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailListener:
    """Where a mail server hands mail over."""

    name: str
    listen: ListenAddress | ListenPath
    protocol: MailProtocol
    recipients: frozenset[str]
    """Addresses and `@domains` in lower case."""
    peers: tuple[IPv4Network | IPv6Network, ...]
    largest_mail: int
    """Bytes."""
    connections: int

    def settings(self, *, host_name: str) -> ListenerSettings:
        """Everything a listener needs; `host_name` is what its greeting says."""
        return ListenerSettings(
            name=self.name,
            protocol=self.protocol,
            host_name=host_name,
            recipients=self.recipients,
            peers=self.peers,
            largest_mail=self.largest_mail,
            connections=self.connections,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """The server that takes our letters, its password still in its place."""

    host: str
    port: int
    security: Security
    user: str | None
    password: Secret | None
    connections: int
    ca_file: Path | None
    local_name: str
    """What EHLO says of us."""
    bounce_address: str | None = None
    """The envelope sender, with `{token}` for the letter's signed mark; None for the desk's own address."""
    preset: str | None = None
    oauth2: OAuthAccount | None = None
    """Log in with its access tokens instead of the password."""

    @property
    def login_hint(self) -> str:
        """What to look at when the login is refused; empty where nothing is known of the provider."""
        return login_hint(self.preset)

    def settings(self) -> SmtpSettings:
        """Everything a connection needs, with the password as it is now. Raises SecretError and ValueError."""
        from daemon.oauth.tokens import token_for_smtp  # noqa: PLC0415 - what logs in, which checking a file does not
        from outbound.smtp import SmtpSettings  # noqa: PLC0415 - brings asyncio and aiosmtplib; checking needs neither

        return SmtpSettings(
            host=self.host,
            port=self.port,
            security=self.security,
            user=self.user,
            password=self.password.reveal() if self.password else "",
            access_token=partial(token_for_smtp, self.oauth2) if self.oauth2 else None,
            connections=self.connections,
            cafile=str(self.ca_file) if self.ca_file else None,
            local_name=self.local_name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Where webhooks come in, and where operators look."""

    webhooks: ListenAddress
    admin: ListenAddress
    """`/metrics` and `/-/...`."""
    largest_body: int
    """Bytes."""

    @property
    def is_one_listener(self) -> bool:
        """Whether both are served at one address."""
        return self.webhooks == self.admin


@dataclass(frozen=True, slots=True)
class Retention:
    """How long bytes are kept; None is for ever."""

    originals: timedelta | None
    letters: timedelta | None


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How the daemon tells what it does."""

    format: Literal["auto", "console", "json"]
    """"auto" is console on a terminal and JSON otherwise."""
    level: Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One desk, as its file describes it."""

    path: Path
    desk: DeskSettings
    database: DatabaseSettings
    mailboxes: tuple[MailboxAccount, ...]
    listeners: tuple[MailListener, ...]
    smtp: SmtpAccount | None
    """None: letters go into the Maildir `<state>/letters`."""
    http: HttpSettings
    alert_sources: tuple[AlertSource, ...]
    staff: Staff
    directory: Directory
    """The people who report."""
    rulebook: Rulebook
    retention: Retention
    log: LogSettings
    warnings: tuple[FileProblem, ...]
    """What is unwise and keeps nothing from starting."""
