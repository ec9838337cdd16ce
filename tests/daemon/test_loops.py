"""How often the mail server is looked at."""

from __future__ import annotations

import pytest

from daemon.loops import GREETING, GREETING_AGAIN, REFUSED_LOGIN, seconds_until_greeting
from ingest.backoff import Backoff


@pytest.mark.parametrize(
    ("why", "seconds"),
    [
        pytest.param(None, [GREETING] * 3, id="one that works now and then"),
        pytest.param("connect: refused", [GREETING_AGAIN] * 3, id="one that is away soon again"),
        pytest.param("login: 535 no", [15.0, 30.0, 60.0], id="one that refuses the login less and less often"),
    ],
)
def test_the_next_look_comes(why: str | None, seconds: list[float]) -> None:
    refused = Backoff(*REFUSED_LOGIN, random=lambda: 0.0)
    assert [seconds_until_greeting(why, refused) for _ in seconds] == seconds
