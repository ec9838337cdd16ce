"""A storm: very many different alerts at once, and the mails that people write meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.bench.corpus import BEGIN, SEED
from tests.bench.desk import SOURCE
from tests.bench.results import Line, Mark, percentile
from tests.bench.webhooks import PROJECT
from tests.servers.desk import TOKEN, compose_mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.desk import MeasuredDesk
    from tests.bench.stage import Stage
    from tests.servers.dovecot import ServedMailbox

ALERTS: Final = 50_000
#: So many alerts for each webhook body of the corpus: a short cut has a short storm.
FOR_EACH_BODY: Final = 25
CONNECTIONS: Final = 8
#: Of a body; and the share of alerts that are another host of the alert before.
MOST_ALERTS, SAME_KEY = 500, 0.2
QUIET_MAILS: Final = 40
PAUSE, LOOK_SECONDS = 0.1, 0.01

STORM = Mark(at_least=400)


def measure_storm(stage: Stage) -> Iterator[Line]:
    """Mails one after the other to a quiet desk, and then the same while a storm comes over it."""
    total = min(ALERTS, FOR_EACH_BODY * len(stage.corpus.bodies))
    mailbox = stage.new_mailbox()
    desk = stage.new_desk(mailbox, storms=True)
    people = _People(desk, mailbox)
    quiet = people.write_while(lambda: len(people.seconds) < QUIET_MAILS)
    before = desk.usage()
    storm = _post(stage, desk, storm_bodies(total))
    during = people.write_while(lambda: storm.poll() is None)
    outcome, after = json.loads(storm.communicate()[0]), desk.usage()
    assert not outcome["refused"], f"{outcome['refused']} bodies were refused"
    for table in ("ledger WHERE channel = 'alert'", "episodes WHERE resolved_at IS NULL"):
        assert desk.count(table) == total, f"{desk.count(table):,} of {total:,} in {table}"
    letters = desk.count("letters JOIN tickets ON tickets.id = ticket_id WHERE tickets.channel = 'alert'")
    tickets = desk.count("tickets WHERE channel = 'alert'")
    assert tickets < 100, f"{tickets:,} tickets"
    assert letters < 200, f"{letters:,} letters"
    yield Line(
        name="storm: different alerts, 8 connections",
        value=total / outcome["seconds"],
        p50=percentile(outcome["milliseconds"], 0.5),
        p99=percentile(outcome["milliseconds"], 0.99),
        cpu=(after.cpu - before.cpu) / total,
        peak=after.peak,
        mark=STORM,
        note=f"{total:,} alerts in {outcome['seconds']:.0f} s became {tickets:,} tickets and {letters:,} letters",
    )
    yield _mail_line("mail to ticket, quiet", quiet)
    yield _mail_line("mail to ticket, during the storm", during)
    desk.kill()


def _mail_line(name: str, seconds: Sequence[float]) -> Line:
    milliseconds = [1000 * each for each in seconds]
    return Line(
        name=name,
        value=len(seconds) / sum(seconds) if seconds else 0,
        p50=percentile(milliseconds, 0.5),
        p99=percentile(milliseconds, 0.99),
        note=f"{len(seconds)} mails one after the other, from APPEND to COMMIT",
    )


class _People:
    """Somebody who writes a mail as soon as the one before has its ticket."""

    def __init__(self, desk: MeasuredDesk, mailbox: ServedMailbox) -> None:
        self._desk, self._mailbox = desk, mailbox
        self.seconds: list[float] = []

    def write_while(self, goes_on: Callable[[], bool]) -> Sequence[float]:
        """The seconds from each mail to its ticket."""
        first = len(self.seconds)
        while goes_on():
            self.seconds.append(self._write(len(self.seconds)))
            time.sleep(PAUSE)
        return self.seconds[first:]

    def _write(self, number: int) -> float:
        words = f"Machine {number} in hall {number % 7} does not start any more."
        sender = f"Person {number} <person{number}@corp.example>"
        self._mailbox.append(compose_mail(sender, words, words, message_id=f"<storm.{number}@corp.example>"))
        began = time.monotonic()
        while self._desk.count("ledger WHERE channel = 'mail'") <= number:
            time.sleep(LOOK_SECONDS)
        return time.monotonic() - began


def _post(stage: Stage, desk: MeasuredDesk, bodies: Sequence[bytes]) -> subprocess.Popen[bytes]:
    file = stage.folder / "storm"
    file.write_bytes(b"\n".join(bodies))
    words = [desk.port, f"/alertmanager/{SOURCE}", TOKEN, CONNECTIONS, file]
    command = [sys.executable, "-m", "tests.bench.http_load", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT)


def storm_bodies(total: int) -> list[bytes]:
    """So many alerts, each with a fingerprint of its own and most with a key of their own, in bodies of many sizes."""
    random, bodies, first = Random(SEED), [], 0
    while first < total:
        count = min(total - first, int(random.paretovariate(0.6)), MOST_ALERTS)
        alerts = [_alert(random, number) for number in range(first, first + count)]
        notification = {"version": "4", "groupKey": f"{{}}:{first}", "status": "firing", "alerts": alerts}
        bodies.append(json.dumps(notification, separators=(",", ":")).encode())
        first += count
    return bodies


def _alert(random: Random, number: int) -> dict[str, Any]:
    key = number - 1 if random.random() < SAME_KEY else number
    labels = {
        "alertname": f"Service{key % 500}Down",
        "severity": random.choice(("info", "warning", "critical")),
        "service": f"service{key}",
        "cluster": "east",
        "instance": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}:9100",
    }
    return {
        "status": "firing",
        "labels": labels,
        "annotations": {"summary": f"{labels['alertname']} on {labels['instance']}"},
        "startsAt": BEGIN.isoformat(),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example:9090/graph",
        "fingerprint": f"{number:016x}",
    }
