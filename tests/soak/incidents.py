"""Incidents seen by a real Prometheus and told by two Alertmanagers, while each of the four processes dies at times.

A service goes down, its ticket opens; it comes back, its ticket ends. However often Prometheus, an Alertmanager or the
desk is killed meanwhile: one ticket for each incident, none left open, none lost.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from tests.servers.desk import TOKEN, DeskProcess
from tests.servers.prometheus import PrometheusServer, alertmanager_pair
from tests.soak.services import RULES, Services

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tests.servers.smtp import SmtpSink

#: So many services are down or on their way back at a time.
AT_ONCE = 4
LOOK_SECONDS = 0.25
#: How long it may take until an incident has its ticket, or has it no more, restarts in between included.
PATIENCE = 90.0

#: Five minutes bring more than thirty incidents, of which each is to have a ticket of its own.
NO_STORM = "\n[alerts.storm]\ntickets = 0\n"

Stage = Literal["breaking", "down", "healing"]


class Process(Protocol):
    """Something that can be killed and started again with what it had written."""

    def kill(self) -> None: ...
    def start(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how long a service stays down, and how often something is killed."""

    seconds: float
    down: float
    life: float
    """Seconds between two kills, more or less."""


@dataclass(slots=True)
class Incident:
    """One service that went down."""

    service: str
    stage: Stage = "breaking"
    since: float = 0.0
    """When its stage began."""
    heals_at: float = 0.0


@dataclass(slots=True)
class Outcome:
    """What a run has come to."""

    incidents: int = 0
    opened_within: list[float] = field(default_factory=list)
    """Seconds from going down to a ticket."""
    ended_within: list[float] = field(default_factory=list)
    """Seconds from coming back to the ticket's end."""
    kills: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)


def soak_incidents(plan: Plan, sink: SmtpSink, random: Random) -> Outcome:
    """Let services break and heal for as long as planned, kill what is between them and the desk, and count tickets."""
    desk = DeskProcess(smtp_port=sink.port)
    with ExitStack() as stack:
        services = stack.enter_context(Services())
        pair = alertmanager_pair(
            f"http://127.0.0.1:{desk.port}/alertmanager/prod", token=TOKEN, route={"group_by": ["service"]}
        )
        alertmanagers = [stack.enter_context(each) for each in pair]
        prometheus = PrometheusServer({"services": [services.target]}, rules=RULES, alertmanagers=alertmanagers)
        stack.enter_context(prometheus)
        with (desk.base / "rulebook.toml").open("a") as rulebook:
            rulebook.write(NO_STORM)
        desk.ask_alertmanager(*(each.url for each in alertmanagers), receivers=["desk"], correct_after="10s")
        stack.enter_context(desk)
        processes: dict[str, Process] = {
            "desk": desk,
            "prometheus": prometheus,
            "first": alertmanagers[0],
            "second": alertmanagers[1],
        }
        run = _Run(plan, desk, services, processes, random)
        run.play()
        run.count_tickets()
        return run.outcome


class _Run:
    def __init__(
        self,
        plan: Plan,
        desk: DeskProcess,
        services: Services,
        processes: Mapping[str, Process],
        random: Random,
    ) -> None:
        self.outcome = Outcome()
        self._plan, self._desk, self._services = plan, desk, services
        self._processes, self._random = processes, random
        self._under_way: list[Incident] = []
        self._began = time.monotonic()
        self._next_kill = self._soon(plan.life)

    @property
    def _now(self) -> float:
        return time.monotonic() - self._began

    def play(self) -> None:
        """Break and heal until the time is over, and then let everything heal."""
        while self._now < self._plan.seconds or self._under_way:
            if self._now < self._plan.seconds:
                self._break_some()
                self._kill_one()
            statuses = self._statuses()
            self._under_way = [each for each in self._under_way if self._follow(each, statuses)]
            # no test waits here for something to happen: this is how often the run looks
            time.sleep(LOOK_SECONDS)

    def count_tickets(self) -> None:
        """Note every incident that has no ticket or several, and every episode that still fires."""
        counts = Counter(service for service, _ in self._tickets())
        for number in range(self.outcome.incidents):
            if counts[_name(number)] != 1:
                self.outcome.troubles.append(f"{_name(number)} has {counts[_name(number)]} tickets")
        if firing := self._desk.rows("SELECT name FROM episodes WHERE resolved_at IS NULL"):
            self.outcome.troubles.append(f"{len(firing)} episodes fire for ever")

    def _break_some(self) -> None:
        while len(self._under_way) < AT_ONCE:
            incident = Incident(_name(self.outcome.incidents), since=self._now)
            self.outcome.incidents += 1
            self._services.take_down(incident.service)
            self._under_way.append(incident)

    def _kill_one(self) -> None:
        if self._now < self._next_kill:
            return
        name = self._random.choice(sorted(self._processes))
        self._processes[name].kill()
        self._processes[name].start()
        self.outcome.kills[name] += 1
        self._next_kill = self._soon(self._plan.life)

    def _follow(self, incident: Incident, statuses: Mapping[str, str]) -> bool:
        """Move one incident on; returns whether it is still under way."""
        status = statuses.get(incident.service)
        match incident.stage:
            case "breaking" if status is not None:
                self.outcome.opened_within.append(self._enter(incident, "down"))
                incident.heals_at = self._soon(self._plan.down)
            case "down" if self._now >= incident.heals_at:
                self._services.bring_up(incident.service)
                self._enter(incident, "healing")
            case "healing" if status in {"resolved", "closed"}:
                self.outcome.ended_within.append(self._now - incident.since)
                return False
            case "breaking" | "healing" if self._now - incident.since > PATIENCE:
                self._services.bring_up(incident.service)
                self.outcome.troubles.append(f"{incident.service} is {incident.stage} for ever; its ticket: {status}")
                return False
        return True

    def _enter(self, incident: Incident, stage: Stage) -> float:
        """Begin a stage; returns how many seconds the one before took."""
        took = self._now - incident.since
        incident.stage, incident.since = stage, self._now
        return took

    def _statuses(self) -> dict[str, str]:
        return dict(self._tickets())

    def _tickets(self) -> list[tuple[str, str]]:
        """The service and the status of every ticket, oldest first."""
        rows = self._desk.rows("SELECT subject, status FROM tickets ORDER BY id")
        return [(subject.partition("(")[2].rstrip(")"), status) for subject, status in rows]

    def _soon(self, seconds: float) -> float:
        return self._now + seconds * self._random.uniform(0.5, 1.5)


def _name(number: int) -> str:
    return f"service-{number}"
