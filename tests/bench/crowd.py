"""How long a mail takes to be decided beside 100,000 open tickets: its facts gathered, then the decision.

Half of the tickets name the same printer: some values of the index are shared by 50,000.
"""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import insert

from daemon.store import schema
from daemon.store.database import Database, reading, transaction
from daemon.store.gather import gather_facts
from daemon.store.migrate import migrate
from daemon.store.rows import participant_values, ticket_values
from rules.decide import decide
from rules.facts import apply
from rules.joining.repeats import describe
from rules.language.similarity import sketch
from rules.report import Address, Mail
from tests.bench.results import Line, Mark, middle, percentile
from tests.daemon.desks import STANDING
from tests.samples import FACTS, NOW, RULEBOOK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from rules.ticket import Ticket
    from tests.bench.stage import Stage

_T = TypeVar("_T")

#: For each mail of the corpus: 100,000 for the largest.
TICKETS: Final = 50
MAILS: Final = 512
MARK: Final = Mark(p99_below=5)
_WRITTEN_AT_ONCE: Final = 2_000

_SYLLABLES: Final = (
    "ba", "cor", "den", "fil", "gor", "hem", "ker", "lum", "mar", "nor", "pel", "rin", "sol", "tav", "vex"
)  # fmt: skip
_CHINESE: Final = "财务采购客户订单报表会议合同仓库生产质检人事工资考勤物流销售审批预算资产培训"


def measure_crowd(stage: Stage) -> Iterator[Line]:
    """Mails one by one and in batches of 64, none of them recorded, beside no ticket and beside all of them."""
    engine = Database.at(f"sqlite:///{stage.folder / 'crowd.sqlite3'}").open_writer()
    migrate(engine)
    random = Random(7)
    yield _measure(engine, "floor: mails decided beside no ticket, one by one", 1, random)
    tickets = TICKETS * len(stage.corpus.mails)
    _fill(engine, tickets, random)
    yield _measure(engine, f"mails decided beside {tickets:,} open tickets, one by one", 1, random, mark=MARK)
    yield _measure(engine, f"mails decided beside {tickets:,} open tickets, 64 at once", 64, random, mark=MARK)
    engine.dispose()


def _measure(engine: Engine, name: str, size: int, random: Random, *, mark: Mark | None = None) -> Line:
    """Nothing of the mails is known beforehand."""
    mails = [_mail(random.randrange(10**9, 10**12), random) for _ in range(MAILS)]
    taken, worked = zip(*_decide(engine, mails, size), strict=True)
    return Line(
        name=name,
        value=1 / (sum(taken) / len(taken)),
        p50=1000 * middle(taken),
        p99=1000 * percentile(taken, 0.99),
        cpu=1000 * sum(worked) / len(worked),
        mark=mark,
        note=f"p99 of the CPU alone: {1000 * percentile(worked, 0.99):.1f} ms",
    )


def _decide(engine: Engine, mails: Sequence[Mail], size: int) -> list[tuple[float, float]]:
    """Seconds by the clock on the wall and of the processor for each mail, those of a batch alike."""
    taken = []
    for batch in _batched(mails, size):
        with reading(engine) as connection:
            started, worked = time.perf_counter(), time.process_time()
            facts = gather_facts(connection, batch, RULEBOOK, STANDING, NOW)
            for mail in batch:
                facts = apply(facts, mail, decide(mail, facts, RULEBOOK, NOW))
            passed = time.perf_counter() - started, time.process_time() - worked
            taken.append((passed[0] / len(batch), passed[1] / len(batch)))
    return taken


def _fill(engine: Engine, tickets: int, random: Random) -> None:
    """Write tickets as the desk would have, all alike but for what they are about and who reported it."""
    opened = decide(_mail(0, random), FACTS, RULEBOOK, NOW).ticket
    assert opened is not None
    for numbers in _batched(range(1, tickets + 1), _WRITTEN_AT_ONCE):
        written = [_ticket(opened, number, random) for number in numbers]
        rows = [{"value": value, "ticket_id": each.id} for each in written for value in sketch(each.summary)]
        people = [participant_values(each.id, 0, each.participants[0]) for each in written]
        with transaction(engine) as connection:
            connection.execute(insert(schema.tickets), [ticket_values(each) for each in written])
            connection.execute(insert(schema.participants), people)
            connection.execute(insert(schema.sketches), rows)


def _ticket(like: Ticket, number: int, random: Random) -> Ticket:
    mail = _mail(number, random)
    assert mail.sender is not None
    person = replace(like.participants[0], address=mail.sender.address)
    return replace(
        like,
        id=number,
        number=f"CROWD-{number}",
        requester=person.address,
        participants=(person,),
        subject=mail.subject,
        summary=describe(mail),
    )


def _mail(number: int, random: Random) -> Mail:
    """A report of 300 characters: half of all name one printer, the rest one of 3,000 words, rare ones rarely."""
    subject = "Heron printer jammed" if number % 2 else f"{_word(random)} {_word(random)} 打不开"
    words = [_chinese(random) if random.random() < 0.3 else _word(random) for _ in range(40)]
    return Mail(
        source="support",
        key=f"crowd.{number}",
        received_at=NOW,
        message_id=f"<crowd-{number}@mail.example>",
        sender=Address(f"crowd-{number}@corp.example"),
        subject=subject,
        text=" ".join(words)[:300],
        content_key=f"crowd {number}",
    )


def _batched(values: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _word(random: Random) -> str:
    rank = int(3_000 * random.random() ** 3)
    first, rest = rank % 15, rank // 15
    return _SYLLABLES[first] + _SYLLABLES[rest % 15] + _SYLLABLES[rest // 15]


def _chinese(random: Random) -> str:
    start = random.randrange(len(_CHINESE) - 2)
    return _CHINESE[start : start + 4]
