"""`deskd tickets save`: the mails of a ticket as they came, and what was attached to them, as files.

Names come from strangers. They are cleaned, numbered and cut, so that none leaves the folder or takes another's place,
and nothing that is there already is written over.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.cli.layout import one_line, write
from daemon.store.reports.originals import read_original
from daemon.store.tickets.read import read_ticket_file
from ingest.mail.attached_files import attached_files
from ingest.mail.attachment_names import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from daemon.cli.ticket_views import View
    from daemon.store.database import Connection
    from rules.ticket import Ticket

#: Bytes, of the 255 that file systems allow.
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One file to be, or why there is none."""

    name: str
    content: bytes | None


def save_ticket(view: View, number: str, folder: Path, *, refused: bool) -> int:
    """Save what came with a ticket into a folder, which is made where it is missing; prints the path of each file.

    What the rulebook refuses is left out unless `refused`; the mails hold it in any case. Returns the exit status: 1
    where the ticket is not there, or something could not be saved.
    """
    with view.reading() as connection:
        file = read_ticket_file(connection, number)
        if file is None:
            sys.stderr.write(f"there is no ticket {number}\n")
            return 1
        reports = [(report.source, report.key) for report in file.reports if report.channel == "mail"]
        return _save(_contents(connection, file.ticket, reports, refused=refused), folder)


def _contents(
    connection: Connection, ticket: Ticket, reports: Iterable[tuple[str, str]], *, refused: bool
) -> Iterator[Found]:
    left_out = {(each.source, each.key, each.number) for each in ticket.attachments if each.refused and not refused}
    for place, (source, key) in enumerate(reports, start=1):
        original = read_original(connection, source, key)
        yield Found(f"{place:02}-{_file_name(f'{source} {key}')}.eml", original)
        for number, file in enumerate(attached_files(original or b""), start=1):
            if (source, key, number) not in left_out:
                yield Found(f"{place:02}.{number:02}-{_file_name(file.attachment.name)}", file.content)


def _file_name(name: str) -> str:
    """A name for a file system: cleaned, and its beginning cut where it has too many bytes."""
    written = clean_name(name).encode("utf-8", "replace")[-LONGEST_NAME:]
    return written.decode("utf-8", "ignore").strip(". ") or "file"


def _save(files: Iterable[Found], folder: Path) -> int:
    status = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            status |= _save_one(file, folder)
    except OSError as error:
        sys.stderr.write(f"cannot save into {folder}: {error.strerror}\n")
        return 1
    return status


def _save_one(file: Found, folder: Path) -> int:
    path = folder / file.name
    if file.content is None:
        sys.stderr.write(f"{one_line(file.name)}: no longer kept\n")
        return 1
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        sys.stderr.write(f"{path} is there already: not written over\n")
        return 1
    with os.fdopen(opened, "wb") as target:
        target.write(file.content)
    write(f"{path}\n")
    return 0
