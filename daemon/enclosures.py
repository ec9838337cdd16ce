"""The bytes of what goes along with a letter, taken out of the originals of the reports that brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.store.database import reading
from daemon.store.reports.originals import read_original
from ingest.mail.attached_files import attached_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.store.database import Engine
    from ingest.mail.body import AttachedFile
    from rules.attachment import TicketAttachment


def fetch_contents(reader: Engine, attachments: Sequence[TicketAttachment]) -> list[bytes | None]:
    """The bytes of each attachment, in order; None for what is no longer kept. One original is held at a time.

    Raises DatabaseError.
    """
    found: dict[TicketAttachment, bytes] = {}
    for source, key in dict.fromkeys((each.source, each.key) for each in attachments):
        files = _files_of(reader, source, key)
        wanted = [each for each in attachments if (each.source, each.key) == (source, key)]
        found |= {each: content for each in wanted if (content := _content(each, files)) is not None}
    return [found.get(each) for each in attachments]


def _files_of(reader: Engine, source: str, key: str) -> tuple[AttachedFile, ...]:
    with reading(reader) as connection:
        original = read_original(connection, source, key)
    return () if original is None else attached_files(original)


def _content(wanted: TicketAttachment, files: tuple[AttachedFile, ...]) -> bytes | None:
    """By its place, and where another release of deskd counts otherwise, by its name and size."""
    at_its_place = files[wanted.number - 1 : wanted.number]
    same = (file for file in (*at_its_place, *files) if _is_same(file, wanted))
    return next((file.content for file in same), None)


def _is_same(file: AttachedFile, wanted: TicketAttachment) -> bool:
    return (file.attachment.name, file.attachment.size) == (wanted.name, wanted.size)
