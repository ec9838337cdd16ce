"""The tables of `deskd.toml`, key by key. Their descriptions and examples are the config reference of the README."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from daemon.config.listen import DEFAULT_WEBHOOKS, ListenAddress
from daemon.config.settings import Security
from daemon.config.values import (
    AddressOrDomain,
    ExistingFile,
    FolderName,
    Host,
    Hours,
    Line,
    Listen,
    MailAddress,
    Name,
    PathFromHere,
    Port,
    Seconds,
    SecretFile,
    SecretText,
    Since,
    Size,
    Zone,
    is_loopback,
)
from rules.letter import LetterLanguage
from rules.people import WEEKDAYS, Role, Weekday
from rules.shifts import Shift

if TYPE_CHECKING:
    from daemon.config.secrets import Secret

DEFAULT_RULEBOOK = "enterprise-itsm"

#: Where a port is left out (RFC 8314, 3.2 and 3.3; RFC 9051, 2; RFC 6409, 3.1).
IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "plain": 143}
SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "plain": 25}

_SECURITY = "How the connection is protected; `plain` only to this machine."


def _refuse_plain(security: Security, info: ValidationInfo) -> Security:
    host = info.data.get("host")
    if security == "plain" and host is not None and not is_loopback(host):
        raise ValueError(f'"plain" would send the password readable to {host}: write "tls" or "starttls"')
    return security


def _refuse_both(value: object, info: ValidationInfo) -> object:
    """A secret stands in the file or in one of its own, not both."""
    twin = str(info.field_name).rpartition("_file")[0]
    if value is not None and info.data.get(twin) is not None:
        raise ValueError(f"{twin} and {info.field_name} are both given: keep one")
    return value


class Table(BaseModel):
    """One table of the file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    about: ClassVar[str] = ""


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
        description="Say true only where your mail server refuses forged senders: it turns on commands and assignee "
        "rights by mail.",
    )


class DatabaseTable(Table):
    about: ClassVar[str] = "Where the state is kept. Left out: SQLite in the state folder."
    url: SecretText | None = Field(
        default=None,
        description="`postgresql://USER@HOST/NAME`, or `sqlite:////PATH`.",
        examples=["postgresql://deskd@db.example.org/deskd"],
    )
    url_file: SecretFile | None = Field(default=None, description="A file with the URL, for one that holds a password.")

    _one_url = field_validator("url_file", mode="before")(_refuse_both)

    @field_validator("url", "url_file")
    @classmethod
    def _is_ours(cls, url: Secret | None) -> Secret | None:
        if url is not None:
            _check_database_url(url.reveal())
        return url


class MailboxTable(Table):
    about: ClassVar[str] = "A mailbox to read, over IMAP. Any number."
    name: Name = Field(description="Its name in logs, metrics and reports.", examples=["support"])
    host: Host = Field(description="The IMAP server.", examples=["imap.example.org"])
    security: Security = Field(default="tls", description=_SECURITY)
    port: Port | None = Field(default=None, description="993 with `tls`, otherwise 143.", examples=[993])
    user: Line = Field(
        description="The name to log in with, often the whole address.", examples=["support@example.org"]
    )
    password: SecretText | None = Field(default=None, description="The password; better in `password_file`.")
    password_file: SecretFile | None = Field(
        default=None,
        validate_default=True,
        description="A file that holds only the password.",
        examples=["imap.password"],
    )
    folder: FolderName = Field(default="INBOX", description="The folder to read.")
    done_folder: FolderName = Field(
        default="deskd/Done", description="Where mail goes once it is recorded; made where missing."
    )
    quarantine_folder: FolderName = Field(
        default="deskd/Quarantine", description="Where mail goes that could not be read."
    )
    since: Since | None = Field(
        default=None,
        description='Older mail becomes no ticket. Left out: the moment of the first start; `"all"` imports everything '
        "without letters.",
        examples=["2026-11-01T00:00:00+08:00"],
    )
    poll: Seconds = Field(default=30.0, description="How often to look, beside IDLE.", examples=["30s"])
    page_messages: int = Field(
        default=50, ge=1, le=1000, description="How many mails are fetched and recorded at once."
    )
    largest_mail: Size = Field(default=25 << 20, description="Larger mail is not fetched whole.", examples=["25MiB"])
    ca_file: ExistingFile | None = Field(default=None, description="Certificates to trust instead of the system's.")

    _no_plain = field_validator("security")(_refuse_plain)
    _no_empty = field_validator("ca_file", mode="before")(lambda value: value or None)

    @field_validator("password_file", mode="before")
    @classmethod
    def _one_password(cls, value: object, info: ValidationInfo) -> object:
        if value is None and "password" in info.data and info.data["password"] is None:
            raise ValueError("a password is needed: write password_file, or password")
        return _refuse_both(value, info)

    @field_validator("done_folder", "quarantine_folder")
    @classmethod
    def _another_folder(cls, folder: str, info: ValidationInfo) -> str:
        for other in ("folder", "done_folder"):
            if info.data.get(other) == folder:
                raise ValueError(f"{folder!r} is the {other} already: mail must leave one folder for another")
        return folder


