"""The bytes of reports as they came: compressed, kept beside the ledger, and let go of when their time is over."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from daemon.store import schema

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

#: Compressed for speed: level 1 takes a third of the time of level 6 and a tenth more room.
_COMPRESSION = 1


def original_values(source: str, key: str, content: bytes, received_at: datetime) -> dict[str, Any]:
    """The row of an original."""
    compressed = zlib.compress(content, _COMPRESSION)
    return {"source": source, "key": key, "received_at": received_at, "size": len(content), "content": compressed}


def read_original(connection: Connection, source: str, key: str) -> bytes | None:
    """The bytes of a report; None where they are no longer kept, or never were."""
    table = schema.originals.c
    content = connection.execute(select(table.content).where(table.source == source, table.key == key)).scalar()
    return None if content is None else zlib.decompress(content)
