"""What the moments of a ticket's life mean for its clocks."""

from __future__ import annotations

from rules.change import Change
from rules.decide import decide
from rules.events import Resolved
from rules.work.moments import let_come
from rules.work.status import wait_for
from tests.samples import FACTS, HOUR, NOW, a_mail, rulebook_with

DIAGNOSIS = """
[[clocks]]
name = "diagnosis"
stops = "diagnosed"
limit = "4h"
pauses_while_waiting = true
"""


def test_a_clock_that_runs_beyond_the_solution_is_not_held_for_ever() -> None:
    rulebook = rulebook_with(DIAGNOSIS)
    opened = decide(a_mail(), FACTS, rulebook, NOW).ticket
    waiting = Change(facts=FACTS, rulebook=rulebook, now=NOW + HOUR, before=opened)
    wait_for(waiting, "requester", reason="he is away")
    later = Change(facts=FACTS, rulebook=rulebook, now=NOW + 3 * HOUR, before=waiting.ticket)
    later.happen(Resolved(at=later.now, by="li@desk.example", how="assignee", solution="a new cable"))
    let_come(later, "resolved")
    clock = later.ticket.clock("diagnosis")
    assert clock is not None
    assert clock.running
    assert not clock.paused
    assert clock.due_at == NOW + 6 * HOUR
