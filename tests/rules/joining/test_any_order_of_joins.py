"""Whatever fires, is reported, joined and split off, in any order: tickets and episodes agree with each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.alerts.identity import report_key
from rules.alerts.state import SHOWN
from tests.rules.joining.shop import Shop, database_down, latency
from tests.samples import ALICE, BOB, CHEN

if TYPE_CHECKING:
    from rules.report import Alert

ALERTS = {"HighLatency": latency, "HostDown": database_down}
SUBJECTS = ("Payment is very slow", "The database is down", "The wifi in room 7 is gone")
COMMANDS = (
    "!join",
    "!join 202611-001",
    "!join 202611-002",
    "!split",
    "!split 202611-002",
    "!split HostDown",
    "!split HighLatency",
    f"!split {ALICE}",
    "!split\n!split",
    "!resolve restarted",
    "!close nothing to do",
)
STEPS = st.one_of(
    st.tuples(st.just("fires"), st.sampled_from(sorted(ALERTS))),
    st.tuples(st.just("ends"), st.sampled_from(sorted(ALERTS))),
    st.tuples(st.just("writes"), st.sampled_from((ALICE, BOB)), st.sampled_from(SUBJECTS)),
    st.tuples(st.just("commands"), st.integers(1, 4), st.sampled_from(COMMANDS)),
    st.tuples(st.just("answers"), st.integers(1, 4), st.sampled_from((ALICE, BOB))),
)


def an_alert(shop: Shop, name: str, status: str) -> Alert:
    """What of an alert fires or ends now: each firing has a start of its own."""
    alert = ALERTS[name](status)
    known = shop.facts.episodes.get((alert.source, alert.fingerprint))
    start = known.starts_at if known is not None and known.firing else shop.now
    key = report_key(alert.fingerprint, start, status)
    return replace(alert, starts_at=start, ends_at=shop.now if status == "resolved" else None, key=key)


def take(shop: Shop, step: tuple[object, ...]) -> None:
    match step:
        case ("fires", str(name)):
            shop.fires(an_alert(shop, name, "firing"))
        case ("ends", str(name)):
            shop.fires(an_alert(shop, name, "resolved"))
        case ("writes", str(person), str(subject)):
            shop.hears(person, subject)
        case ("commands", int(ticket), str(text)) if ticket in shop.facts.tickets:
            shop.answers(text, CHEN, ticket=ticket)
        case ("answers", int(ticket), str(person)) if ticket in shop.facts.tickets:
            shop.answers("No, it is still broken.", person, ticket=ticket)


def check(shop: Shop) -> None:
    tickets = shop.facts.tickets
    firing = Counter(each.ticket for each in shop.facts.episodes.values() if each.firing)
    for number, ticket in tickets.items():
        assert ticket.firing == firing[number]
        assert sum(ticket.alerts.severities.values()) == ticket.firing
        assert len(ticket.alerts.firing_on) == min(ticket.firing, SHOWN)
        assert all(tickets[part].merged_into == number for part in ticket.absorbed)
        assert ticket.merged_into is None or number in tickets[ticket.merged_into].absorbed
        assert not {address for address, _ in ticket.parted} & {each.address for each in ticket.participants}
        assert {each.came_with for each in ticket.participants} <= {None, *ticket.absorbed}
        assert ticket.channel != "alert" or ticket.merged_into is None


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=14))
def test_tickets_and_episodes_agree_after_every_step(steps: list[tuple[object, ...]]) -> None:
    shop = Shop()
    for step in steps:
        take(shop, step)
        check(shop)
        shop.later()
