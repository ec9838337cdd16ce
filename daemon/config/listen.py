"""Where the daemon listens: `127.0.0.1:9201`, `[::1]:9201`. The health check runs often: import little."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - pydantic reads the annotation
from typing import Final, Self

_FORM: Final = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]{2,45})\]|(?P<host>[A-Za-z0-9._-]{1,253})):(?P<port>[0-9]{1,5})")
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is looked for, not listened on

DEFAULT_WEBHOOKS: Final = "127.0.0.1:9201"


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """A host and a port to listen on; port 0 lets the system choose a free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `HOST:PORT`; raises ValueError with a sentence for the writer of the configuration."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not an address to listen on: write HOST:PORT, such as {DEFAULT_WEBHOOKS}")
        port = int(match["port"])
        if port > 65535:
            raise ValueError(f"{port} is not a port: it must be 65535 or less")
        return cls(match["six"] or match["host"], port)

    @property
    def reached_at(self) -> str:
        """The host by which this machine reaches it."""
        return _EVERYWHERE.get(self.host, self.host)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ListenPath:
    """A Unix socket to listen on. Whoever can reach its folder can connect."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)
