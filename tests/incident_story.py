"""A story: the checkout is slow, monitoring and four people tell of it, and all of it is one ticket.

It is told twice: on a desk within the process, from which the README has its letters, and to the real daemon.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from zoneinfo import ZoneInfo

from immutables import Map
from sqlalchemy import select
from structlog.testing import capture_logs

from daemon.config.rulebooks import read_rulebook_file
from daemon.store import schema
from daemon.store.database import reading
from daemon.store.gather import Standing
from daemon.store.rows import read_letter
from ingest.alertmanager.notification import read_notification
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from outbound.letters import render
from rules.people import Person, Staff
from tests.daemon.desks import MovedClock, StandingDesk
from tests.databases import open_fresh
from tests.samples import KEYS
from tests.servers.desk import ADDRESS, compose_mail, compose_notification

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.letter import Template
    from rules.report import Report

RULEBOOK: Final = """\
name = "our-shop"
extends = "enterprise-itsm"

[categories.software.words]
4 = ["checkout", "payment", "支付"]

[[services]]
name = "checkout"
words = ["payment", "paying", "支付", "付款", "结账"]
labels = { service = "checkout" }
depends_on = ["db"]

[[services]]
name = "db"
words = ["database", "数据库"]
labels = { job = "db-hosts" }
"""
ZONE: Final = ZoneInfo("Asia/Shanghai")
LI: Final = "li.wei@desk.example"
STAFF: Final = (
    Person(address=LI, name="Li Wei", teams=("software",), language="en"),
    Person(address="zhou.min@desk.example", name="Zhou Min", role="lead", teams=("software",), language="en"),
)
ALICE, BOB, WANG, CHEN = (f"{name}@corp.example" for name in ("alice", "bob", "wang.fang", "chen.jing"))
NAMES: Final = {ALICE: "Alice Brown", BOB: "Bob Green", WANG: "王芳", CHEN: "陈静", LI: "Li Wei"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens at a time of the morning, and the letters of it that the README shows."""

    at: str
    says: str
    """What happens, in a sentence."""
    by: str = ""
    """Who writes; empty where monitoring does."""
    subject: str = ""
    """Of a new mail; empty for an answer."""
    answers: Template | None = None
    text: str = ""
    alert: str = ""
    labels: Map[str, str] = Map()
    status: str = "firing"
    summary: str = ""
    shows: tuple[tuple[Template, str], ...] = ()


CHECKOUT: Final = Map(service="checkout")
HOST: Final = Map(job="db-hosts", instance="db1.corp.example:9100")

