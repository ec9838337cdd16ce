"""The deskd.toml of the demo."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.demo.imap_server import LOOPBACK, USER
from daemon.demo.people import COLLEAGUES, COMPANY, DESK, DESK_NAME, Colleague

if TYPE_CHECKING:
    from pathlib import Path

ALERTMANAGER = "prod"
MAILBOX = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where the servers of the demo are reached, and what opens them."""

    imap_port: int
    smtp_port: int
    password: str
    token: str


def write_configuration(path: Path, ends: Ends) -> None:
    """Write the file and its rulebook, as an operator would; its secrets open nothing but this demo."""
    (path.parent / "rulebook.toml").write_text(_RULEBOOK, "utf-8")
    path.write_text("\n".join((_TABLES.format(**_values(ends)), *map(_person, COLLEAGUES))), "utf-8")
    path.chmod(0o600)


#: The day of the demo has no five minutes in which a ticket could be held open.
_RULEBOOK = """\
# Written by `deskd demo`.
name = "demo"
extends = "enterprise-itsm"

[alerts]
resolve_hold = "0m"
"""


def _values(ends: Ends) -> dict[str, object]:
    return {
        "name": DESK_NAME,
        "address": DESK,
        "company": COMPANY,
        "host": LOOPBACK,
        "imap_port": ends.imap_port,
        "smtp_port": ends.smtp_port,
        "mailbox": MAILBOX,
        "user": USER,
        "password": ends.password,
        "alertmanager": ALERTMANAGER,
        "token": ends.token,
    }


_TABLES = """\
# Written by `deskd demo`.
[desk]
name = "{name}"
address = "{address}"
rulebook = "rulebook.toml"
state = "state"
senders_are_checked = true

[[mailboxes]]
name = "{mailbox}"
host = "{host}"
port = {imap_port}
security = "plain"
user = "{user}"
password = "{password}"
poll = "2s"

[smtp]
host = "{host}"
port = {smtp_port}
security = "plain"

[http]
webhooks = "{host}:0"

[[alertmanagers]]
name = "{alertmanager}"
token = "{token}"

[staff]
known = ["{company}"]

[log]
format = "json"
"""


def _person(person: Colleague) -> str:
    values = {
        "address": person.address,
        "name": person.name,
        "role": person.role,
        "teams": list(person.teams),
        "language": person.language,
    }
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return "\n".join(("[[people]]", *lines, ""))
