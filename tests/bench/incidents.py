"""How long a person's report is decided beside 100,000 open tickets of alerts, half of them about one service."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from immutables import Map
from sqlalchemy import insert

from daemon.store import schema
from daemon.store.database import Database, reading, transaction
from daemon.store.gather import gather_facts
from daemon.store.migrate import migrate
from daemon.store.rows import ticket_values
from rules.decide import decide
from rules.report import Alert
from tests.bench.results import Line, Mark, middle, percentile
from tests.daemon.desks import STANDING
from tests.rules.joining.shop import RULEBOOK
from tests.samples import FACTS, NOW, a_mail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from rules.ticket import Ticket
    from tests.bench.stage import Stage

#: For each mail of the corpus: 100,000 for the largest.
TICKETS: Final = 50
MAILS: Final = 300
MARK: Final = Mark(p99_below=5)
_WRITTEN_AT_ONCE: Final = 2_000


def measure_incidents(stage: Stage) -> Iterator[Line]:
    """Mails one by one, none of them recorded; each names the service of half of the tickets, and a host."""
    engine = Database.at(f"sqlite:///{stage.folder / 'incidents.sqlite3'}").open_writer()
    migrate(engine)
    yield _measure(engine, "floor: reports of a service beside no alert")
    tickets = TICKETS * len(stage.corpus.mails)
    _fill(engine, tickets)
    yield _measure(engine, f"reports of a service beside {tickets:,} open alerts' tickets", mark=MARK)
    engine.dispose()


def _measure(engine: Engine, name: str, *, mark: Mark | None = None) -> Line:
    taken = []
    for number in range(MAILS):
        text = f"Paying takes minutes since this morning, the shop at host-{number * 7} is slow, order {number}."
        mail = a_mail(f"someone-{number}@corp.example", f"Payment is slow {number}", text, n=number, verified=True)
        with reading(engine) as connection:
            started = time.perf_counter()
            facts = gather_facts(connection, [mail], RULEBOOK, STANDING, NOW)
            decide(mail, facts, RULEBOOK, NOW)
            taken.append(time.perf_counter() - started)
    return Line(
        name=name,
        value=len(taken) / sum(taken),
        p50=1000 * middle(taken),
        p99=1000 * percentile(taken, 0.99),
        mark=mark,
    )


def _fill(engine: Engine, tickets: int) -> None:
    alert = Alert(
        source="prod",
        key="slow",
        received_at=NOW,
        status="firing",
        fingerprint="slow",
        starts_at=NOW,
        labels=Map(alertname="HighLatency", severity="critical", service="checkout"),
        annotations=Map(summary="checkout answers slowly: p99 above 2 s"),
    )
    opened = decide(alert, FACTS, RULEBOOK, NOW).ticket
    assert opened is not None
    for start in range(1, tickets + 1, _WRITTEN_AT_ONCE):
        written = [_ticket(opened, number) for number in range(start, min(start + _WRITTEN_AT_ONCE, tickets + 1))]
        rows = [{"concern": each, "ticket_id": ticket.id} for ticket in written for each in ticket.concerns]
        with transaction(engine) as connection:
            connection.execute(insert(schema.tickets), [ticket_values(each) for each in written])
            connection.execute(insert(schema.concerns), rows)


def _ticket(like: Ticket, number: int) -> Ticket:
    service = like.concerns if number % 2 else ()
    return replace(
        like,
        id=number,
        number=f"INCIDENT-{number}",
        key=f"am:1:prod\n{number}",
        concerns=(*service, f"system host-{number}"),
    )
