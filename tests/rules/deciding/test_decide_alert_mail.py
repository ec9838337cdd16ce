"""What becomes of mails by which a monitor tells of alerts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rules.alerts.identity import identify
from rules.alerts.mails import told_alerts
from rules.decide import decide
from rules.facts import Facts, apply
from tests.samples import FACTS, LI, MINUTE, NOW, a_mail, rulebook_with

if TYPE_CHECKING:
    from rules.decision import Decision
    from rules.report import Mail

NAGIOS = "nagios@desk.example"
RULEBOOK = rulebook_with(r"""
[[alerts.mails]]
name = "nagios"
from = "nagios@desk.example"
subject = '^(?P<state>\w+) (?P<host>\w+)/(?P<service>\w+) is (?P<severity>\w+)$'
labels = { alertname = "{service}", instance = "{host}" }
severities = { WARN = "warning", CRIT = "critical" }
[alerts.mails.states]
firing = "PROBLEM"
resolved = "RECOVERY"
acknowledged = "ACK"
ignored = "FLAPPING"
""")


def mails(*subjects: str, **more: object) -> list[Mail]:
    given = {"verified": True, "auto": "list"} | more
    return [
        a_mail(NAGIOS, subject, "network trouble", n=n, received_at=NOW + n * MINUTE, **given)
        for n, subject in enumerate(subjects)
    ]


def take(*reports: Mail, facts: Facts = FACTS) -> tuple[Facts, list[Decision]]:
    decisions = []
    for mail in reports:
        decision = decide(mail, facts, RULEBOOK, mail.received_at)
        facts = apply(facts, mail, decision)
        decisions.append(decision)
    return facts, decisions


STORIES = [
    pytest.param(["PROBLEM a/web is CRIT"], ["opened"], id="a problem opens a ticket"),
    pytest.param(
        ["PROBLEM a/web is CRIT"] * 3, ["opened", "appended", "appended"], id="what is told again is no repeat"
    ),
    pytest.param(["PROBLEM a/web is CRIT", "PROBLEM b/web is CRIT"], ["opened", "appended"], id="another host joins"),
    pytest.param(["PROBLEM a/web is CRIT", "RECOVERY a/web is OK"], ["opened", "resolved"], id="it heals"),
    pytest.param(["RECOVERY a/web is OK"], ["ignored"], id="a recovery of nothing that fired here"),
    pytest.param(
        ["PROBLEM a/web is CRIT", "RECOVERY a/web is OK", "PROBLEM a/web is CRIT"],
        ["opened", "resolved", "reopened"],
        id="it fires again",
    ),
    pytest.param(["PROBLEM a/web is CRIT", "ACK a/web is CRIT"], ["opened", "appended"], id="somebody has taken it"),
    pytest.param(["ACK a/web is CRIT"], ["ignored"], id="somebody has taken what nobody told"),
    pytest.param(["FLAPPING a/web is OK"], ["ignored"], id="a state that the rulebook ignores"),
    pytest.param(["A report of the week"], ["opened"], id="what no pattern fits is an ordinary mail"),
]


@pytest.mark.parametrize(("subjects", "verdicts"), STORIES)
def test_what_a_monitor_mails_is_decided_as_an_alert(subjects: list[str], verdicts: list[str]) -> None:
    assert [decision.verdict for decision in take(*mails(*subjects))[1]] == verdicts


def test_a_monitor_takes_part_in_nothing_and_hears_nothing() -> None:
    _, decisions = take(*mails("PROBLEM a/web is CRIT", "PROBLEM b/web is WARN", "ACK b/web is WARN"))
    ticket = decisions[-1].ticket
    assert ticket is not None
    assert (ticket.channel, ticket.requester, ticket.participants) == ("alert", None, ())
    assert NAGIOS not in {letter.to for decision in decisions for letter in decision.letters}


def test_the_assignee_hears_that_somebody_has_taken_it_in_the_monitor() -> None:
    opened = mails("PROBLEM a/network is CRIT")
    facts, [first] = take(*opened)
    assert first.ticket is not None
    assigned = replace(first.ticket, assignee=LI)
    facts = replace(facts, tickets=facts.tickets.set(assigned.id, assigned))
    [ack] = mails("ACK a/network is CRIT", message_id="<ack@mail.example>")
    ack = replace(ack, key="9.9", content_key="ack")
    _, [decision] = take(ack, facts=facts)
    assert [(letter.template, letter.to) for letter in decision.letters] == [("message", LI)]


def test_the_same_mail_has_no_second_effect() -> None:
    [problem] = mails("PROBLEM a/web is CRIT")
    copies = [problem, problem, replace(problem, source="other", key="7.7")]
    decisions = take(*copies)[1]
    assert [(decision.verdict, bool(decision.events)) for decision in decisions] == [
        ("opened", True), ("opened", False), ("ignored", False)
    ]  # fmt: skip


def test_who_writes_in_a_monitors_name_opens_an_ordinary_ticket() -> None:
    problem = mails("PROBLEM a/web is CRIT")
    forged = [replace(each, key="9.8", content_key="forged") for each in mails("RECOVERY a/web is OK", verified=False)]
    facts, decisions = take(*problem, *forged)
    assert [decision.verdict for decision in decisions] == ["opened", "opened"]
    assert decisions[1].ticket is not None
    assert (decisions[1].ticket.channel, decisions[1].ticket.key) == ("mail", None)
    assert decisions[1].reasons[0].startswith("it names a monitor as its sender, and nothing proves it")
    assert all(episode.firing for episode in facts.episodes.values())


def test_old_mail_that_is_imported_fires_nothing() -> None:
    facts, [decision] = take(*mails("PROBLEM a/web is CRIT", imported=True))
    assert (decision.verdict, decision.reasons[-1]) == (
        "ignored", "an old mail that was imported: what it told is past"
    )  # fmt: skip
    assert not facts.episodes


def test_mails_of_one_second_count_in_their_order() -> None:
    story = [replace(each, received_at=NOW) for each in mails("PROBLEM a/web is CRIT", "RECOVERY a/web is OK")]
    again = replace(mails("PROBLEM a/web is CRIT")[0], key="9.5", content_key="again")
    facts, decisions = take(*story, again)
    assert [decision.verdict for decision in decisions][:2] == ["opened", "resolved"]
    assert [episode.firing for episode in facts.episodes.values()] == [True]


def test_a_problem_that_gets_worse_raises_the_level_and_is_noted_on_the_ticket() -> None:
    _, [mild, worse] = take(*mails("PROBLEM a/web is WARN", "PROBLEM a/web is CRIT"))
    assert mild.ticket is not None
    assert worse.ticket is not None
    assert (mild.ticket.priority, worse.verdict, worse.ticket.priority) == ("P3", "appended", "P1")
    assert worse.events[-1].kind == "reported"


def test_labels_that_pushed_alerts_ignore_still_tell_mailed_ones_apart() -> None:
    alerts = RULEBOOK.alerts.model_copy(update={"ignore_labels": ("instance",)})
    rulebook = RULEBOOK.model_copy(update={"alerts": alerts})
    problem, recovery, other = told_alerts(
        mails("PROBLEM a/web is CRIT", "RECOVERY a/web is OK", "PROBLEM b/web is CRIT"), rulebook
    )
    assert identify(problem, rulebook) == identify(recovery, rulebook) != identify(other, rulebook)


def test_the_alerts_of_a_batch_are_known_before_it_is_decided() -> None:
    told = list(told_alerts(mails("PROBLEM a/web is CRIT", "A report of the week"), RULEBOOK))
    assert [(alert.source, alert.key, alert.name) for alert in told] == [("support", "9.0", "web")]