class SmtpTable(Table):
    about: ClassVar[str] = "The server that takes our letters. Left out: letters go into the Maildir `<state>/letters`."
    host: Host = Field(description="The SMTP server.", examples=["smtp.example.org"])
    security: Security = Field(default="starttls", description=_SECURITY)
    port: Port | None = Field(
        default=None, description="465 with `tls`, 587 with `starttls`, 25 with `plain`.", examples=[587]
    )
    user: Line | None = Field(
        default=None, description="The name to log in with; left out: no login.", examples=["support@example.org"]
    )
    password: SecretText | None = Field(default=None, description="The password; better in `password_file`.")
    password_file: SecretFile | None = Field(
        default=None,
        validate_default=True,
        description="A file that holds only the password.",
        examples=["smtp.password"],
    )
    connections: int = Field(default=4, ge=1, le=50, description="How many letters are handed over at once.")
    ca_file: ExistingFile | None = Field(default=None, description="Certificates to trust instead of the system's.")

    _no_plain = field_validator("security")(_refuse_plain)
    _no_empty = field_validator("ca_file", "user", mode="before")(lambda value: value or None)

    @field_validator("password_file", mode="before")
    @classmethod
    def _password_of_user(cls, value: object, info: ValidationInfo) -> object:
        user, password = info.data.get("user"), info.data.get("password")
        if user is not None and value is None and "password" in info.data and password is None:
            raise ValueError("user is given, so a password is needed: write password_file, or password")
        if "user" in info.data and user is None and (value is not None or password is not None):
            raise ValueError("a password is given without user")
        return _refuse_both(value, info)


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


class AlertmanagerTable(Table):
    about: ClassVar[str] = "An Alertmanager that posts to `/alertmanager/{name}`. Any number."
    name: Name = Field(description="Its name in the path, in logs and metrics.", examples=["prod"])
    token: SecretText | None = Field(default=None, description="The bearer token it sends; better in `token_files`.")
    token_files: tuple[SecretFile, ...] = Field(
        default=(),
        max_length=2,
        validate_default=True,
        description="One or two files, each with a token; two are live while one replaces the other.",
        examples=["prod.token"],
    )

    @field_validator("token_files", mode="before")
    @classmethod
    def _one_or_two(cls, value: Any, info: ValidationInfo) -> Any:
        token = info.data.get("token")
        if value and token is not None:
            raise ValueError("token and token_files are both given: keep one")
        if not value and "token" in info.data and token is None:
            raise ValueError("a token is needed: write token_files, or token")
        return value


class StaffTable(Table):
    about: ClassVar[str] = "What holds for everybody."
    timezone: Zone | None = Field(
        default=None, description="Of the duty roster. Left out: the rulebook's.", examples=["Asia/Shanghai"]
    )
    known: tuple[AddressOrDomain, ...] = Field(
        default=(),
        description="Addresses and domains whose reports count even where the mail server proves nobody.",
        examples=["@corp.example"],
    )


class PersonTable(Table):
    about: ClassVar[str] = "A member of staff. Any number."
    address: MailAddress = Field(
        description="The mail address; nobody else may have it.", examples=["li.wei@example.org"]
    )
    name: Line | None = Field(default=None, description="Shown in letters.", examples=["李伟"])
    role: Role = Field(default="engineer", description="What this person may do and is told.")
    teams: tuple[Line, ...] = Field(default=(), description="Teams of the rulebook.", examples=["service-desk"])
    skills: tuple[Line, ...] = Field(
        default=(), description="Skills that categories of the rulebook ask for.", examples=["network"]
    )
    language: LetterLanguage | None = Field(
        default=None, description="Of letters to this person. Left out: the rulebook's."
    )
    limit: int | None = Field(
        default=None, ge=1, le=10000, description="The most open tickets at once. Left out: no limit."
    )


class RosterTable(Table):
    about: ClassVar[str] = "Who of a team is on duty when. A team without a line is always on duty."
    team: Line = Field(description="A team of the rulebook.", examples=["service-desk"])
    people: tuple[MailAddress, ...] = Field(
        min_length=1, description="Addresses of `[[people]]`.", examples=["li.wei@example.org"]
    )
    days: tuple[Weekday, ...] = Field(
        default=WEEKDAYS, min_length=1, description="The days on which the hours begin.", examples=["mon"]
    )
    hours: Hours = Field(
        default=Shift.parse("00:00-24:00"),
        description="May run past midnight: `22:00-06:00`.",
        examples=["09:00-18:00"],
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
    smtp: SmtpTable | None = None
    http: HttpTable = HttpTable()
    alertmanagers: tuple[AlertmanagerTable, ...] = ()
    staff: StaffTable = StaffTable()
    people: tuple[PersonTable, ...] = ()
    roster: tuple[RosterTable, ...] = ()
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
