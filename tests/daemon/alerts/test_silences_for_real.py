"""Silences at a real Alertmanager: set, extended, expired with the ticket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from immutables import Map

from daemon.alerts.silencer import Silencer
from ingest.alertmanager.api import AlertmanagerApi
from rules.token import make_message_id
from tests.daemon.desks import STANDING, MovedClock, StandingDesk
from tests.samples import CHEN, KEYS, a_mail, an_alert, rulebook_with
from tests.servers.process import free_port
from tests.servers.prometheus import AlertmanagerServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

pytestmark = pytest.mark.slow

SHORT = rulebook_with('[alerts.silence]\nlength = "4s"')
LABELS = {"alertname": "DiskFull", "job": "node", "severity": "warning"}
OTHER = {"alertname": "DiskFull", "job": "node", "service": "mail", "severity": "warning"}
LONG_AFTER = "2100-01-01T00:00:00Z"


class RealClock(MovedClock):
    """The time that Alertmanager has too."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class RealDesk(StandingDesk):
    """A desk beside a real Alertmanager, each step of which the test takes."""

    def __init__(self, engine: Engine, alertmanager: AlertmanagerServer) -> None:
        standing = replace(STANDING, silencing=frozenset({"prod"}))
        super().__init__(engine, RealClock(), SHORT, standing=standing)
        self.alertmanager = alertmanager
        self.silencer = Silencer(
            counter=self.counter,
            desk=lambda: self.desk,
            apis=lambda _: [AlertmanagerApi(url=alertmanager.url)],
            claim_name="this daemon",
            now=self.clock,
        )

    def command(self, text: str, n: int) -> None:
        reference = make_message_id(KEYS, ticket=1, serial=5, recipient=CHEN, domain="desk.example")
        self.receive(a_mail(CHEN, "Re: [202611-001]", text, n=n, references=(reference,), verified=True))

    def work_until(self, wanted: Callable[[], bool]) -> None:
        """Let the loop come round until Alertmanager has it so."""
        if not wanted():
            self.alertmanager.wait_until(lambda: self._is_there_after_a_step(wanted))

    def alerts(self) -> dict[str, str]:
        """The state of each alert, by its service."""
        listed: list[Any] = self.alertmanager.get("/api/v2/alerts")
        return {each["labels"].get("service", ""): each["status"]["state"] for each in listed}

    def silences(self) -> list[Any]:
        return [each for each in self.alertmanager.get("/api/v2/silences") if each["status"]["state"] == "active"]

    def _is_there_after_a_step(self, wanted: Callable[[], bool]) -> bool:
        asyncio.run(self._step())
        return wanted()

    async def _step(self) -> None:
        step = asyncio.create_task(self.silencer.step())
        while not step.done():
            self.desk.step(0)
            await asyncio.sleep(0.01)
        step.result()


@pytest.fixture
def alertmanager() -> Iterator[AlertmanagerServer]:
    with AlertmanagerServer(f"http://127.0.0.1:{free_port()}/") as server:
        yield server


def test_a_silence_mutes_the_incident_alone_lasts_with_it_and_ends_with_the_ticket(
    sqlite_writer: Engine, alertmanager: AlertmanagerServer
) -> None:
    desk = RealDesk(sqlite_writer, alertmanager)
    desk.receive(an_alert(labels=Map(LABELS)))
    alertmanager.post([{"labels": labels, "endsAt": LONG_AFTER} for labels in (LABELS, OTHER)])
    desk.command("!silence replacing the disk", n=2)
    desk.work_until(lambda: desk.alerts().get("") == "suppressed")
    assert desk.alerts()["mail"] == "active"
    (first,) = desk.silences()
    assert first["createdBy"] == CHEN
    assert "202611-001" in first["comment"]

    desk.work_until(lambda: any(each["endsAt"] > first["endsAt"] for each in desk.silences()))
    assert [each["id"] for each in desk.silences()] == [first["id"]]

    desk.command("!close it is replaced", n=3)
    desk.work_until(lambda: not desk.silences() and desk.alerts()[""] == "active")


def test_one_wanted_while_alertmanager_was_away_is_set_when_it_is_back(
    sqlite_writer: Engine, alertmanager: AlertmanagerServer
) -> None:
    desk = RealDesk(sqlite_writer, alertmanager)
    desk.receive(an_alert(labels=Map(LABELS)))
    alertmanager.stop()
    desk.command("!silence", n=2)
    asyncio.run(desk._step())
    alertmanager.start()
    desk.work_until(lambda: len(desk.silences()) == 1)
