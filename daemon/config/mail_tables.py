"""The tables of the mail servers: the mailboxes to read, and the server that takes our letters."""

# Annotations are not put off here: pydantic reads them while it makes the classes.

from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator, model_validator

from daemon.config.oauth_table import OAuth2Table
from daemon.config.presets import PRESETS, PresetName, filled
from daemon.config.table import Table, refuse_both
from daemon.config.values import (
    BounceAddress,
    ExistingFile,
    FolderName,
    Host,
    Line,
    Name,
    Port,
    Seconds,
    SecretFile,
    SecretText,
    Security,
    Since,
    Size,
    is_loopback,
)

#: Where a port is left out (RFC 8314, 3.2 and 3.3; RFC 9051, 2; RFC 6409, 3.1).
IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "plain": 143}
SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "plain": 25}

_PRESET = "A known provider: gives `host`, `security` and what its login needs; any key may still be written."
_OAUTH2 = "Log in with access tokens; see `oauth2` below."
_SECURITY = "How the connection is protected; `plain` only to this machine."


def _refuse_plain(security: Security, info: ValidationInfo) -> Security:
    host = info.data.get("host")
    if security == "plain" and host is not None and not is_loopback(host):
        raise ValueError(f'"plain" would send the password readable to {host}: write "tls" or "starttls"')
    return security


def _logs_in_by_token(password_file: object, info: ValidationInfo) -> bool:
    """Whether access tokens take the place of the password; raises ValueError where both are given."""
    token = info.data.get("oauth2") is not None
    if token and (password_file is not None or info.data.get("password") is not None):
        raise ValueError("oauth2 and a password are both given: keep one")
    return token


class MailboxTable(Table):
    about: ClassVar[str] = "A mailbox to read, over IMAP. Any number."
    name: Name = Field(description="Its name in logs, metrics and reports.", examples=["support"])
    preset: PresetName | None = Field(default=None, description=_PRESET)
    host: Host = Field(description="The IMAP server.", examples=["imap.example.org"])
    security: Security = Field(default="tls", description=_SECURITY)
    port: Port | None = Field(default=None, description="993 with `tls`, otherwise 143.", examples=[993])
    user: Line = Field(
        description="The name to log in with, often the whole address.", examples=["support@example.org"]
    )
    oauth2: OAuth2Table | None = Field(default=None, description=_OAUTH2, examples=[{"client_id": "6731de76"}])
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
        examples=[datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=8)))],
    )
    poll: Seconds = Field(default=30.0, description="How often to look, beside IDLE.", examples=["30s"])
    page_messages: int = Field(
        default=100, strict=True, ge=1, le=1000, description="How many mails are fetched and recorded at once."
    )
    largest_mail: Size = Field(default=25 << 20, description="Larger mail is not fetched whole.", examples=["25MiB"])
    ca_file: ExistingFile | None = Field(
        default=None, description="Certificates to trust instead of the system's.", examples=["ca.pem"]
    )

    @model_validator(mode="before")
    @classmethod
    def _of_preset(cls, raw: Any) -> Any:
        return filled(raw, "imap")

    _no_plain = field_validator("security")(_refuse_plain)
    _no_empty = field_validator("ca_file", mode="before")(lambda value: value or None)

    @field_validator("password_file", mode="before")
    @classmethod
    def _one_password(cls, value: object, info: ValidationInfo) -> object:
        if _logs_in_by_token(value, info):
            return None
        preset = info.data.get("preset")
        if preset is not None and not PRESETS[preset].takes_password and "oauth2" in info.data:
            raise ValueError(f"{preset} takes no password over IMAP: write the table [mailboxes.oauth2]")
        if value is None and "password" in info.data and info.data["password"] is None:
            raise ValueError("a password is needed: write password_file, or password")
        return refuse_both(value, info)

    @field_validator("done_folder", "quarantine_folder")
    @classmethod
    def _another_folder(cls, folder: str, info: ValidationInfo) -> str:
        for other in ("folder", "done_folder"):
            if info.data.get(other) == folder:
                raise ValueError(f"{folder!r} is the {other} already: mail must leave one folder for another")
        return folder


class SmtpTable(Table):
    about: ClassVar[str] = "The server that takes our letters. Left out: letters go into the Maildir `<state>/letters`."
    preset: PresetName | None = Field(default=None, description=_PRESET)
    host: Host = Field(description="The SMTP server.", examples=["smtp.example.org"])
    security: Security = Field(default="starttls", description=_SECURITY)
    port: Port | None = Field(
        default=None, description="465 with `tls`, 587 with `starttls`, 25 with `plain`.", examples=[587]
    )
    user: Line | None = Field(
        default=None, description="The name to log in with; left out: no login.", examples=["support@example.org"]
    )
    oauth2: OAuth2Table | None = Field(default=None, description=_OAUTH2, examples=[{"client_id": "6731de76"}])
    password: SecretText | None = Field(default=None, description="The password; better in `password_file`.")
    password_file: SecretFile | None = Field(
        default=None,
        validate_default=True,
        description="A file that holds only the password.",
        examples=["smtp.password"],
    )
    bounce_address: BounceAddress | None = Field(
        default=None,
        description="The envelope sender of every letter, where delivery reports come back to; `{token}` becomes the "
        "letter's own signed mark. Only where mail to any such address reaches a mailbox of deskd. Left out: the "
        "desk's address.",
        examples=["support+{token}@example.org"],
    )
    connections: int = Field(
        default=4, strict=True, ge=1, le=50, description="How many letters are handed over at once."
    )
    ca_file: ExistingFile | None = Field(
        default=None, description="Certificates to trust instead of the system's.", examples=["ca.pem"]
    )

    @model_validator(mode="before")
    @classmethod
    def _of_preset(cls, raw: Any) -> Any:
        return filled(raw, "smtp")

    _no_plain = field_validator("security")(_refuse_plain)
    _no_empty = field_validator("ca_file", "user", mode="before")(lambda value: value or None)

    @field_validator("password_file", mode="before")
    @classmethod
    def _password_of_user(cls, value: object, info: ValidationInfo) -> object:
        if _logs_in_by_token(value, info):
            if "user" in info.data and info.data["user"] is None:
                raise ValueError("oauth2 is given without user")
            return None
        user, password = info.data.get("user"), info.data.get("password")
        if user is not None and value is None and "password" in info.data and password is None:
            raise ValueError("user is given, so a password is needed: write password_file, or password")
        if "user" in info.data and user is None and (value is not None or password is not None):
            raise ValueError("a password is given without user")
        return refuse_both(value, info)
