from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outbound.channel import Delivery, Refused, TryAgain, Unknown
from outbound.replies import judge, phrase

if TYPE_CHECKING:
    from outbound.replies import Step


@pytest.mark.parametrize(
    ("step", "code", "verdict"),
    [
        pytest.param("connect", None, TryAgain("connect: said", None, away=True), id="nobody answered"),
        pytest.param("login", 535, TryAgain("login: 535 said", 535, away=True), id="a wrong password is ours"),
        pytest.param("sender", 550, TryAgain("sender: 550 said", 550, away=True), id="our own address was refused"),
        pytest.param("sender", 552, Refused("sender: 552 said", 552), id="the letter is too big"),
        pytest.param("recipient", 450, TryAgain("recipient: 450 said", 450), id="greylisted"),
        pytest.param("recipient", 550, Refused("recipient: 550 said", 550), id="no such user"),
        pytest.param("recipient", 299, TryAgain("recipient: 299 said", 299), id="a reply that means nothing"),
        pytest.param("data", None, TryAgain("data: said"), id="lost before anything was written"),
        pytest.param("final dot", 451, TryAgain("final dot: 451 said", 451), id="not taken for now"),
        pytest.param("final dot", 554, Refused("final dot: 554 said", 554), id="not taken at all"),
        pytest.param("final dot", 354, Unknown("final dot: 354 said"), id="a reply that decides nothing"),
        pytest.param("final dot", None, Unknown("final dot: said"), id="lost after all was written"),
    ],
)
def test_what_a_reply_means_at_a_step(step: Step, code: int | None, verdict: Delivery) -> None:
    assert judge(step, code, "said") == verdict


def test_what_the_server_said_is_kept_on_one_line() -> None:
    assert phrase(550, "5.1.1 no\nsuch  \x00\udcffuser " + "x" * 500) == "550 5.1.1 no such user " + "x" * 281
