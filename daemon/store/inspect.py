"""A look at the database for whoever sets it up; nothing is made or changed."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from daemon.store.database import Database
from daemon.store.migrate import find_revision
from daemon.store.tickets.read import looking_into

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseLook:
    """What there is."""

    kind: str
    version: str
    place: str
    """The file, or the server and the name there; no password."""
    revision: str | None
    """Of the schema; None where it is still to be made."""
    not_writable: str | None
    """Why it could not be written to, or None."""


def look_at_database(database: Database, *, patience: int) -> DatabaseLook:
    """Look at a database; a server may take so many seconds to answer. Raises DatabaseError where it cannot be read."""
    path = database.path
    return _look_at_server(database, patience) if path is None else _look_at_file(database, path)


def _look_at_file(database: Database, path: Path) -> DatabaseLook:
    revision = None
    if path.exists():
        with looking_into(database) as connection:
            revision = find_revision(connection)
    return DatabaseLook(
        kind="SQLite",
        version=sqlite3.sqlite_version,
        place=str(path),
        revision=revision,
        not_writable=_why_not_writable(path),
    )


def _why_not_writable(path: Path) -> str | None:
    """SQLite makes files beside the database, so that the folder must be writable too."""
    if path.exists() and not os.access(path, os.W_OK):
        return f"{path} may not be written to by this user"
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    return None if os.access(folder, os.W_OK | os.X_OK) else f"{folder} may not be written to by this user"


def _look_at_server(database: Database, patience: int) -> DatabaseLook:
    hurried = Database(database.url.update_query_dict({"connect_timeout": str(patience)}))
    with looking_into(hurried) as connection:
        revision = find_revision(connection)
        return DatabaseLook(
            kind="PostgreSQL",
            version=str(connection.execute(text("SHOW server_version")).scalar()),
            place=database.url.render_as_string(hide_password=True),
            revision=revision,
            not_writable=_why_read_only(connection, empty=revision is None),
        )


def _why_read_only(connection: Connection, *, empty: bool) -> str | None:
    if connection.execute(text("SELECT pg_is_in_recovery()")).scalar():
        return "this server is a standby and takes no writes"
    may = "has_schema_privilege(current_schema(), 'CREATE')" if empty else "has_table_privilege('tickets', 'INSERT')"
    if not connection.execute(text(f"SELECT {may}")).scalar():
        return "this user may not write to the database"
    return None
