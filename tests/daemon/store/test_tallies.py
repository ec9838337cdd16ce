"""Totals add up, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.store.database import Database, reading, transaction
from daemon.store.migrate import migrate
from daemon.store.tallies import Key, add_tallies, read_tallies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

Engines = tuple["Engine", "Engine"]
"""The writer and the reader of one database."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engines]:
    if request.param == "sqlite":
        database = Database.at(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    else:
        database = Database.at(request.getfixturevalue("postgres_url"))
    writer, reader = database.open_writer(), database.open_reader()
    migrate(writer)
    yield writer, reader
    reader.dispose()
    writer.dispose()


def test_amounts_are_added_to_what_is_there(database: Engines) -> None:
    writer, reader = database
    opened = ("deskd_tickets_opened_total", ("hardware", "P1", "mail"))
    seconds = ("deskd_ticket_response_duration_seconds_sum", ("P1",))
    several: list[dict[Key, float]] = [{opened: 1, seconds: 0.25}, {seconds: 1.5}, {opened: 2.0}]
    for amounts in several:
        with transaction(writer) as connection:
            add_tallies(connection, amounts)
    with reading(reader) as connection:
        assert read_tallies(connection) == {opened: 3.0, seconds: 1.75}


def test_nothing_to_add_is_no_statement(database: Engines) -> None:
    writer, reader = database
    with transaction(writer) as connection:
        add_tallies(connection, {})
    with reading(reader) as connection:
        assert read_tallies(connection) == {}


def test_label_values_come_back_as_they_were(database: Engines) -> None:
    writer, reader = database
    key: Key = ("deskd_mails_total", ('支持 "one", two', ""))
    with transaction(writer) as connection:
        add_tallies(connection, {key: 1})
    with reading(reader) as connection:
        assert read_tallies(connection) == {key: 1.0}
