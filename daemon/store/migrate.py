"""Bringing the schema up to date at start, once across all daemons."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from daemon.store.database import DatabaseError, as_database_error

#: The newest revision this program knows; a test compares it with `migrations/versions`.
HEAD = "0001"

#: Any number; the same in all daemons. PostgreSQL releases it with the transaction.
_LOCK = 0x6465736B64


def migrate(engine: Engine) -> bool:
    """Bring the schema to the newest revision, in one transaction; returns whether anything was to do.

    Raises DatabaseError where a newer deskd has changed the schema already: this one must not write to it.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            found = find_revision(connection)
            if found == HEAD:
                return False
            _upgrade(connection, found)
            return True
    except DBAPIError as error:
        raise as_database_error(error) from error


def find_revision(connection: Connection) -> str | None:
    """The schema's revision, or None in an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, found: str | None) -> None:
    # Alembic costs a third of a second to import: it is loaded only where there is something to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("daemon.store").joinpath("migrations")))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseError(
            f"a newer deskd has changed the schema (revision {found}); this one knows {HEAD}", lasting=True
        )
    command.upgrade(config, "head")
