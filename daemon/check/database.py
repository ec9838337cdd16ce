"""Whether the database can be used, and what is known of its version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines
from daemon.config.secrets import SecretError
from daemon.store.database import Database, DatabaseError, sqlite_can_lose_commits
from daemon.store.inspect import look_at_database
from daemon.store.migrate import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.config.settings import Config
    from daemon.store.inspect import DatabaseLook

#: Seconds that a server may take to let us in.
PATIENCE = 10


def check_database(config: Config, lines: Lines) -> list[Finding]:
    """Kind, version, schema, and whether it can be written to."""
    written = ("database",) in lines.lines
    where = lines.where_one_of(("database",), "url_file", "url") if written else lines.where("desk", "state")
    try:
        found = look_at_database(Database.at(config.database.url.reveal()), patience=PATIENCE)
    except (DatabaseError, SecretError) as error:
        return [Finding("FAIL", "database", str(error), where)]
    return list(_findings(found, where))


def _findings(found: DatabaseLook, where: str) -> Iterator[Finding]:
    said = f"{found.kind} {found.version}, {found.place}, {_schema(found.revision)}"
    if found.not_writable:
        yield Finding("FAIL", "database", f"{said}: {found.not_writable}", where)
    elif found.revision is not None and found.revision > HEAD:
        says = f"{said}: a newer deskd has changed it, and this one knows {HEAD}"
        yield Finding("FAIL", "database", says, where)
    else:
        yield Finding("ok", "database", said)
    if found.kind == "SQLite" and sqlite_can_lose_commits(found.version):
        says = (
            f"SQLite {found.version} can lose commits where two programs write at once (fixed in 3.51.3): "
            "deskd writes through one connection only; let no other program write to the file"
        )
        yield Finding("warn", "database", says)


def _schema(revision: str | None) -> str:
    return "empty, filled at the first start" if revision is None else f"schema {revision}"
