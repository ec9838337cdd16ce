"""What the parts of one run share: the servers, the corpus, and the daemon that fills up as they go on."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Self

from tests.bench.desk import MeasuredDesk
from tests.bench.sink import LetterSink
from tests.servers.dovecot import DovecotServer
from tests.servers.process import short_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.corpus import Corpus
    from tests.servers.dovecot import ServedMailbox


class Stage:
    """Everything is started when it is first needed; use it as a context manager."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def folder(self) -> Path:
        """Where the desks have their databases too: the same disk."""
        folder = short_folder("bn-")
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    @cached_property
    def sink(self) -> LetterSink:
        return self._stack.enter_context(LetterSink())

    @cached_property
    def dovecot(self) -> DovecotServer:
        return self._stack.enter_context(DovecotServer())

    @cached_property
    def mailbox(self) -> ServedMailbox:
        return self.new_mailbox()

    @cached_property
    def desk(self) -> MeasuredDesk:
        """The daemon of all parts that fill it, on SQLite."""
        return self.new_desk(self.mailbox)

    def new_mailbox(self) -> ServedMailbox:
        """An empty one."""
        return self.dovecot.new_mailbox()

    def new_desk(
        self, mailbox: ServedMailbox | None = None, *, database: str | None = None, storms: bool = False
    ) -> MeasuredDesk:
        """Start one more daemon."""
        desk = MeasuredDesk(mailbox, self.sink.port, database=database, storms=storms)
        return self._stack.enter_context(desk)
