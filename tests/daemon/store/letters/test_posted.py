"""What the store tells the gate about the letters of an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from daemon.store.database import transaction
from daemon.store.letters.posted import find_past
from daemon.store.record import record_letters
from rules.directory import Directory
from rules.letter import Letter
from rules.letters.gate import Gate
from rules.sections.desk import LetterRules
from tests.daemon.desks import STANDING, StandingDesk
from tests.samples import HOUR, LI, MINUTE, NOW, STAFF, a_mail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from rules.letter import Template

PER_HOUR = 10
BEGIN = NOW + HOUR
"""Of the hour after that in which the letters of the ticket itself were written."""


@pytest.fixture
def engine(writer: Engine) -> Engine:
    """A database with a ticket."""
    StandingDesk(writer).receive(a_mail())
    return writer


def counted(engine: Engine, now: datetime) -> int:
    with transaction(engine) as connection:
        return find_past(connection, (), (), now).desk


def write(engine: Engine, count: int, now: datetime, *, to: str | None = None, template: Template = "progress") -> None:
    """Write letters as the gate lets them go."""
    with transaction(engine) as connection:
        gate = Gate(
            past=find_past(connection, (), (), now),
            rules=LetterRules(desk_per_hour=PER_HOUR),
            staff=STAFF,
            directory=Directory(),
            own=frozenset(),
            now=now,
        )
        people = [to or f"user{n}@corp.example" for n in range(count)]
        letters = [gate.judge(Letter(to=one, template=template, language="en"), 1) for one in people]
        record_letters(connection, [(1, letter) for letter in letters], STANDING, now)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        pytest.param([7], [7], id="those of this hour"),
        pytest.param([7, 0], [7, 0], id="an hour begins with none"),
        pytest.param([25, 0, 0, 0], [25, 15, 5, 0], id="what was too much counts in the hours in which it leaves"),
        pytest.param([25, 8, 0], [25, 23, 13], id="with what is written then"),
    ],
)
def test_an_hour_counts_what_leaves_in_it(engine: Engine, written: Sequence[int], found: Sequence[int]) -> None:
    counts = []
    for hour, letters in enumerate(written):
        begun = BEGIN + hour * HOUR
        write(engine, letters, begun)
        counts.append(counted(engine, begun + MINUTE))
    assert counts == found


def test_hours_in_which_nothing_was_written_take_letters_too(engine: Engine) -> None:
    write(engine, 45, BEGIN)
    assert counted(engine, BEGIN + 3 * HOUR) == 15


def test_what_was_held_back_takes_nobodys_place(engine: Engine) -> None:
    write(engine, 50, BEGIN, to="no-reply@shop.example")
    assert counted(engine, BEGIN + MINUTE) == 0
    assert counted(engine, BEGIN + HOUR) == 0


def test_what_waited_for_nothing_takes_no_place_in_later_hours(engine: Engine) -> None:
    write(engine, 50, BEGIN, to=LI, template="assigned")
    assert counted(engine, BEGIN + MINUTE) == 50
    assert counted(engine, BEGIN + HOUR) == 0


@pytest.mark.parametrize("by", [pytest.param(HOUR, id="an hour"), pytest.param(timedelta(hours=8), id="a time zone")])
def test_a_clock_that_is_set_back_keeps_no_letter_waiting(engine: Engine, by: timedelta) -> None:
    write(engine, 3, BEGIN)
    assert counted(engine, BEGIN - by) < PER_HOUR
