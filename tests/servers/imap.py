"""An IMAP server that says whatever a test tells it to: for answers no honest server gives."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass
from typing import Self

from tests.servers.process import PATIENCE

#: `{tag}` stands for the client's tag. The first rule whose words are in the command answers it.
USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n{tag} OK done\r\n",
    "LOGIN": b"{tag} OK logged in\r\n",
    "SELECT": (
        b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 4] next\r\n{tag} OK [READ-WRITE] selected\r\n"
    ),
    "RFC822.SIZE": (
        b'* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE "20-Nov-2026 09:00:00 +0000")\r\n'
        b'* 2 FETCH (UID 2 RFC822.SIZE 5 INTERNALDATE "20-Nov-2026 09:00:00 +0000")\r\n'
        b"{tag} OK done\r\n"
    ),
    "LOGOUT": b"* BYE bye\r\n{tag} OK bye\r\n",
}


@dataclass(frozen=True, slots=True)
class ThenCut:
    """Say this and close the connection."""

    answer: bytes


class ScriptedImap:
    """A server for one connection after another; use it as a context manager.

    `rules` come before the usual answers: words of a command to the answer. Every line received is in `transcript`.
    """

    def __init__(self, rules: dict[str, bytes | ThenCut], greeting: bytes = b"* OK ready\r\n") -> None:
        self._rules: dict[str, bytes | ThenCut] = {**rules, **{k: v for k, v in USUAL.items() if k not in rules}}
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="scripted IMAP", daemon=True)
        self._connection: socket.socket | None = None
        self.port: int = self._listener.getsockname()[1]
        self.transcript: list[bytes] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would wake no thread that waits in accept() or recv().
        for each in (self._listener, self._connection):
            if each is not None:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self._thread.join(PATIENCE)

    def _serve(self) -> None:
        while True:
            try:
                self._connection, _ = self._listener.accept()
            except OSError:
                return
            with self._connection as connection:
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket) -> None:
        connection.sendall(self._greeting)
        with connection.makefile("rb") as lines:
            for line in lines:
                self.transcript.append(line)
                tag, _, command = line.partition(b" ")
                answer = self._answer(command.decode(errors="replace"))
                content = answer.answer if isinstance(answer, ThenCut) else answer
                connection.sendall(content.replace(b"{tag}", tag))
                if isinstance(answer, ThenCut):
                    return

    def _answer(self, command: str) -> bytes | ThenCut:
        for words, answer in self._rules.items():
            if words in command:
                return answer
        return b"{tag} BAD unknown\r\n"
