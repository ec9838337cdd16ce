"""The kinds of values in `deskd.toml`. Each refuses what is wrong with a sentence for the writer of the file."""

from __future__ import annotations

import ipaddress
import os
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from daemon.config.listen import ListenAddress, ListenPath
from daemon.config.secrets import Secret, SecretError, holds_control_character, secret_path
from ingest.mail.addresses import addr_spec
from rules.calendar.duration import Duration
from rules.calendar.shifts import Shift
from rules.calendar.wall_clock import zone_named
from rules.sizes import bytes_of

#: Bytes, of the 108 that Linux has for one and the NUL at their end (unix(7)).
LONGEST_SOCKET_PATH = 107
#: Beside a token, which takes some 40 of the 64 characters of a local part (RFC 5321, 4.5.3.1.1).
LONGEST_BOUNCE_LOCAL = 24


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by its address or as `localhost`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def seconds_of(duration: str) -> float:
    """The length of `30s`; raises ValueError for what is no duration by the clock between a second and an hour."""
    read = Duration.parse(duration)
    if read.is_working_time or not 1 <= read.length().total_seconds() <= 3600:
        raise ValueError(f"{duration!r} must lie between 1s and 1h, by the clock")
    return read.length().total_seconds()


def days_of(written: str) -> timedelta | None:
    """The length of `365d`, None for `ever`; raises ValueError for anything else and for less than a day."""
    if written.strip() == "ever":
        return None
    read = Duration.parse(written)
    if read.is_working_time or read.length() < timedelta(days=1):
        raise ValueError(f"{written!r} must be a number of days, such as 365d, or ever")
    return read.length()


def _address(text: str) -> str:
    found = addr_spec(text)
    if found is None:
        raise ValueError(f"{text!r} is not a mail address: write name@example.org")
    return found


def _bounce_address(text: str) -> str:
    """An address with `{token}` in its local part, which has room for it."""
    local, _, domain = text.rpartition("@")
    if local.count("{token}") != 1 or "{" in text.replace("{token}", "", 1):
        raise ValueError(f"{text!r} needs {{token}} once before the @, as in support+{{token}}@example.org")
    _address(text.replace("{token}", "b1"))
    if len(local.replace("{token}", "")) > LONGEST_BOUNCE_LOCAL:
        raise ValueError(f"{text!r} leaves no room for the mark: {LONGEST_BOUNCE_LOCAL} characters beside it at most")
    return f"{local}@{domain.lower()}"


def _address_or_domain(text: str) -> str:
    return _address(f"anybody{text}").removeprefix("anybody") if text.startswith("@") else _address(text)


def _domain(text: str) -> str:
    dot = "." * text.startswith(".")
    try:
        return dot + _address(f"anybody@{text.removeprefix('.')}").partition("@")[2]
    except ValueError:
        raise ValueError(
            f"{text!r} is not a domain: write example.org, or .example.org for those below it too"
        ) from None


def _authserv_ids(value: object) -> object:
    """One id in quotes, or several in a list: each border server may write its own host name."""
    return [value] if isinstance(value, str) else value


def _authserv_id(text: str) -> str:
    if not text or not text.isascii() or not text.isprintable() or any(sign in text for sign in ' ;()"='):
        raise ValueError(f"{text!r} is no authserv-id: write the first word of your Authentication-Results headers")
    return text.lower()


def _zone(name: str) -> str:
    return zone_named(name).key


def _one_line(text: str) -> str:
    if holds_control_character(text):
        raise ValueError("it holds a control character")
    return text


def _folder_name(text: str) -> str:
    if "*" in text or "%" in text:
        raise ValueError("a folder name cannot hold * or %, the wildcards of IMAP")
    return _one_line(text)


def _host(text: str) -> str:
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        raise ValueError(f'{text!r} holds a port: write host = "{host}" and port = {port}')
    if not text or not text.isprintable() or any(sign in text for sign in " /@"):
        raise ValueError(f"{text!r} is not a host: write a name or an IP address, such as mail.example.org")
    return text


def _api_url(text: str) -> str:
    """The address of an API, without the slash at its end."""
    parts = urlsplit(_one_line(text))
    known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    if not known or " " in text or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is no address: write http://HOST:PORT, or https://HOST/PREFIX")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address holds no name or password: write api_user and api_password_file")
    return text.rstrip("/")


def _listen(value: object) -> ListenAddress:
    return value if isinstance(value, ListenAddress) else ListenAddress.parse(_text(value))


def _listen_or_path(value: object, info: ValidationInfo) -> ListenAddress | ListenPath:
    text = _text(value)
    if "/" not in text:
        return ListenAddress.parse(text)
    path = _path(text, info)
    if len(os.fsencode(path.absolute())) > LONGEST_SOCKET_PATH:
        raise ValueError(f"{text!r} is too long for a Unix socket: its whole path may have {LONGEST_SOCKET_PATH} bytes")
    return ListenPath(path.absolute())


def _network(value: object) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    text = _text(value)
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no address and no network: write 10.1.2.3 or 10.1.2.0/24 ({error})") from None


