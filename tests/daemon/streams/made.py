"""Streams of everything that may happen to a desk, made by hypothesis, and how one is played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.daemon.streams.actions import (
    Action,
    Answers,
    Does,
    Fails,
    Many,
    Passes,
    Reloads,
    Replies,
    Rings,
    Works,
    Writes,
)
from tests.daemon.streams.cast import ANSWERS, COMMANDS, PROBLEMS, REPORTERS, RULEBOOKS, SPANS, STEPS
from tests.daemon.streams.checks import check_stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.daemon.streams.stage import Stage

LETTERS = st.one_of(st.just(0), st.integers(0, 39))
WRITES = st.builds(Writes, st.sampled_from(REPORTERS), st.integers(0, len(PROBLEMS) - 1), st.booleans())
WORKS = st.builds(
    Works,
    LETTERS,
    st.lists(st.integers(0, len(COMMANDS) - 1), min_size=1, max_size=4).map(tuple),
    st.sampled_from((True, True, True, False)),
)
DOES = st.builds(
    Does,
    st.sampled_from((0, 0, 0, 1, 2)),
    st.sampled_from(("assignee", "assignee", "assignee", "engineer", "lead", "supervisor", "manager", "head")),
    st.sampled_from(STEPS),
)
ACTIONS = st.one_of(
    WRITES,
    st.builds(Many, st.lists(WRITES, min_size=2, max_size=3).map(tuple)),
    st.builds(Answers, LETTERS, st.integers(0, len(ANSWERS) - 1), st.booleans()),
    st.builds(Answers, LETTERS, st.integers(0, len(ANSWERS) - 1)),
    st.builds(Replies, LETTERS, st.integers(0, len(ANSWERS) - 1)),
    st.builds(Replies, LETTERS, st.integers(0, len(ANSWERS) - 1)),
    WORKS,
    DOES,
    DOES,
    DOES,
    st.builds(
        Rings,
        st.sampled_from(("firing", "resolved")),
        st.sampled_from(("DiskFull", "HostDown")),
        st.sampled_from(("db1", "db2")),
        st.sampled_from((0, 0, 1, 60, 400)),
        st.sampled_from(("warning", "critical", "unheard of")),
    ),
    st.builds(Passes, st.sampled_from(SPANS)),
    st.builds(Passes, st.sampled_from(SPANS)),
    st.builds(Fails, LETTERS, st.booleans(), st.sampled_from(("refused", "hard", "soft"))),
    st.builds(Reloads, st.sampled_from(RULEBOOKS)),
)
#: What follows one upon the other where a ticket comes to its end, and where somebody complains.
ENDINGS = st.tuples(
    st.builds(Does, st.just(0), st.just("assignee"), st.just(("!take", "!resolve changed the cable"))),
    st.builds(Passes, st.sampled_from(SPANS)),
    st.builds(Replies, st.just(0), st.integers(0, len(ANSWERS) - 1)),
    st.builds(Replies, st.just(0), st.integers(0, len(ANSWERS) - 1)),
)
COMPLAINTS = st.tuples(
    st.builds(Answers, st.just(0), st.just(ANSWERS.index("我要投诉"))),
    st.builds(Does, st.just(0), st.sampled_from(("lead", "supervisor")), st.just(("!findings nobody was there",))),
    st.builds(Does, st.just(0), st.sampled_from(("manager", "head")), st.just(("!decide an apology",))),
)
CHAINS: st.SearchStrategy[tuple[Action, ...]] = st.one_of(
    st.tuples(ACTIONS), st.tuples(ACTIONS), st.tuples(ACTIONS), st.tuples(ACTIONS), ENDINGS, COMPLAINTS
)


def _streams(longest: int) -> st.SearchStrategy[list[Action]]:
    chains = st.lists(CHAINS, min_size=longest // 3, max_size=longest)
    return chains.map(lambda each: [action for chain in each for action in chain])


SHORT_STREAMS = _streams(8)
STREAMS = _streams(30)


def play(stage: Stage, stream: Sequence[Action]) -> None:
    """Play a stream on a desk that has one ticket, and check everything."""
    for action in (Writes(REPORTERS[0], 0), *stream):
        action.play(stage)
        stage.tick()
    check_stage(stage)
