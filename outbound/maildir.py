"""Deliver letters into a Maildir folder: the way out where no SMTP server is configured."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import TYPE_CHECKING

from outbound.channel import Delivery, Outgoing, Sent, TryAgain

if TYPE_CHECKING:
    from pathlib import Path


class MaildirChannel:
    """A way out into `folder`, which is made with its `tmp`, `new` and `cur` where it is absent.

    A letter's file is named after its id, so that a resend finds the letter there and adds no second one,
    also after a reader has moved it to `cur`.
    """

    def __init__(self, folder: Path) -> None:
        self._tmp, self._new, self._cur = (folder / name for name in ("tmp", "new", "cur"))

    @property
    def connections(self) -> int:
        return 4  # waiting for the disk together, not one after the other

    @property
    def budget(self) -> timedelta:
        return timedelta(seconds=30)

    async def deliver(self, outgoing: Outgoing) -> Delivery:
        """Write one letter, durable when this returns; a full disk is a reason to try again."""
        try:
            return await asyncio.to_thread(self._write, outgoing)
        except OSError as error:
            return TryAgain(f"maildir: {error}", away=True)

    def _write(self, outgoing: Outgoing) -> Sent:
        for folder in (self._tmp, self._new, self._cur):
            folder.mkdir(parents=True, exist_ok=True)
        name = f"{outgoing.letter_id:012d}.deskd"
        if (self._new / name).exists() or any(self._cur.glob(f"{name}*")):
            return Sent(f"{name} is there already")
        with (self._tmp / name).open("wb") as file:
            file.write(outgoing.message)
            file.flush()
            os.fsync(file.fileno())
        (self._tmp / name).rename(self._new / name)
        _sync_folder(self._new)
        return Sent(name)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