def _shift(value: object) -> Shift:
    return value if isinstance(value, Shift) else Shift.parse(_text(value))


def _size(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else bytes_of(_text(value))


def _days(value: object) -> timedelta | None:
    return value if isinstance(value, timedelta) else days_of(_text(value))


def _seconds(value: object) -> float:
    return value if isinstance(value, float) else seconds_of(_text(value))


def _path(value: object, info: ValidationInfo) -> Path:
    """A path as it is meant: from the folder of the configuration."""
    return _folder_of(info) / Path(_text(value)).expanduser()


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


def _secret(value: object) -> Secret:
    text = _text(value)
    if not text:
        raise ValueError("it is empty")
    return Secret(_one_line(text))


def _secret_file(value: object, info: ValidationInfo) -> Secret:
    secret = Secret(path=secret_path(_text(value), _folder_of(info)))
    try:
        secret.reveal()
    except SecretError as error:
        raise ValueError(str(error)) from error
    return secret


def _moment(value: object) -> datetime | Literal["all"]:
    match value:
        case "all":
            return "all"
        case datetime() if value.tzinfo is not None:
            return value
        case datetime():
            raise ValueError(f"{value} needs an offset: write {value.isoformat()}+08:00")
        case _:
            raise ValueError(f'{value} is not a moment: write 2026-11-01T00:00:00+08:00 without quotes, or "all"')


def _first_day(value: object) -> date:
    written = _local_time(value)
    if isinstance(written, datetime):
        raise ValueError(f"{value} is not a day: write 2026-11-23")  # noqa: TRY004 - pydantic collects ValueErrors only
    return written


def _away_from(value: object) -> datetime:
    written = _local_time(value)
    return written if isinstance(written, datetime) else datetime.combine(written, time())


def _away_to(value: object) -> datetime:
    """The end as a time; of a day its midnight, as the day itself is meant as well."""
    written = _local_time(value)
    return written if isinstance(written, datetime) else datetime.combine(written + timedelta(days=1), time())


def _turn(value: object) -> object:
    if value in ("day", "week") or (type(value) is int and 1 <= value <= 366):
        return value
    raise ValueError(f'{value!r} is no length of a turn: write "day", "week" or a number of days up to 366')


def _local_time(value: object) -> date:
    """A day, or a time on the wall, in quotes or as TOML has them."""
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise ValueError("it is a time of the roster's zone: leave out the offset")
    if not isinstance(value, date) or not date(1970, 1, 1) <= date(value.year, value.month, value.day) < date(
        2200, 1, 1
    ):
        raise ValueError(f"{value} is not a day or time: write 2026-12-01 or 2026-12-01T13:00")
    return value


def _parsed(text: str) -> date | str:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _folder_of(info: ValidationInfo) -> Path:
    """Where the configuration lies; whoever validates it says so."""
    return cast("dict[str, Path]", info.context)["folder"]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"it must be text in quotes, not {value!r}")  # noqa: TRY004 - pydantic collects ValueErrors only
    return value


Security = Literal["tls", "starttls", "plain"]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
MailAddress = Annotated[str, AfterValidator(_address)]
BounceAddress = Annotated[str, AfterValidator(_bounce_address)]
AuthservIds = Annotated[
    tuple[Annotated[str, AfterValidator(_authserv_id)], ...], Field(max_length=20), BeforeValidator(_authserv_ids)
]
AddressOrDomain = Annotated[str, AfterValidator(_address_or_domain)]
Domain = Annotated[str, AfterValidator(_domain)]
Zone = Annotated[str, AfterValidator(_zone)]
Host = Annotated[str, AfterValidator(_host)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
ApiUrl = Annotated[str, AfterValidator(_api_url)]
Listen = Annotated[ListenAddress, BeforeValidator(_listen)]
ListenOrPath = Annotated[ListenAddress | ListenPath, BeforeValidator(_listen_or_path)]
Network = Annotated[ipaddress.IPv4Network | ipaddress.IPv6Network, BeforeValidator(_network)]
Hours = Annotated[Shift, BeforeValidator(_shift)]
Size = Annotated[int, BeforeValidator(_size)]
Days = Annotated[timedelta | None, BeforeValidator(_days)]
Seconds = Annotated[float, BeforeValidator(_seconds)]
FolderName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_folder_name)]
PathFromHere = Annotated[Path, BeforeValidator(_path)]
ExistingFile = Annotated[Path, BeforeValidator(_path), AfterValidator(_existing)]
SecretText = Annotated[Secret, BeforeValidator(_secret)]
SecretFile = Annotated[Secret, BeforeValidator(_secret_file)]
Since = Annotated[datetime | Literal["all"], BeforeValidator(_moment)]
FirstDay = Annotated[date, BeforeValidator(_first_day)]
AwayFrom = Annotated[datetime, BeforeValidator(_away_from)]
AwayTo = Annotated[datetime, BeforeValidator(_away_to)]
Turn = Annotated[int | Literal["day", "week"], BeforeValidator(_turn)]
