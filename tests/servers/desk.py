"""The real daemon in a process of its own, with a configuration written for a test."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from email.message import EmailMessage
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from daemon.store.database import Database, reading
from tests.databases import make_database
from tests.samples import PEOPLE, RULEBOOK_TEXT
from tests.servers.process import PATIENCE, Child, free_port, short_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from tests.servers.dovecot import ServedMailbox

TOKEN = "a-token-of-the-tests"
ADDRESS = "support@desk.example"
DONE_FOLDER = "deskd/Done"


class DeskProcess:
    """`deskd run` with one mailbox, one source of webhooks and the small rulebook; use it as a context manager.

    There it finds its tables made; where it is only started, it makes them itself.
    `listener` is the protocol of one at `lmtp_port`; left out, there is none. Without `smtp_port` the letters go into
    the Maildir of its state folder. `mails_from` is the address from which the source of webhooks mails as well.
    """

    def __init__(
        self,
        mailbox: ServedMailbox | None = None,
        *,
        smtp_port: int | None = None,
        database: str | None = None,
        checked: bool = True,
        since: str = "",
        listener: str = "",
        mails_from: str = "",
    ) -> None:
        self.base = short_folder("dk-")
        self.state = self.base / "state"
        self.port = free_port()
        self.lmtp_port = free_port()
        self.config = self.base / "deskd.toml"
        (self.base / "rulebook.toml").write_text(RULEBOOK_TEXT)
        self.config.touch(0o600)
        self.config.write_text(
            "\n".join(
                (
                    self._desk_tables(database, checked=checked),
                    self._alertmanager_table(mails_from),
                    self._mailbox_table(mailbox, since) if mailbox else "",
                    self._smtp_table(smtp_port) if smtp_port else "",
                    self._listener_table(listener) if listener else "",
                    *map(_person_table, PEOPLE),
                )
            )
        )
        self.database = Database.at(database or f"sqlite:///{self.state / 'deskd.sqlite3'}")
        self._reader: Engine | None = None
        self._starts = 0
        self.child: Child | None = None

    def __enter__(self) -> Self:
        if self.database.path:
            self.state.mkdir(mode=0o700, exist_ok=True)
            make_database(self.database.path)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        if self._reader is not None:
            self._reader.dispose()
        shutil.rmtree(self.base, ignore_errors=True)

    def start(self, *, ready: bool = True) -> None:
        """Start the daemon and wait until everything works, or with `ready=False` until it answers at all."""
        self._starts += 1
        command = [sys.executable, "-m", "daemon", "run", "-c", str(self.config)]
        self.child = Child(command, self.base / f"log.{self._starts}")
        wanted = (200,) if ready else (200, 503)
        self.child.wait_until(lambda: self.get("/-/ready")[0] in wanted)

    def ask_alertmanager(self, *urls: str, **more: object) -> None:
        """Configure, before a start, the Alertmanagers to ask each second; `more` are further keys of the source."""
        keys = {"api": list(urls), "reconcile_every": "1s", "correct_after": "3s"} | more
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        name = '[[alertmanagers]]\nname = "prod"\n'
        self.config.write_text(self.config.read_text().replace(name, name + lines))

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.child:
            self.child.kill()

    def run_beside(self, *arguments: str) -> tuple[int, str]:
        """Run `deskd run` with arguments until it ends by itself; returns its exit status and what it said."""
        command = [sys.executable, "-m", "daemon", "run", *arguments]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
        return ended.returncode, ended.stdout + ended.stderr

    def log(self) -> str:
        """Everything the last start has logged."""
        return (self.base / f"log.{self._starts}").read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a GET; 0 where nobody answers."""
        return ask(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"))

    def post(self, path: str, body: bytes, token: str | None = TOKEN, method: str = "POST") -> tuple[int, str]:
        """Status and body of a POST; 0 where nobody answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method)
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        return ask(request)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What its database answers, over a connection of its own that only reads."""
        with reading(self.reader) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    @property
    def reader(self) -> Engine:
        """Read-only connections to its database."""
        if self._reader is None:
            self._reader = self.database.open_reader()
        return self._reader

    def wait_for(self, ready: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so; fails with the log where the daemon ends before that."""
        assert self.child is not None
        self.child.wait_until(ready, seconds)

    def wait_for_rows(self, statement: str, count: int, seconds: float = PATIENCE) -> list[tuple[Any, ...]]:
        """Wait until a statement gives so many rows."""
        self.wait_for(lambda: len(self.rows(statement)) >= count, seconds)
        return self.rows(statement)

    def _desk_tables(self, database: str | None, *, checked: bool) -> str:
        url = f'[database]\nurl = "{database}"\n' if database else ""
        return f"""
[desk]
name = "IT Service Desk"
address = "{ADDRESS}"
rulebook = "rulebook.toml"
state = "state"
senders_are_checked = {str(checked).lower()}
{url}
[http]
webhooks = "127.0.0.1:{self.port}"
[staff]
known = ["@corp.example"]
[log]
format = "json"
"""

    @staticmethod
    def _alertmanager_table(mails_from: str) -> str:
        mails = f'mails_from = ["{mails_from}"]\n' if mails_from else ""
        return f'[[alertmanagers]]\nname = "prod"\ntoken = "{TOKEN}"\n{mails}'

    @staticmethod
    def _mailbox_table(mailbox: ServedMailbox, since: str) -> str:
        return f"""
[[mailboxes]]
name = "support"
host = "127.0.0.1"
port = {mailbox.server.imap_port}
security = "plain"
user = "{mailbox.user}"
password = "{mailbox.password}"
poll = "1s"
{since}
"""

    def _listener_table(self, protocol: str) -> str:
        return f'[[listeners]]\nname = "mx"\nlisten = "127.0.0.1:{self.lmtp_port}"\nprotocol = "{protocol}"\n'

    @staticmethod
    def _smtp_table(port: int) -> str:
        return f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "plain"\n'


def ask(request: urllib.request.Request) -> tuple[int, str]:
    """Status and body of an answer; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def _person_table(person: Any) -> str:
    fields = {"address": person.address, "name": person.name, "role": person.role, "teams": list(person.teams)}
    skills = {"skills": sorted(person.skills)} if person.skills else {}
    return "[[people]]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in (fields | skills).items())


def compose_mail(
    sender: str, subject: str, text: str, *, message_id: str, headers: Mapping[str, str] | None = None
) -> bytes:
    """A plain mail to the desk, as a mail program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ADDRESS, subject
    mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 10:00:00 +0800", message_id
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def compose_alert(
    name: str, host: str, *, minute: int = 0, status: str = "firing", severity: str = "warning"
) -> dict[str, Any]:
    """One alert of a notification, as Alertmanager writes it; `minute` tells the episodes of one alert apart."""
    started, ended = f"2026-11-23T02:{minute:02}:00Z", f"2026-11-23T02:{minute:02}:30Z"
    return {
        "status": status,
        "labels": {"alertname": name, "instance": host, "job": "node", "severity": severity},
        "annotations": {"summary": f"{name} on {host}"},
        "startsAt": started,
        "endsAt": ended if status == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": sha256(f"{name} {host}".encode()).hexdigest()[:16],
    }


def compose_notification(alerts: Sequence[Mapping[str, Any]], *, group_key: str = "{}:{alertname}") -> bytes:
    """A webhook body of version 4 with these alerts."""
    firing = any(alert["status"] == "firing" for alert in alerts)
    return json.dumps(
        {
            "version": "4",
            "groupKey": group_key,
            "truncatedAlerts": 0,
            "status": "firing" if firing else "resolved",
            "receiver": "desk",
            "groupLabels": {},
            "commonLabels": {},
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.example",
            "alerts": list(alerts),
        }
    ).encode()
