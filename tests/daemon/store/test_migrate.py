"""The schema is what the tables say, is made once, and is never older than its daemon thinks."""

from __future__ import annotations

import warnings
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from daemon.store import schema
from daemon.store.database import DatabaseError, transaction
from daemon.store.migrate import HEAD, find_revision, migrate

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from daemon.store.database import Database


def test_the_migrations_make_the_tables_as_they_are_declared(writer: Engine) -> None:
    with writer.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLite cannot reflect some of what it was told
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_the_newest_revision_is_the_one_the_daemon_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("daemon.store").joinpath("migrations")))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_second_start_has_nothing_to_do(empty_database: Database) -> None:
    engine = empty_database.open_writer()
    assert migrate(engine)
    assert not migrate(engine)
    engine.dispose()


def test_a_newer_schema_is_refused_for_good(writer: Engine) -> None:
    with transaction(writer) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer deskd") as refused:
        migrate(writer)
    assert refused.value.lasting


def test_a_migration_cut_short_leaves_nothing_and_is_done_at_the_next_start(empty_database: Database) -> None:
    engine = empty_database.open_writer()
    schema_of = _make_half_of_it(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
        assert find_revision(connection) is None
    assert migrate(engine)
    with engine.connect() as connection:
        assert schema_of <= set(inspect(connection).get_table_names())
    engine.dispose()


def _make_half_of_it(engine: Engine) -> set[str]:
    """Make tables in a transaction that never commits, as a killed migration does."""

    class PowerCutError(Exception):
        pass

    def begin(connection: Connection) -> None:
        schema.metadata.create_all(connection, tables=[schema.desk, schema.ledger, schema.tickets])
        raise PowerCutError

    with pytest.raises(PowerCutError), engine.begin() as connection:
        begin(connection)
    return {"desk", "ledger", "tickets"}
