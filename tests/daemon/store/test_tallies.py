"""Totals add up, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.store.database import Database, reading, transaction
from daemon.store.tallies import Key, add_tallies, read_tallies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

Engines = tuple["Engine", "Engine"]
"""The writer and the reader of one database."""


@pytest.fixture
def engines(database: Database, writer: Engine) -> Iterator[Engines]:
    reader = database.open_reader()
    yield writer, reader
    reader.dispose()


def test_amounts_are_added_to_what_is_there(engines: Engines) -> None:
    writer, reader = engines
    opened = ("deskd_tickets_opened_total", ("hardware", "P1", "mail"))
    seconds = ("deskd_ticket_response_duration_seconds_sum", ("P1",))
    several: list[dict[Key, float]] = [{opened: 1, seconds: 0.25}, {seconds: 1.5}, {opened: 2.0}]
    for amounts in several:
        with transaction(writer) as connection:
            add_tallies(connection, amounts)
    with reading(reader) as connection:
        assert read_tallies(connection) == {opened: 3.0, seconds: 1.75}


def test_nothing_to_add_is_no_statement(engines: Engines) -> None:
    writer, reader = engines
    with transaction(writer) as connection:
        add_tallies(connection, {})
    with reading(reader) as connection:
        assert read_tallies(connection) == {}


def test_label_values_come_back_as_they_were(engines: Engines) -> None:
    writer, reader = engines
    key: Key = ("deskd_mails_total", ('支持 "one", two', ""))
    with transaction(writer) as connection:
        add_tallies(connection, {key: 1})
    with reading(reader) as connection:
        assert read_tallies(connection) == {key: 1.0}
