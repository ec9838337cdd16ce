"""`deskd check` on silences that could not be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from daemon.check.finding import Lines
from daemon.check.silences import check_silences
from daemon.config.read import read_config
from daemon.store import schema
from daemon.store.alerts.silences import settle_silences
from daemon.store.database import Database, transaction
from rules.silences.kept import KeptSilence
from tests.daemon.cli.desks import CONFIG, PRINTER, receive_mails, write_desk
from tests.samples import HOUR, NOW

if TYPE_CHECKING:
    from pathlib import Path

WITH_API = CONFIG.replace("[[people]]", 'api = "http://127.0.0.1:9"\n\n[[people]]')


def found(path: Path) -> list[tuple[str, str]]:
    return [(each.grade, each.says) for each in check_silences(read_config(path), Lines(path.name, {}))]


def test_what_cannot_be_set_or_ended_is_named_with_its_ticket(tmp_path: Path) -> None:
    path = write_desk(tmp_path, WITH_API)
    assert [grade for grade, _ in found(path)] == ["ok"]
    receive_mails(path, PRINTER)
    writer = Database.at(read_config(path).database.url.reveal()).open_writer()
    wanted = KeptSilence(ticket=1, source="prod", labels=(), by="li", until=NOW, due_at=NOW, failing_since=NOW - HOUR)
    with transaction(writer) as connection:
        settle_silences(connection, [wanted])
    since = "since 2026-11-23 09:00 +0800"
    assert found(path) == [("warn", f"that of 202611-001 could not be set at prod {since}")]
    with transaction(writer) as connection:
        connection.execute(update(schema.silences).values(state="ending"))
    assert found(path) == [("warn", f"that of 202611-001 could not be ended at prod {since}")]
    with transaction(writer) as connection:
        connection.execute(update(schema.silences).values(due_at=None))
    assert [grade for grade, _ in found(path)] == ["ok"]
    writer.dispose()
