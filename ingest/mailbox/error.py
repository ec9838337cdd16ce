"""What may go wrong with a mailbox."""

from __future__ import annotations

from typing import Literal

#: auth: the login was refused. tls: the server is not who it should be. connection: lost, or never made.
#: refused: the server said no to one command, or answered what cannot be read; the connection goes on.
#: desk: the mailbox is well, but the desk can take nothing from it now.
Trouble = Literal["auth", "tls", "connection", "refused", "desk"]


class MailboxError(Exception):
    """What stopped work on a mailbox. `kind` tells whether a new connection is needed and how long to wait."""

    def __init__(self, reason: str, kind: Trouble) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
