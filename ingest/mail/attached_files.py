"""The attachments of a mail with their bytes, in the order in which reading the mail lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.mail.body import read_files
from ingest.mail.limits import within_limits
from ingest.mail.parsing import UNREADABLE, parse

if TYPE_CHECKING:
    from ingest.mail.body import AttachedFile


def attached_files(original: bytes) -> tuple[AttachedFile, ...]:
    """What is attached to a mail; nothing where it cannot be parsed, as then its raw text was its only content."""
    bounded, _ = within_limits(original)
    try:
        message, _ = parse(bounded)
        return read_files(message)
    except UNREADABLE:
        return ()
