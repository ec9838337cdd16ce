"""For any stream of reports, ticks and commands the ticket rows equal the fold of their events, and nothing fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import Database, reading
from tests.daemon.streams.actions import Action, Answers, Fails, Many, Passes, Reloads, Rings, Works, Writes
from tests.daemon.streams.cast import ANSWERS, COMMANDS, ERIN, RULEBOOKS
from tests.daemon.streams.made import SHORT_STREAMS, STREAMS, play
from tests.daemon.streams.stage import open_stage, stage_on
from tests.samples import ALICE, CAROL, DAVE, DAY

if TYPE_CHECKING:
    from sqlalchemy import Column

    from tests.daemon.streams.stage import Stage

QUICK = settings(max_examples=2, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
LONG = settings(QUICK, max_examples=3)


@pytest.mark.slow
@pytest.mark.parametrize("rulebook", RULEBOOKS)
@QUICK
@given(SHORT_STREAMS)
def test_no_stream_makes_the_desk_fail(rulebook: str, stream: list[Action]) -> None:
    with open_stage(rulebook) as stage:
        play(stage, stream)


@pytest.mark.slow
@pytest.mark.parametrize("rulebook", RULEBOOKS)
@LONG
@given(STREAMS)
def test_no_long_stream_makes_the_desk_fail(rulebook: str, stream: list[Action]) -> None:
    with open_stage(rulebook) as stage:
        play(stage, stream)


STORY: tuple[Action, ...] = (
    Many((Writes(ALICE, 2), Writes(CAROL, 2), Writes(ERIN, 6))),
    Answers(0, ANSWERS.index("room 5, floor 3, my number is 8001177, since nine")),
    Works(0, (COMMANDS.index("!take"), COMMANDS.index("!line maker"))),
    Passes(DAY),
    Works(0, (COMMANDS.index("!line 1"), COMMANDS.index("!resolve changed the cable"))),
    Reloads("by-lead"),
    Answers(0, ANSWERS.index("no")),
    Rings("firing", "DiskFull", "db1", 0),
    Passes(DAY),
    Works(1, (COMMANDS.index("!解决 换了网线"),)),
    Answers(0, ANSWERS.index("yes")),
    Rings("resolved", "DiskFull", "db1", 60),
    Fails(3, to_staff=False, how="hard"),
    Passes(20 * DAY),
)


@pytest.mark.slow
def test_nor_does_one_on_postgresql(postgres_desk: Database) -> None:
    engine = postgres_desk.open_writer()
    with stage_on(engine, "everything") as stage:
        play(stage, STORY)
    engine.dispose()


def test_a_ticket_is_made_somebody_elses_by_command() -> None:
    with open_stage("small") as stage:
        Writes(ALICE, 0).play(stage)
        reply_to_newest(stage, f"!for {DAVE} he called", to_staff=True)


def test_an_answer_comes_after_its_category_has_gone() -> None:
    with open_stage("everything") as stage:
        Writes(CAROL, 2).play(stage)
        Reloads("group-operations").play(stage)
        reply_to_newest(stage, "It is on floor 3.", to_staff=False)


def test_what_an_earlier_rulebook_left_owed_is_owed_again_by_command() -> None:
    with open_stage("everything") as stage:
        Writes(ALICE, 0).play(stage)
        reply_to_newest(stage, "!owe analysis", to_staff=True)
        Reloads("desktop-events").play(stage)
        reply_to_newest(stage, "!owe analysis", to_staff=True)


def reply_to_newest(stage: Stage, text: str, *, to_staff: bool) -> None:
    letter = stage.letter(0, to_staff=to_staff)
    assert letter is not None
    stage.receive(stage.mail(letter.recipient, "Re", text, references=(letter.message_id,), verified=True))


def test_people_join_an_alerts_ticket_and_leave_it() -> None:
    with open_stage("everything") as stage:
        Rings("firing", "DiskFull", "db1", 0).play(stage)
        for sender in (ALICE, CAROL):
            stage.receive(stage.mail(sender, "The disk is full", "The disk is full, it fails.", verified=True))
        reply_to_newest(stage, f"!split {ALICE}", to_staff=True)
        assert _column(stage, schema.tickets.c.parted) == [[[ALICE, 2]], None]
        reply_to_newest(stage, "!join 202611-001", to_staff=True)
        assert _column(stage, schema.tickets.c.merged_into) == [None, 1]
        reply_to_newest(stage, "!split 202611-002", to_staff=True)
        assert _column(stage, schema.tickets.c.merged_into) == [None, None]
        Rings("resolved", "DiskFull", "db1", 0).play(stage)
        Passes(DAY).play(stage)


def _column(stage: Stage, column: Column[Any]) -> list[Any]:
    """What the tickets have there, in their order."""
    with reading(stage.engine) as connection:
        return list(connection.execute(select(column).order_by(schema.tickets.c.id)).scalars())
