"""What a file is, told by its content and never by its name, and the reports in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.alertmanager.notification import NotificationError, read_notification
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from rules.report import Report

#: Beyond this nobody sends a mail, and a device such as /dev/zero has no end.
LARGEST_FILE = 64 * 1024 * 1024

#: What a JSON value other than an object begins with. No header of a mail begins so, but for letters.
_JSON_BEGINS = b'["-0123456789tfn'


class MaterialError(Exception):
    """The file holds nothing that the desk could be told; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where files are taken to come from."""

    mailbox: str = "mailbox"
    alertmanager: str = "alertmanager"
    ourselves: Ourselves = field(default_factory=Ourselves)


@dataclass(frozen=True, slots=True)
class Material:
    """The reports of one file, in order, and (raw JSON, reason) of each alert that could not be read."""

    reports: tuple[Report, ...]
    refused: tuple[tuple[str, str], ...] = ()


def read_content(file: Path) -> bytes:
    """The bytes of a file; raises MaterialError where there are none, or too many."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = getattr(error, "strerror", None) or str(error)
        raise MaterialError(f"the file cannot be read: {why.lower()}") from error
    if len(content) > LARGEST_FILE:
        raise MaterialError(f"the file is larger than {LARGEST_FILE // 1024**2} MiB")
    if not content.strip():
        raise MaterialError("the file is empty")
    return content


def read_material(content: bytes, origin: Origin, at: datetime) -> Material:
    """The reports in the bytes, as if they came at that moment: a notification where it is JSON, else one mail.

    Raises MaterialError for JSON that is no notification.
    """
    if _is_json(content):
        try:
            told = read_notification(content, source=origin.alertmanager, received_at=at)
        except NotificationError as error:
            raise MaterialError(f"the file is JSON and no Alertmanager notification: {error.reason}") from error
        return Material(told.alerts, told.refused)
    mail = read_mail(
        content,
        source=origin.mailbox,
        key=hashlib.sha256(content).hexdigest(),
        received_at=at,
        ourselves=origin.ourselves,
    )
    return Material((mail,))


def _is_json(content: bytes) -> bool:
    """An opening brace begins no mail, even where what follows is broken; other values must be JSON to their end."""
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins.startswith(b"{"):
        return True
    if begins[0] not in _JSON_BEGINS:
        return False
    try:
        json.loads(begins)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True
