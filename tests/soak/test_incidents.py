"""A cut of the part of `make soak` that breaks services before a real Prometheus and two real Alertmanagers."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.soak.incidents import Plan, soak_incidents

if TYPE_CHECKING:
    from tests.servers.smtp import SmtpSink


@pytest.mark.slow
def test_one_ticket_for_each_incident_whatever_dies_meanwhile(smtp_sink: SmtpSink) -> None:
    outcome = soak_incidents(Plan(seconds=30, down=4, life=6), smtp_sink, Random(5))
    assert not outcome.troubles, "\n".join(outcome.troubles)
    assert outcome.incidents >= 4
    assert outcome.kills
