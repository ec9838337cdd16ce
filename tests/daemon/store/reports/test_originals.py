"""What came is kept in little room and comes back byte by byte."""

from __future__ import annotations

import zlib
from base64 import encodebytes
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.reports.originals import compress, original_values, read_original
from tests.samples import NOW

if TYPE_CHECKING:
    from sqlalchemy import Engine

PHOTO = encodebytes(Random(7).randbytes(1 << 20)).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        pytest.param(PHOTO, 0.77, id="a photograph in base64"),
        pytest.param(b"The printer on the third floor is jammed.\r\n" * 20_000, 0.01, id="a log that repeats itself"),
        pytest.param(b"", 9, id="nothing"),
    ],
)
def test_it_takes_little_room(content: bytes, part: float) -> None:
    packed = compress(content)
    assert zlib.decompress(packed) == content
    assert len(packed) <= max(8, part * len(content))


@settings(max_examples=50)
@given(st.binary(max_size=300), st.integers(1, 500))
def test_any_bytes_come_back(piece: bytes, times: int) -> None:
    assert zlib.decompress(compress(piece * times)) == piece * times


def test_a_large_mail_comes_out_of_the_database_as_it_went_in(writer: Engine) -> None:
    original = PHOTO * 18
    with transaction(writer) as connection:
        connection.execute(insert(schema.originals), [original_values("support", "9.1", original, NOW)])
        assert read_original(connection, "support", "9.1") == original
        assert read_original(connection, "support", "9.2") is None
