"""The tables of `deskd.toml`, key by key. Their descriptions and examples are the config reference of the README."""

# Annotations are not put off here: pydantic reads them while it makes the classes.

from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from daemon.config.alert_table import AlertmanagerTable
from daemon.config.listen import DEFAULT_WEBHOOKS, ListenAddress
from daemon.config.listener_table import ListenerTable
from daemon.config.mail_tables import MailboxTable, SmtpTable
from daemon.config.people_tables import PersonTable, RequestersTable, RosterTable, StaffTable
from daemon.config.secrets import Secret
from daemon.config.table import Table, refuse_both
from daemon.config.values import (
    AuthservIds,
    Days,
    Line,
    Listen,
    MailAddress,
    PathFromHere,
    SecretFile,
    SecretText,
    Size,
)

DEFAULT_RULEBOOK = "enterprise-itsm"


class DeskTable(Table):
    about: ClassVar[str] = "Who the desk is, and where it keeps things."
    name: Line = Field(description="Shown in letters.", examples=["IT Service Desk"])
    address: MailAddress = Field(
        description="The `From:` of every letter; its domain is the domain of our Message-IDs.",
        examples=["support@example.org"],
    )
    also: tuple[MailAddress, ...] = Field(
        default=(),
        description="Other addresses that are ours: mail from them is never answered.",
        examples=["helpdesk@example.org"],
    )
    rulebook: Line = Field(
        default=DEFAULT_RULEBOOK, description="A shipped rulebook by name, or a path ending in `.toml`."
    )
    state: PathFromHere = Field(
        description="The folder of database, token keys, socket and the Maildir of letters; made where missing.",
        examples=["/var/lib/deskd"],
    )
    senders_are_checked: bool = Field(
        default=False,
        strict=True,
        description="Say true only where your mail server refuses forged senders: it turns on commands and assignee "
        "rights by mail.",
    )
    authserv_id: AuthservIds = Field(
        default=(),
        description="Instead: the name under which your border mail server writes `Authentication-Results`, one or "
        "several; `office365` for Microsoft 365, which writes none. Senders are proven mail by mail.",
        examples=["mx.example.org"],
    )

    plus_addressing: bool = Field(
        default=False,
        strict=True,
        description="Say true where mail to `address` with `+anything` before the @ arrives in the same mailbox: "
        "answers then find their ticket even where a mail program loses the thread.",
    )

    @field_validator("authserv_id")
    @classmethod
    def _one_trust(cls, ids: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if ids and info.data.get("senders_are_checked"):
            raise ValueError("senders_are_checked = true trusts every sender already: keep one of the two")
        return ids


class DatabaseTable(Table):
    about: ClassVar[str] = "Where the state is kept. Left out: SQLite in the state folder."
    url: SecretText | None = Field(
        default=None,
        description="`postgresql://USER@HOST/NAME`, or `sqlite:////PATH`.",
        examples=["postgresql://deskd@db.example.org/deskd"],
    )
    url_file: SecretFile | None = Field(
        default=None, description="A file with the URL, for one that holds a password.", examples=["database.url"]
    )

    _one_url = field_validator("url_file", mode="before")(refuse_both)

    @field_validator("url", "url_file")
    @classmethod
    def _is_ours(cls, url: Secret | None) -> Secret | None:
        if url is not None:
            _check_database_url(url.reveal())
        return url


class HttpTable(Table):
    about: ClassVar[str] = "Where the daemon listens. `HOST:PORT`, or `[ADDRESS]:PORT` for IPv6."
    webhooks: Listen = Field(
        default=ListenAddress.parse(DEFAULT_WEBHOOKS),
        description="For `POST /alertmanager/{source}`.",
        examples=[DEFAULT_WEBHOOKS],
    )
    admin: Listen | None = Field(
        default=None,
        description="For `/metrics` and `/-/...`. Left out: the same as `webhooks`.",
        examples=["127.0.0.1:9202"],
    )
    largest_body: Size = Field(default=16 << 20, description="Larger webhook bodies are refused.", examples=["16MiB"])


class RetentionTable(Table):
    about: ClassVar[str] = "How long bytes are kept, in days, or `ever`. Tickets, texts and events are always kept."
    originals: Days = Field(
        default=timedelta(days=365),
        description="Mails as they came, with their attachments, and longer while their ticket is not closed.",
        examples=["365d", "ever"],
    )
    letters: Days = Field(
        default=timedelta(days=90),
        description="Letters as they were sent; their words can be told at any time.",
        examples=["90d"],
    )


class LogTable(Table):
    about: ClassVar[str] = "How the daemon tells what it does, on standard error."
    format: Literal["auto", "console", "json"] = Field(
        default="auto", description="`auto` is console on a terminal and JSON otherwise."
    )
    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What is left out below.")


class ConfigFile(Table):
    """The whole file."""

    desk: DeskTable
    database: DatabaseTable = DatabaseTable()
    mailboxes: tuple[MailboxTable, ...] = ()
    listeners: tuple[ListenerTable, ...] = ()
    smtp: SmtpTable | None = None
    http: HttpTable = HttpTable()
    alertmanagers: tuple[AlertmanagerTable, ...] = ()
    requesters: RequestersTable = RequestersTable()
    staff: StaffTable = StaffTable()
    people: tuple[PersonTable, ...] = ()
    roster: tuple[RosterTable, ...] = ()
    retention: RetentionTable = RetentionTable()
    log: LogTable = LogTable()


def _check_database_url(url: str) -> None:
    kind, _, rest = url.partition("://")
    match kind.partition("+")[0]:
        case "postgresql" if rest:
            return
        case "sqlite" if rest.startswith("//"):
            return
        case "sqlite":
            raise ValueError("a SQLite database needs an absolute path: sqlite:////var/lib/deskd/deskd.sqlite3")
        case _:
            raise ValueError("this is no database URL: write postgresql://USER@HOST/NAME or sqlite:////PATH")
