"""One incident told by an Alertmanager in two ways, by webhook and by mail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from immutables import Map

from rules.alerts.groups import thread_of
from rules.decide import decide
from rules.facts import Facts, apply
from tests.samples import DAY, FACTS, MINUTE, NOW, RULEBOOK, a_mail, an_alert

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.report import Alert, Mail, Report

SENDER = "alertmanager@corp.example"
GROUP, OTHER = '{}:{alertname="DiskFull"}', '{}:{alertname="Latency"}'
MAILING = replace(FACTS, alertmanagers=Map({SENDER: "prod"}))
DAILY = thread_of(GROUP).replace("-@", "-2026-11-23@")


def a_group_mail(*, n: int = 1, thread: str = DAILY, subject: str = "[FIRING:1] DiskFull", **more: Any) -> Mail:
    given = {"sender": SENDER, "references": (thread,), "verified": True} | more
    return replace(a_mail(subject=subject, text="1 alert", n=n), **_with_address(given))


def _with_address(given: dict[str, Any]) -> dict[str, Any]:
    [address] = [a_mail(str(given["sender"])).sender]
    return given | {"sender": address}


def pushed(status: str = "firing", **more: Any) -> Alert:
    return an_alert(status, **{"group_key": GROUP, **more})


def take(*reports: Report, facts: Facts = MAILING, now: datetime = NOW) -> tuple[Facts, list[Decision]]:
    decisions = []
    for report in reports:
        decision = decide(report, facts, RULEBOOK, now)
        facts = apply(facts, report, decision)
        decisions.append(decision)
    return facts, decisions


STORIES = [
    pytest.param([pushed(), a_group_mail()], ["opened", "appended"], 1, id="the mail comes after the webhook"),
    pytest.param([a_group_mail(), pushed()], ["opened", "appended"], 1, id="the mail comes first"),
    pytest.param(
        [a_group_mail(), a_group_mail(n=2), pushed(), pushed("resolved")],
        ["opened", "appended", "appended", "resolved"],
        1,
        id="what the mail opened heals with the alert",
    ),
    pytest.param(
        [pushed(), pushed("resolved"), a_group_mail(subject="[RESOLVED] DiskFull")],
        ["opened", "resolved", "appended"],
        1,
        id="a mail about what has just healed",
    ),
    pytest.param([a_group_mail(subject="[RESOLVED] DiskFull")], ["ignored"], 0, id="the end of what never fired here"),
    pytest.param(
        [pushed(), a_group_mail(thread=thread_of(GROUP))], ["opened", "appended"], 1, id="threads without a day"
    ),
    pytest.param([pushed(), a_group_mail(thread=thread_of(OTHER))], ["opened", "opened"], 2, id="another group"),
    pytest.param(
        [pushed(), a_group_mail(references=())], ["opened", "opened"], 2, id="an Alertmanager without threading"
    ),
    pytest.param([pushed(), a_group_mail(verified=False)], ["opened", "opened"], 2, id="somebody who forges its name"),
    pytest.param(
        [pushed(), a_group_mail(sender="mallory@evil.example")],
        ["opened", "opened"],
        2,
        id="somebody who names its group",
    ),
    pytest.param([pushed(source="lab"), a_group_mail()], ["opened", "opened"], 2, id="the same group of another one"),
    pytest.param([pushed(), a_group_mail(imported=True)], ["opened", "ignored"], 1, id="old mail that is imported"),
]


@pytest.mark.parametrize(("reports", "verdicts", "tickets"), STORIES)
def test_a_group_is_one_ticket_by_either_way(reports: list[Report], verdicts: list[str], tickets: int) -> None:
    facts, decisions = take(*reports)
    assert [decision.verdict for decision in decisions] == verdicts
    assert len(facts.tickets) == tickets


def test_a_group_mail_is_noted_on_its_ticket_and_writes_no_letter() -> None:
    facts, _ = take(pushed())
    _, [appended] = take(a_group_mail(), facts=facts)
    assert [(event.kind, appended.letters) for event in appended.events] == [("reported", ())]
    assert appended.ticket is not None
    assert (appended.ticket.reports, appended.ticket.repeats) == (2, 0)
    assert appended.reasons == (
        f"a mail of the Alertmanager prod about its group {thread_of(GROUP)}",
        "the alerts of the group are on this ticket",
    )


def test_who_mails_takes_no_part_in_the_ticket_that_it_opens() -> None:
    _, [opened] = take(a_group_mail())
    assert opened.ticket is not None
    assert (opened.ticket.channel, opened.ticket.source, opened.ticket.participants) == ("alert", "prod", ())
    assert SENDER not in {letter.to for letter in opened.letters}


def test_a_mail_long_after_the_group_has_healed_opens_a_new_ticket() -> None:
    facts, _ = take(pushed(), pushed("resolved"))
    _, [decision] = take(a_group_mail(), facts=facts, now=NOW + 2 * DAY)
    assert decision.verdict == "opened"


def test_alerts_with_a_ticket_of_their_own_stay_there() -> None:
    _, decisions = take(pushed(), a_group_mail(thread=thread_of(OTHER)), pushed(host="db2", group_key=OTHER))
    assert [decision.ticket.id for decision in decisions if decision.ticket] == [1, 2, 1]


@pytest.mark.parametrize(
    ("more", "reason"), [({"verified": False}, "nothing proves it"), ({"references": ()}, "no group")]
)
def test_what_is_taken_as_any_other_mail_says_why(more: dict[str, Any], reason: str) -> None:
    _, [decision] = take(a_group_mail(**more))
    assert reason in decision.reasons[0]


def test_the_id_of_a_group_is_that_of_alertmanagers_threads() -> None:
    """`{}:{alertname="DiskFull"}` hashed by sha256sum."""
    assert thread_of(GROUP) == "<alert-17c4e445d234645c-@alertmanager>"


def test_reports_of_ordinary_tickets_make_no_groups() -> None:
    facts, _ = take(replace(a_mail(), references=(DAILY,), received_at=NOW + MINUTE))
    assert not facts.groups
