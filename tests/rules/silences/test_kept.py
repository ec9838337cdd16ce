"""A silence in the course of time: set, extended, failing, over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from rules.decide import decide
from rules.deciding.decide_silence import decide_silence_failed, decide_silence_over, decide_silence_set
from rules.facts import Facts, apply
from rules.fold import fold
from rules.silences.events import Silenced
from rules.silences.kept import (
    AGAIN_AT_LATEST,
    ExpireSilence,
    GiveUp,
    KeptSilence,
    SetSilence,
    Step,
    after_expiry,
    after_failure,
    after_set,
    is_to_be_told,
    next_step,
)
from tests.samples import CHEN, FACTS, HOUR, LI, MINUTE, NOW, RULEBOOK, an_alert

if TYPE_CHECKING:
    from rules.ticket import Ticket

WANTED = KeptSilence(ticket=1, source="prod", labels=((("alertname", "DiskFull"),),), by=LI, until=NOW + 2 * HOUR)
ACTIVE = replace(WANTED, state="active", ids=("a-1",), ends_at=NOW + 30 * MINUTE)


def ticket(*, firing: int = 1) -> Ticket:
    opened = decide(an_alert(), FACTS, RULEBOOK, NOW).ticket
    assert opened is not None
    wanted = Silenced(at=NOW, by=LI, source="prod", labels=WANTED.labels, until=WANTED.until, reason="why not")
    silenced = fold(opened, wanted)
    return replace(silenced, firing=firing)


STEPS = [
    pytest.param(WANTED, NOW, 1, SetSilence(NOW + 30 * MINUTE, WANTED.labels), id="it is set for a short time"),
    pytest.param(
        ACTIVE,
        NOW + 15 * MINUTE,
        1,
        SetSilence(NOW + 45 * MINUTE, WANTED.labels),
        id="and extended while the alerts fire",
    ),
    pytest.param(
        ACTIVE, NOW + 110 * MINUTE, 1, SetSilence(NOW + 2 * HOUR, WANTED.labels), id="but not beyond what was asked"
    ),
    pytest.param(ACTIVE, NOW + 2 * HOUR, 1, GiveUp("over"), id="then it is over"),
    pytest.param(ACTIVE, NOW + 15 * MINUTE, 0, GiveUp("quiet"), id="what fires no more needs none"),
    pytest.param(replace(ACTIVE, state="ending"), NOW, 1, ExpireSilence(), id="one that has ended is expired"),
]


@pytest.mark.parametrize(("silence", "now", "firing", "step"), STEPS)
def test_the_next_step(silence: KeptSilence, now: datetime, firing: int, step: Step) -> None:
    assert next_step(silence, ticket(firing=firing), RULEBOOK, now) == step


def test_it_is_extended_half_way() -> None:
    set_ = after_set(WANTED, ("a-1",), NOW + 30 * MINUTE, NOW)
    assert (set_.state, set_.ids, set_.due_at) == ("active", ("a-1",), NOW + 15 * MINUTE)


def test_the_last_time_it_is_looked_at_when_it_ends() -> None:
    assert after_set(ACTIVE, ("a-1",), WANTED.until, NOW + HOUR).due_at == WANTED.until


def test_one_that_ended_while_it_was_being_set_is_expired_at_once() -> None:
    set_ = after_set(replace(WANTED, state="ending"), ("a-1",), NOW + 30 * MINUTE, NOW)
    assert (set_.state, set_.ids, set_.due_at) == ("ending", ("a-1",), NOW)


def test_one_that_is_wanted_again_while_it_was_being_expired_is_set() -> None:
    again = after_expiry(WANTED, NOW)
    assert (again.state, again.ids, again.due_at) == ("wanted", (), NOW)
    assert after_expiry(replace(ACTIVE, state="ending"), NOW).due_at is None


def test_it_is_tried_again_less_and_less_often_and_never_given_up() -> None:
    silence, now, waits = WANTED, NOW, []
    for _ in range(30):
        silence = after_failure(silence, now)
        assert silence.due_at is not None
        waits.append(silence.due_at - now)
        now = silence.due_at
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=5), AGAIN_AT_LATEST)
    assert silence.failing_since == NOW


def test_one_that_cannot_be_expired_ends_by_itself() -> None:
    ending = replace(ACTIVE, state="ending")
    assert after_failure(ending, NOW).state == "ending"
    assert after_failure(ending, NOW + 30 * MINUTE).state == "expired"


def test_staff_are_told_once_after_some_minutes() -> None:
    failing = replace(WANTED, failing_since=NOW)
    assert not is_to_be_told(failing, NOW + 4 * MINUTE)
    assert is_to_be_told(failing, NOW + 5 * MINUTE)
    assert not is_to_be_told(replace(failing, told_failing=True), NOW + HOUR)
    assert not is_to_be_told(replace(failing, state="ending"), NOW + HOUR)


def facts() -> Facts:
    alert = an_alert()
    opened = apply(FACTS, alert, decide(alert, FACTS, RULEBOOK, NOW))
    return replace(opened, tickets=opened.tickets.set(1, ticket()))


def test_the_ticket_learns_once_that_it_stands() -> None:
    first = decide_silence_set(ticket(), facts(), RULEBOOK, NOW, silence="a-1")
    assert first.ticket is not None
    assert (first.ticket.silence, first.letters) == ("active", ())
    assert decide_silence_set(first.ticket, facts(), RULEBOOK, NOW, silence="a-1").events == ()


def test_who_waits_for_it_is_told_that_it_fails() -> None:
    failed = decide_silence_failed(ticket(), facts(), RULEBOOK, NOW, silence=WANTED, reason="connection refused")
    assert [letter.to for letter in failed.letters] == [CHEN, LI]
    assert "connection refused" in str(failed.letters[0].data["reason"])
    assert failed.ticket is not None
    assert failed.ticket.silence == "wanted"


@pytest.mark.parametrize(
    ("step", "letters"),
    [
        pytest.param(GiveUp("over"), 2, id="when its time is over the alerts notify again"),
        pytest.param(GiveUp("quiet"), 0, id="when nothing fires there is nothing to tell"),
        pytest.param(GiveUp("by-hand"), 0, id="who ended it by hand knows"),
    ],
)
def test_its_end_is_told_where_it_matters(step: GiveUp, letters: int) -> None:
    over = decide_silence_over(ticket(), facts(), RULEBOOK, NOW, silence=ACTIVE, step=step)
    assert over.ticket is not None
    assert (over.ticket.silence, len(over.letters)) == (None, letters)