STEPS: Final = (
    Step(
        at="09:58",
        says='`HighLatency{service="checkout"}` fires.',
        alert="HighLatency",
        labels=CHECKOUT,
        summary="checkout answers slowly: p99 above 2 s",
    ),
    Step(
        at="10:01",
        says="Li Wei takes it by mail.",
        by=LI,
        answers="assigned",
        text="!take",
    ),
    Step(
        at="10:02",
        says="Alice writes. It is likely enough: her report joins by itself, and she is told that it is known.",
        by=ALICE,
        subject="Payment is very slow",
        text="Paying takes more than a minute since ten o'clock.",
        shows=(("receipt", ALICE), ("repeated", LI)),
    ),
    Step(
        at="10:03",
        says="So does Wang Fang, in Chinese.",
        by=WANG,
        subject="支付很慢",
        text="客户付款一直转圈，要等一分多钟。",
        shows=(("receipt", WANG),),
    ),
    Step(
        at="10:05",
        says="The database's host goes down. The checkout needs it: the alert joins the same ticket.",
        alert="HostDown",
        labels=HOST,
        summary="db1 does not answer",
        shows=(("firing", LI),),
    ),
    Step(
        at="10:06",
        says="Bob says less. His mail opens a ticket of its own, and the assignee reads what it may be.",
        by=BOB,
        subject="Payment page",
        text="Something is odd with payment today, customers call me.",
        shows=(("assigned", LI),),
    ),
    Step(
        at="10:08",
        says="Li Wei joins it with one word.",
        by=LI,
        answers="assigned",
        text="!join",
        shows=(("joined", BOB), ("transcript", LI)),
    ),
    Step(
        at="10:09",
        says="Chen Jing writes, too.",
        by=CHEN,
        subject="付款超时",
        text="付款页面超时，打不开了。",
    ),
    Step(
        at="10:12",
        says="Li Wei confirms that all of them have this problem, so that they may read his words.",
        by=LI,
        answers="repeated",
        text="!join",
        shows=(("transcript", LI),),
    ),
    Step(
        at="10:15",
        says="He answers them once; each gets it in his own thread.",
        by=LI,
        answers="repeated",
        text="The database's host has failed. We are moving to the standby, about 20 minutes.",
        shows=(("answer", BOB), ("answer", CHEN)),
    ),
    Step(
        at="10:36",
        says="The database's host is back.",
        alert="HostDown",
        labels=HOST,
        status="resolved",
        summary="db1 does not answer",
    ),
    Step(
        at="10:38",
        says="The checkout is fast again. The ticket is held open, in case it fires once more.",
        alert="HighLatency",
        labels=CHECKOUT,
        status="resolved",
        summary="checkout answers slowly: p99 above 2 s",
    ),
    Step(
        at="10:44",
        says="It did not: the ticket heals, and everybody is asked.",
        shows=(("over", ALICE), ("over", WANG), ("over", LI)),
    ),
    Step(at="10:52", says="Alice says yes.", by=ALICE, answers="over", text="Solved, thank you."),
    Step(at="10:53", says="Wang Fang, too.", by=WANG, answers="over", text="已解决，谢谢"),
    Step(at="10:55", says="And Bob.", by=BOB, answers="over", text="It is fixed, thanks!"),
    Step(
        at="11:04",
        says="Chen Jing is the last to say yes, and is asked how satisfied she is.",
        by=CHEN,
        answers="over",
        text="已经好了",
        shows=(("rating", CHEN),),
    ),
    Step(at="11:06", says="Her answer closes the ticket.", by=CHEN, answers="rating", text="4"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter of the story: to whom, of which template, and its words."""

    to: str
    template: str
    subject: str
    text: str


class Desk(Protocol):
    """What a story is told to."""

    def at(self, time: str) -> object:
        """Let it be that time."""

    def alert(self, name: str, *, status: str = ..., started: str = ..., summary: str = ..., **labels: str) -> object:
        """Monitoring reports an alert."""

    def mail(self, sender: str, subject: str, text: str) -> object:
        """Somebody writes a new mail."""

    def reply(self, sender: str, text: str, template: str = "") -> object:
        """Somebody answers the newest letter of a template to him."""


def do_step(desk: Desk, step: Step) -> None:
    """Let one step of the story happen."""
    desk.at(f"11-16 {step.at}")
    if step.alert:
        begun = next(each.at for each in STEPS if each.alert == step.alert)
        desk.alert(step.alert, status=step.status, started=f"11-16 {begun}", summary=step.summary, **dict(step.labels))
    elif step.subject:
        desk.mail(f"{NAMES[step.by]} <{step.by}>", step.subject, step.text)
    elif step.answers:
        desk.reply(step.by, step.text, step.answers)


class InProcess:
    """A desk on a database of its own, without mailbox and mail server."""

    def __init__(self, folder: Path) -> None:
        (folder / "our-shop.toml").write_text(RULEBOOK)
        self._engine = open_fresh(folder / "desk.sqlite3")
        self._clock = MovedClock(self._time("11-16 09:00"))
        standing = Standing(
            staff=Staff(people=Map({person.address: person for person in STAFF}), known=frozenset({"@corp.example"})),
            keys=KEYS,
            desk_name="IT Service Desk",
            domain="desk.example",
            commands_by_mail=True,
            own=frozenset({ADDRESS}),
        )
        rulebook = read_rulebook_file(folder / "our-shop.toml")
        self._desk = StandingDesk(self._engine, self._clock, rulebook, standing=standing)
        self._mails = 0
        self._read = 0
        self._letters: list[tuple[str, Shown]] = []

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def at(self, time: str) -> None:
        self._clock.now = self._time(time)
        while self._desk.tick():
            pass

    def alert(self, name: str, *, status: str = "firing", started: str = "", summary: str = "", **labels: str) -> None:
        now = self._clock.now
        alert: dict[str, Any] = {
            "status": status,
            "labels": {"alertname": name, "severity": "critical", **labels},
            "annotations": {"summary": summary},
            "startsAt": self._time(started).isoformat(),
            "endsAt": now.isoformat() if status == "resolved" else "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example/graph",
            "fingerprint": f"{name:0>16}"[:16],
        }
        body = compose_notification([alert])
        self._take(*read_notification(body, source="prod", received_at=now).alerts)

    def mail(self, sender: str, subject: str, text: str, references: str = "") -> None:
        self._mails += 1
        headers = {"In-Reply-To": references, "References": references} if references else {}
        address = sender.rpartition("<")[2].rstrip(">")
        original = compose_mail(
            sender, subject, text, message_id=f"<mail-{self._mails}@{address.rpartition('@')[2]}>", headers=headers
        )
        ourselves = Ourselves(addresses=frozenset({ADDRESS}), senders_are_checked=True)
        now = self._clock.now
        self._take(read_mail(original, source="support", key=f"1.{self._mails}", received_at=now, ourselves=ourselves))

    def reply(self, sender: str, text: str, template: str = "") -> None:
        message_id, letter = next(
            each for each in reversed(self._letters) if each[1].to == sender and template in ("", each[1].template)
        )
        self.mail(sender, f"Re: {letter.subject}", text, message_id)

    def new_letters(self) -> list[Shown]:
        """What was written since the last look."""
        table = schema.letters
        with reading(self._engine) as connection:
            rows = connection.execute(select(table).order_by(table.c.id)).all()[self._read :]
        self._read += len(rows)
        fresh = []
        for row in rows:
            letter = read_letter(row)
            rendered = render(letter)
            fresh.append((row.message_id, Shown(letter.to, letter.template, rendered.subject, rendered.text)))
        self._letters += fresh
        return [shown for _, shown in fresh]

    def _take(self, *reports: Report) -> None:
        self.new_letters()
        self._desk.receive(*reports)

    def _time(self, written: str) -> datetime:
        return datetime.strptime(f"2026-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def tell() -> Iterator[tuple[Step, list[Shown]]]:
    """The steps of the story, each with the letters that it writes."""
    with tempfile.TemporaryDirectory() as folder, capture_logs():
        desk = InProcess(Path(folder))
        try:
            for step in STEPS:
                do_step(desk, step)
                yield step, desk.new_letters()
        finally:
            desk.close()


def incident_story() -> str:
    """The story as the README tells it: each step, what was written, and the letters that are worth reading."""
    return "\n\n".join(_told(step, letters) for step, letters in tell())


def _told(step: Step, letters: list[Shown]) -> str:
    parts = [f"**{step.at}** {step.says}"]
    if step.by:
        parts.append(_quoted(f"Subject: {step.subject}\n\n{step.text}" if step.subject else step.text))
    for template, to in step.shows:
        letter = next(each for each in letters if (each.template, each.to) == (template, to))
        parts.append(_letter(letter))
    return "\n\n".join(parts)


def _letter(letter: Shown) -> str:
    name = NAMES.get(letter.to, letter.to)
    return f"```text\nTo: {name} <{letter.to}>\nSubject: {letter.subject}\n\n{letter.text.strip()}\n```"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
