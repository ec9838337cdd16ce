"""A short cut of `make fuzz`, always of the same bytes, and that it would find what is wrong."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from rules.decision import Decision
from tests.fuzz.checks import Broken, check_decision, check_mail, check_texts
from tests.fuzz.mutate import mutate_body, mutate_mail
from tests.fuzz.run import Pool, fuzz, own_pool
from tests.samples import a_mail

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 2010


@pytest.mark.slow
def test_nothing_mangled_breaks_the_desk() -> None:
    outcome = fuzz(own_pool(), seed=20261121, count=COUNT)
    assert outcome.found is None, str(outcome)
    assert (outcome.mails, outcome.batches) == (COUNT, 3)


def test_every_mail_to_begin_with_is_read() -> None:
    kinds = {check_mail(original, "1.1", trusted=True).auto for original in own_pool().mails}
    assert kinds == {None, "reply", "bounce", "list", "own"}


def test_the_same_seed_mangles_the_same_way() -> None:
    pool = own_pool()
    for mutate, originals in ((mutate_mail, pool.mails), (mutate_body, pool.bodies)):
        made = [mutate(Random("5 7"), originals) for _ in range(2)]
        assert made[0] == made[1]


@pytest.mark.parametrize(
    "text", [pytest.param("a\0b", id="zero"), pytest.param("a\ud83d", id="half of a surrogate pair")]
)
def test_a_text_that_no_database_takes_is_found(text: str) -> None:
    with pytest.raises(Broken):
        check_texts(replace(a_mail(), notes=("well", text)))


def test_a_decision_without_a_reason_is_found() -> None:
    with pytest.raises(Broken):
        check_decision(Decision(verdict="ignored", reasons=()))


def test_what_breaks_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("tests.fuzz.run.check_body", _refuse)
    found = fuzz(Pool((b"Subject: x\r\n\r\ny",), (b"{}",)), seed=1, count=1).found
    assert found is not None
    assert sorted(path.name for path in found.path.iterdir()) == ["case.eml", "case.json"]


def _refuse(body: bytes) -> None:
    raise Broken("as planned")
