"""Mails out of files: one in a file of its own, many in an mbox, a Maildir or a folder of `.eml`."""

from __future__ import annotations

import email.utils
import mailbox
import re
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Beyond this nobody sends a mail, and a device such as /dev/zero has no end.
LARGEST_MAIL = 64 << 20

_MAILDIR_SECONDS = re.compile(r"(\d{9,10})\.")


class MailFileError(Exception):
    """A file or folder holds no mail that can be read; the text says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MailFile:
    """One mail and where it lay."""

    name: str
    original: bytes = field(repr=False)
    received_at: datetime | None
    """When a server took it, as far as the file tells, in UTC."""


def read_mails(path: Path) -> Iterator[MailFile | MailFileError]:
    """The mails of a file or folder, in their order: a Maildir and a folder by the names of its files.

    What cannot be read is an error among them; the others are not held up by it.
    """
    if not path.is_dir():
        yield from _read_file(path)
        return
    files = _maildir_files(path) if (path / "cur").is_dir() else _named_files(path)
    if not files:
        yield MailFileError(path, "the folder is no Maildir and holds no .eml")
    for file in files:
        yield from _read_file(file)


def _maildir_files(path: Path) -> list[Path]:
    """A Maildir's names begin with the second of their delivery."""
    lying = [file for folder in ("cur", "new") if (path / folder).is_dir() for file in (path / folder).iterdir()]
    return sorted((file for file in lying if file.is_file()), key=lambda file: file.name)


def _named_files(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() == ".eml")


def _read_file(path: Path) -> Iterator[MailFile | MailFileError]:
    try:
        with path.open("rb") as opened:
            begins = opened.read(5)
            if begins == b"From ":
                yield from _read_mbox(path)
                return
            content = begins + opened.read(LARGEST_MAIL)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        yield MailFileError(path, (getattr(error, "strerror", None) or str(error)).lower())
        return
    if len(content) > LARGEST_MAIL:
        yield MailFileError(path, f"it is larger than {LARGEST_MAIL >> 20} MiB")
    elif not content.strip():
        yield MailFileError(path, "it is empty")
    else:
        yield MailFile(str(path), content, _maildir_time(path) or taken_at(content))


def _read_mbox(path: Path) -> Iterator[MailFile]:
    with closing(mailbox.mbox(path, create=False)) as box:
        for number, key in enumerate(box.iterkeys(), start=1):
            content = box.get_bytes(key)
            yield MailFile(f"{path}#{number}", content, taken_at(content))


def _maildir_time(path: Path) -> datetime | None:
    if path.parent.name not in ("cur", "new") or (seconds := _MAILDIR_SECONDS.match(path.name)) is None:
        return None
    return datetime.fromtimestamp(int(seconds[1]), UTC)


def taken_at(original: bytes) -> datetime | None:
    """When the last server took it, by its Received line; else what the sender's Date says; None without either."""
    header = BytesHeaderParser().parsebytes(original[: 256 << 10])
    for told in (str(header.get("received", "")).rpartition(";")[2], str(header.get("date", ""))):
        try:
            moment = email.utils.parsedate_to_datetime(told)
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, IndexError, TypeError, OverflowError):
            continue
    return None
