"""Errands and answers on their way over the socket."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.errands.batches import MOST_BYTES, MOST_MAILS, in_batches
from daemon.errands.errand import (
    Drop,
    Errand,
    ErrandError,
    HandedMail,
    HandIn,
    Outcome,
    Release,
    read_answer,
    read_errand,
    write_answer,
    write_errand,
)

MAIL = HandedMail(
    original=b"\xff\x00\r\n",
    source="support",
    key="k",
    received_at=datetime(2026, 11, 23, tzinfo=UTC),
    silent=True,
    note="only its header",
)


@pytest.mark.parametrize(
    "errand", [HandIn((MAIL, MAIL)), HandIn(()), Release(7), Drop(entry=7, by="王芳", why="广告")], ids=repr
)
def test_an_errand_arrives_as_it_was_sent(errand: Errand) -> None:
    assert read_errand(write_errand(errand)) == errand


def test_an_answer_arrives_as_it_was_given() -> None:
    outcomes = [Outcome(verdict="opened", ticket="202611-001", reason="因为", seen_before=True)]
    assert read_answer(write_answer(outcomes)) == outcomes
    with pytest.raises(ErrandError, match="not there"):
        read_answer(write_answer(ErrandError("not there")))


@pytest.mark.parametrize(
    "written",
    [b"", b"[]", b"{}", b"\xff", b'{"errand": "hand_in", "mails": [{}]}', b'{"errand": "release", "entry": "7"}'],
)
def test_anything_else_is_no_errand(written: bytes) -> None:
    with pytest.raises(ErrandError, match="errand"):
        read_errand(written)


@pytest.mark.parametrize("written", [b"", b"{", b"{}", b'{"outcomes": [{"verdict": "opened"}]}'])
def test_anything_else_is_no_answer(written: bytes) -> None:
    with pytest.raises(ErrandError, match="daemon"):
        read_answer(written)


def test_a_batch_keeps_within_its_bounds_and_large_mails_go_alone() -> None:
    sizes = [1] * (MOST_MAILS + 1) + [MOST_BYTES + 1, 5]
    batches = list(in_batches(sizes, lambda size: size))
    assert [len(batch) for batch in batches] == [MOST_MAILS, 1, 1, 1]
    assert [size for batch in batches for size in batch] == sizes
