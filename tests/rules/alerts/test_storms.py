"""Very many different alerts of one source: one ticket takes them, few letters tell of them, every count is exact."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from immutables import Map

from rules.alerts.heartbeat import FINGERPRINT
from rules.alerts.storm_state import MOST_ROWS
from rules.alerts.storms import is_told
from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.deciding.heartbeats import MISSING
from rules.events import Closed
from rules.facts import Facts, apply
from rules.fold import fold, fold_all
from rules.report import Alert
from tests.samples import FACTS, NOW, rulebook_with

if TYPE_CHECKING:
    from rules.decision import Decision
    from rules.letter import Letter
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

RULEBOOK = rulebook_with('[alerts.storm]\ntickets = 3\nwithin = "5m"\n')
BY_CLUSTER = rulebook_with('[alerts.storm]\ntickets = 3\nkey = ["cluster"]\n')


@dataclass(slots=True)
class Desk:
    """Decides alerts one after the other and keeps what comes of them; nothing of it is stored."""

    rulebook: Rulebook = RULEBOOK
    facts: Facts = FACTS
    now: datetime = NOW
    letters: list[Letter] = field(default_factory=list)
    decided: list[Decision] = field(default_factory=list)

    def tell(
        self, name: str, *, ends: bool = False, host: str = "web1", source: str = "prod", **labels: str
    ) -> Decision:
        given = Map({"alertname": name, "instance": host, "severity": "warning"} | labels)
        alert = Alert(
            source=source,
            key=f"{name}.{host}.{self.now.isoformat()}.{ends}",
            received_at=self.now,
            status="resolved" if ends else "firing",
            fingerprint=f"{name}-{host}",
            starts_at=NOW if ends else self.now,
            ends_at=self.now if ends else None,
            labels=given,
        )
        decision = decide(alert, self.facts, self.rulebook, self.now)
        return self._take(alert, decision)

    def fill(self, count: int, first: int = 0) -> None:
        for number in range(first, first + count):
            self.tell(f"Alert{number}")

    def pass_time(self, minutes: float) -> None:
        """Let time pass. Tickets that were opened before the window count no more, as the store gathers them anew."""
        self.now += timedelta(minutes=minutes)
        window = self.now - self.rulebook.alerts.storm.within.length()
        opened = [ticket for ticket in self.facts.tickets.values() if ticket.key and ticket.opened_at > window]
        counts = {source: sum(each.source == source for each in opened) for source in ("prod", "lab")}
        self.facts = replace(self.facts, opened_lately=Map(counts))

    def let_fall_due(self, ticket: Ticket) -> None:
        self._take(None, decide_due(self.facts.tickets[ticket.id], self.facts, self.rulebook, self.now))

    def _take(self, alert: Alert | None, decision: Decision) -> Decision:
        self.facts = apply(self.facts, alert, decision)
        self.letters += decision.letters
        self.decided.append(decision)
        return decision

    @property
    def storm(self) -> Ticket:
        return next(ticket for ticket in reversed(list(self.tickets)) if ticket.storm is not None)

    @property
    def tickets(self) -> list[Ticket]:
        return sorted(self.facts.tickets.values(), key=lambda ticket: ticket.id)

    def told_of(self, ticket: Ticket) -> list[str]:
        return [letter.template for letter in self.letters if letter.data["number"] == ticket.number]


def _storm(count: int = 10) -> Desk:
    desk = Desk()
    desk.fill(count)
    return desk


def test_after_so_many_tickets_what_would_open_more_joins_one() -> None:
    desk = _storm(10)
    assert [decision.verdict for decision in desk.decided] == ["opened"] * 4 + ["appended"] * 6
    assert [ticket.storm is not None for ticket in desk.tickets] == [False, False, False, True]
    assert (desk.storm.firing, desk.storm.reports) == (7, 7)
    assert "have opened 3 tickets within 5m" in desk.decided[3].why


def test_every_alert_of_a_storm_has_its_episode_and_its_events() -> None:
    desk = _storm(10)
    assert {episode.ticket for episode in desk.facts.episodes.values()} == {1, 2, 3, 4}
    assert len(desk.facts.episodes) == len(desk.facts.ledger) == 10
    events = [event for each in desk.decided if each.ticket and each.ticket.id == 4 for event in each.events]
    assert fold_all(events) == desk.storm


def test_the_ticket_has_a_table_by_alertname_and_an_exact_count_of_the_rest() -> None:
    desk = _storm(3)
    for number in range(MOST_ROWS + 5):
        for host in ("web1", "web2"):
            desk.tell(f"Stormy{number}", host=host)
    desk.pass_time(1)
    desk.tell("Stormy0", ends=True)
    desk.tell(f"Stormy{MOST_ROWS + 1}", ends=True)
    storm = desk.storm.storm
    assert storm is not None
    assert [(row.name, row.firing) for row in storm.rows[:2]] == [("Stormy0", 1), ("Stormy1", 2)]
    assert (len(storm.rows), storm.others, storm.folded) == (MOST_ROWS, 9, 90)
    assert sum(row.firing for row in storm.rows) + storm.others == desk.storm.firing == 88


def test_the_assignee_and_the_lead_hear_when_it_begins_and_when_it_has_doubled() -> None:
    desk = _storm(3 + 1000)
    told = [letter for letter in desk.letters if letter.template == "storm"]
    readers = {letter.to for letter in told}
    assert [letter.data["count"] for letter in told if letter.to == told[0].to] == [1, 100, 200, 400, 800]
    assert len(told) == 5 * len(readers)
    last = told[-1].data
    assert isinstance(last["firing"], tuple)
    assert (len(last["firing"]), last["more"]) == (15, 785)
    assert len(desk.letters) < 30


@pytest.mark.parametrize(("count", "told"), [(1, False), (100, True), (150, False), (300, False), (25_600, True)])
def test_only_doubled_sizes_are_told(count: int, *, told: bool) -> None:
    assert is_told(count) == told


def test_further_alerts_of_a_key_with_a_ticket_join_that_ticket() -> None:
    desk = _storm(10)
    assert desk.tell("Alert0", host="web2").ticket == desk.facts.tickets[1]
    assert desk.storm.firing == 7


def test_other_sources_open_their_own_tickets() -> None:
    desk = _storm(10)
    decision = desk.tell("DiskFull", source="lab")
    assert decision.verdict == "opened"
    assert decision.ticket is not None
    assert decision.ticket.storm is None


def test_it_goes_on_while_new_alerts_join_and_ends_when_its_window_is_quiet() -> None:
    desk = _storm(10)
    desk.pass_time(4)
    desk.tell("Late")
    desk.pass_time(4)
    decision = desk.tell("Later")
    assert (decision.ticket, "goes on" in decision.why) == (desk.storm, True)
    desk.pass_time(6)
    after = desk.tell("Single")
    assert after.verdict == "opened"
    assert after.ticket is not None
    assert after.ticket.storm is None


def test_what_fires_again_is_a_repeat_on_it_and_writes_no_letter() -> None:
    desk = _storm(10)
    desk.pass_time(1)
    desk.tell("Alert7", ends=True)
    desk.pass_time(20)
    decision = desk.tell("Alert7")
    assert (decision.verdict, decision.ticket, decision.letters) == ("repeated", desk.storm, ())
    assert desk.tell("Single").ticket != desk.storm


def test_it_heals_when_its_last_episode_does() -> None:
    desk = _storm(10)
    desk.pass_time(1)
    for number in range(3, 10):
        assert desk.storm.firing == 10 - number
        desk.tell(f"Alert{number}", ends=True)
    desk.pass_time(6)
    desk.let_fall_due(desk.storm)
    assert (desk.storm.firing, desk.storm.status) == (0, "closed")
    assert desk.told_of(desk.storm)[-1] == "over"


def test_closed_by_hand_it_takes_what_still_comes_and_stays_silent() -> None:
    desk = _storm(10)
    closed = fold(desk.storm, Closed(at=desk.now, how="assignee", reason="known"))
    desk.facts = replace(desk.facts, tickets=desk.facts.tickets.set(closed.id, closed))
    letters = len(desk.letters)
    for number in range(200):
        assert desk.tell(f"Late{number}").ticket == desk.storm
    assert (desk.storm.status, desk.storm.firing, len(desk.letters)) == ("closed", 207, letters)


def test_a_new_storm_soon_after_takes_the_same_ticket_again() -> None:
    desk = _storm(10)
    desk.pass_time(1)
    for number in range(3, 10):
        desk.tell(f"Alert{number}", ends=True)
    desk.pass_time(6)
    desk.let_fall_due(desk.storm)
    desk.fill(5, first=20)
    assert [decision.verdict for decision in desk.decided[-5:]] == ["opened"] * 3 + ["reopened", "appended"]
    assert (desk.storm.firing, desk.storm.open, desk.storm.reopened) == (2, True, 1)


def test_a_worse_severity_raises_it_and_a_milder_one_does_not() -> None:
    desk = _storm(10)
    was = desk.storm.priority
    desk.tell("Worse", severity="critical")
    assert desk.storm.priority < was
    letters = len(desk.letters)
    for number in range(20):
        desk.tell(f"Worse{number}", severity="critical")
        desk.tell(f"Milder{number}", severity="info")
    assert len(desk.letters) == letters


def test_labels_of_the_rulebook_make_storms_of_their_own_until_there_are_too_many() -> None:
    desk = Desk(BY_CLUSTER)
    for number in range(12):
        desk.tell(f"Alert{number}", cluster="east" if number % 2 else "west")
    assert [ticket.storm is not None for ticket in desk.tickets] == [False] * 3 + [True] * 2
    for number in range(20):
        desk.tell(f"More{number}", cluster=f"c{number}")
    assert len(desk.tickets) == 7
    assert sum(ticket.firing for ticket in desk.tickets) == 32


def test_a_missing_heartbeat_has_a_ticket_of_its_own_in_a_storm_too() -> None:
    desk = _storm(10)
    alert = Alert(
        source="prod",
        key="heartbeat",
        received_at=NOW,
        status="firing",
        fingerprint=FINGERPRINT,
        starts_at=NOW,
        labels=Map(alertname=MISSING, job="prod", severity="critical"),
    )
    assert decide(alert, desk.facts, desk.rulebook, desk.now).verdict == "opened"


def test_a_desk_that_wants_no_storms_has_none() -> None:
    desk = Desk(rulebook_with("[alerts.storm]\ntickets = 0\n"))
    desk.fill(50)
    assert len(desk.tickets) == 50
