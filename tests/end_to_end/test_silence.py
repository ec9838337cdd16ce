"""An engineer silences an incident by mail: a real daemon, a real Alertmanager, and what happens in between."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any

import pytest

from daemon.keys import load_keys
from rules.token import make_message_id
from tests.faults.accounts import check_books
from tests.samples import CHEN
from tests.servers.desk import ADDRESS, TOKEN, DeskProcess, compose_mail
from tests.servers.prometheus import AlertmanagerServer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

LABELS = {"alertname": "DiskFull", "job": "node", "instance": "db1", "severity": "warning"}
LONG_AFTER, LONG_AGO = "2100-01-01T00:00:00Z", "2020-01-01T00:00:00Z"
SHORT = '[alerts.silence]\nlength = "16s"\n'


class SilencingDesk:
    """A daemon whose Alertmanager posts to it and is asked by it; commands come by LMTP."""

    def __init__(self) -> None:
        self.desk = DeskProcess(listener="lmtp")
        rulebook = self.desk.base / "rulebook.toml"
        rulebook.write_text(rulebook.read_text() + SHORT)
        hook = f"http://127.0.0.1:{self.desk.port}/alertmanager/prod"
        self.alertmanager = AlertmanagerServer(hook, token=TOKEN)
        self.mails = 0

    def configure(self) -> None:
        """Tell the daemon where its Alertmanager is, now that it has a port."""
        asked = f'[[alertmanagers]]\napi = "{self.alertmanager.url}"\nreconcile_every = "1s"\ncorrect_after = "2s"'
        self.desk.config.write_text(self.desk.config.read_text().replace("[[alertmanagers]]", asked))

    def fire(self, ends_at: str = LONG_AFTER, *, host: str = "db1") -> None:
        labels = LABELS | {"instance": host}
        self.alertmanager.post([{"labels": labels, "startsAt": LONG_AGO, "endsAt": ends_at}])

    def command(self, text: str) -> None:
        """Chen answers the letter about ticket 1."""
        self.mails += 1
        keys = load_keys(self.desk.state)
        letter = make_message_id(keys, ticket=1, serial=1, recipient=CHEN, domain="desk.example")
        headers = {"References": letter, "In-Reply-To": letter}
        mail = compose_mail(CHEN, "Re: DiskFull", text, message_id=f"<{self.mails}@corp.example>", headers=headers)
        with smtplib.LMTP("127.0.0.1", self.desk.lmtp_port) as client:
            client.sendmail(CHEN, [ADDRESS], mail)

    def silences(self) -> list[Any]:
        listed = self.alertmanager.get("/api/v2/silences")
        return [each for each in listed if each["status"]["state"] == "active"]

    def states(self) -> list[str]:
        return [alert["status"]["state"] for alert in self.alertmanager.get("/api/v2/alerts")]


@pytest.fixture
def silencing() -> Iterator[SilencingDesk]:
    made = SilencingDesk()
    with made.alertmanager:
        made.configure()
        with made.desk:
            made.fire()
            made.desk.wait_for_rows("SELECT 1 FROM tickets", 1, 30)
            made.command("!silence replacing the disk")
            made.desk.wait_for(lambda: made.states() == ["suppressed"])
            yield made


def test_it_outlives_a_killed_daemon_and_ends_with_the_ticket(silencing: SilencingDesk) -> None:
    desk = silencing.desk
    (first,) = silencing.silences()
    assert "202" in first["comment"]
    desk.kill()
    desk.start()
    desk.wait_for(lambda: any(each["endsAt"] > first["endsAt"] for each in silencing.silences()))
    assert [each["id"] for each in silencing.silences()] == [first["id"]]
    silencing.command("!close it is replaced")
    desk.wait_for(lambda: not silencing.silences())
    desk.wait_for_rows("SELECT 1 FROM silences WHERE state = 'expired'", 1)
    assert silencing.states() == ["active"]
    check_books(desk.reader)


def test_the_new_host_and_the_end_of_a_silenced_alert_are_learnt_by_asking(silencing: SilencingDesk) -> None:
    desk = silencing.desk
    silencing.fire(host="db2")
    desk.wait_for_rows("SELECT 1 FROM episodes", 2, 30)
    assert silencing.states() == ["suppressed", "suppressed"]
    for host in ("db1", "db2"):
        silencing.fire(ends_at="2020-01-02T00:00:00Z", host=host)
    desk.wait_for_rows("SELECT 1 FROM episodes WHERE resolved_at IS NOT NULL", 2, 30)
    desk.wait_for_rows("SELECT 1 FROM silences WHERE state = 'expired'", 1, 30)
    assert silencing.silences() == []
    check_books(desk.reader)
