"""Alerts by mail at the desk: decided in one batch or in many, the books are the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map
from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import transaction
from rules.alerts.groups import thread_of
from tests.daemon.desks import STANDING, MovedClock, StandingDesk
from tests.faults.accounts import check_books
from tests.samples import DAY, NOW, a_mail, an_alert, rulebook_with

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from rules.report import Report

ALERTMANAGER, NAGIOS, MALLORY = "alertmanager@corp.example", "nagios@corp.example", "mallory@evil.example"
GROUP = '{}:{alertname="DiskFull"}'
THREAD = thread_of(GROUP).replace("-@", "-2026-11-23@")
MAILING = replace(STANDING, alertmanagers=Map({ALERTMANAGER: "prod"}))
RULEBOOK = rulebook_with("""
[[alerts.mails]]
name = "nagios"
from = "nagios@corp.example"
subject = '^(?P<state>PROBLEM|RECOVERY) (?P<host>\\w+)$'
labels = { alertname = "HostDown", instance = "{host}" }
states = { firing = "PROBLEM", resolved = "RECOVERY" }
""")


def group_mail(n: int, sender: str = ALERTMANAGER) -> Report:
    mail = a_mail(sender, "[FIRING:1] DiskFull", "1 alert", n=n, verified=True)
    return replace(mail, references=(THREAD,))


def nagios_mail(n: int, subject: str) -> Report:
    return a_mail(NAGIOS, subject, "", n=n, verified=True, received_at=NOW)


REPORTS = (
    group_mail(1, MALLORY),
    an_alert(group_key=GROUP),
    group_mail(2),
    nagios_mail(3, "PROBLEM web1"),
    nagios_mail(4, "PROBLEM web1"),
    nagios_mail(5, "RECOVERY web1"),
    an_alert("resolved", group_key=GROUP),
    group_mail(6),
)
LEDGER = [
    (MALLORY, "opened", 1),
    (None, "opened", 2),
    (ALERTMANAGER, "appended", 2),
    (NAGIOS, "opened", 3),
    (NAGIOS, "appended", 3),
    (NAGIOS, "resolved", 3),
    (None, "resolved", 2),
    (ALERTMANAGER, "appended", 2),
]


def ledger(engine: Engine) -> list[tuple[str | None, str, int | None]]:
    table = schema.ledger.c
    with transaction(engine) as connection:
        rows = connection.execute(select(table.reporter, table.verdict, table.ticket_id).order_by(table.id))
        return [(reporter, verdict, ticket) for reporter, verdict, ticket in rows]


@pytest.mark.parametrize("size", [len(REPORTS), 3, 1], ids=["all in one batch", "in three batches", "one by one"])
def test_alerts_come_to_their_tickets_by_mail_as_by_webhook(writer: Engine, size: int) -> None:
    desk = StandingDesk(writer, rulebook=RULEBOOK, standing=MAILING)
    for start in range(0, len(REPORTS), size):
        desk.receive(*REPORTS[start : start + size])
    assert ledger(writer) == LEDGER
    check_books(writer)


def test_the_newest_open_ticket_of_a_group_takes_its_mails(writer: Engine) -> None:
    clock = MovedClock()
    desk = StandingDesk(writer, clock, rulebook=RULEBOOK, standing=MAILING)
    desk.receive(an_alert(group_key=GROUP), an_alert("resolved", group_key=GROUP))
    clock.move(2 * DAY)
    desk.receive(an_alert(minute=2_880, group_key=GROUP))
    desk.receive(group_mail(1))
    assert ledger(writer)[-1] == (ALERTMANAGER, "appended", 2)


def test_an_alert_that_is_found_by_asking_joins_the_ticket_of_its_groups_mail(writer: Engine) -> None:
    desk = StandingDesk(writer, rulebook=RULEBOOK, standing=MAILING)
    desk.receive(group_mail(1))
    desk.receive(an_alert(group_key=GROUP, correction="opened"))
    assert ledger(writer) == [(ALERTMANAGER, "opened", 1), (None, "appended", 1)]


def test_a_mail_that_came_first_is_joined_after_a_restart(writer: Engine) -> None:
    StandingDesk(writer, rulebook=RULEBOOK, standing=MAILING).receive(group_mail(1))
    StandingDesk(writer, rulebook=RULEBOOK, standing=MAILING).receive(an_alert(group_key=GROUP))
    assert ledger(writer) == [(ALERTMANAGER, "opened", 1), (None, "appended", 1)]
    check_books(writer)
