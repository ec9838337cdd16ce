"""What the store tells the gate about the letters of an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.posted import find_past
from tests.samples import HOUR, MINUTE, NOW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

PER_HOUR = 10


def _counted(engine: Engine, now: datetime) -> int:
    with transaction(engine) as connection:
        return find_past(connection, (), (), PER_HOUR, now).desk


def _write(engine: Engine, letters: int) -> None:
    with transaction(engine) as connection:
        connection.execute(update(schema.desk).values(last_letter=schema.desk.c.last_letter + letters))


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        pytest.param([7], [7], id="those of this hour"),
        pytest.param([7, 0], [7, 0], id="an hour begins with none"),
        pytest.param([25, 0, 0, 0], [25, 15, 5, 0], id="what was too much counts in the hours in which it leaves"),
        pytest.param([25, 8, 0], [25, 23, 13], id="with what is written then"),
    ],
)
def test_an_hour_counts_what_leaves_in_it(writer: Engine, written: Sequence[int], counted: Sequence[int]) -> None:
    found = []
    for hour, letters in enumerate(written):
        begun = NOW + hour * HOUR
        _counted(writer, begun)
        _write(writer, letters)
        found.append(_counted(writer, begun + MINUTE))
    assert found == counted


def test_hours_in_which_nothing_was_written_take_letters_too(writer: Engine) -> None:
    _counted(writer, NOW)
    _write(writer, 45)
    assert _counted(writer, NOW + 3 * HOUR) == 15
