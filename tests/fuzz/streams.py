"""Streams of everything that may happen, played on desks under every rulebook until something fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded

from tests.daemon.streams.cast import RULEBOOKS
from tests.daemon.streams.made import STREAMS, play
from tests.daemon.streams.stage import open_stage

if TYPE_CHECKING:
    from tests.daemon.streams.actions import Action


def fuzz_streams(seed: int, count: int) -> None:
    """Play so many streams, about as many under each rulebook; the same seed makes the same ones.

    What fails is printed as the shortest stream found that fails so, and raised.
    """
    for rulebook in RULEBOOKS:
        _play_under(rulebook, seed, -(-count // len(RULEBOOKS)))


def _play_under(rulebook: str, seed: int, count: int) -> None:
    @seeded(seed)
    @settings(max_examples=count, database=None, suppress_health_check=list(HealthCheck))
    @given(STREAMS)
    def play_one(stream: list[Action]) -> None:
        with open_stage(rulebook) as stage:
            play(stage, stream)

    play_one()
