"""Monitors that send nothing but mail: their problems open tickets, and their recoveries close them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

RULEBOOK = str(Path(__file__).parents[2] / "deploy/rulebooks/monitors.toml")
LI = "li@desk.example"
PEOPLE = person(LI, "Li Na", teams=("service-desk", "network", "software", "hardware"), lines=["first"])
NAGIOS, ZABBIX = "nagios@example.org", "Zabbix <zabbix@example.org>"
PROVEN = {"Authentication-Results": "mx.example.org; spf=pass smtp.mailfrom=nagios@example.org"}
FORGED = {"Authentication-Results": "mx.example.org; spf=fail smtp.mailfrom=nagios@example.org"}
DOWN, UP = "** PROBLEM Host Alert: web1 is DOWN **", "** RECOVERY Host Alert: web1 is UP **"
TEXT = "***** Nagios *****\n\nHost: web1\nInfo: no answer to ping\n"


def tickets(story: Story) -> list[tuple[str, str, str]]:
    return [
        (channel, status, priority)
        for channel, status, priority in story.desk.rows("SELECT channel, status, priority FROM tickets ORDER BY id")
    ]


def verdicts(story: Story) -> list[str]:
    return [verdict for (verdict,) in story.desk.rows("SELECT verdict FROM ledger ORDER BY id")]


def test_a_problem_of_nagios_is_one_ticket_until_it_recovers(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    with Story(mailbox, smtp_sink, rulebook=RULEBOOK, people=PEOPLE) as story:
        assert story.mail(NAGIOS, DOWN, TEXT) == [("assigned", LI)]
        assert tickets(story) == [("alert", "assigned", "P1")]
        assert "no answer to ping" in story.letter(LI).text

        story.later(minutes=5)
        assert story.mail(NAGIOS, DOWN, TEXT) == []
        assert story.mail(NAGIOS, "** ACKNOWLEDGEMENT Host Alert: web1 is DOWN **", "Wang is at it") == [
            ("message", LI)
        ]
        assert story.mail(NAGIOS, UP, TEXT) == []
        assert story.later(minutes=6) == [("over", LI)]  # held open for a while, in case it comes back
        assert tickets(story) == [("alert", "closed", "P1")]

        assert story.mail(NAGIOS, UP, TEXT) == []
        assert verdicts(story) == ["opened", "appended", "appended", "resolved", "ignored"]
        assert story.metric("deskd_alert_mails_total", monitor="nagios-host", outcome="firing") == 2
        assert story.desk.rows("SELECT count(*) FROM originals") == [(5,)]
        told_again = [event["reason"] for event in story.events(kind="reported") if event["verdict"] == "appended"]
        assert told_again[0] == "a mail of the monitor nagios-host: HostDown fires"


def test_a_problem_of_zabbix_in_chinese_fires_again_and_is_the_same_ticket(
    mailbox: ServedMailbox, smtp_sink: SmtpSink
) -> None:
    text = "告警主机：数据库1\n告警等级：灾难\n告警信息：磁盘将满\n事件ID：4711\n"
    with Story(mailbox, smtp_sink, rulebook=RULEBOOK, people=PEOPLE) as story:
        assert story.mail(ZABBIX, "故障：磁盘将满", text) == [("assigned", LI)]
        story.mail(ZABBIX, "恢复：磁盘将满", text)
        story.later(minutes=6)
        assert story.mail(ZABBIX, "故障：磁盘将满", text.replace("4711", "4712")) == [("reopened", LI)]
        assert verdicts(story) == ["opened", "resolved", "reopened"]
        assert [(channel, priority) for channel, _, priority in tickets(story)] == [("alert", "P1")]


def test_who_forges_a_monitor_opens_an_ordinary_ticket_and_ends_no_alert(
    mailbox: ServedMailbox, smtp_sink: SmtpSink
) -> None:
    with Story(mailbox, smtp_sink, rulebook=RULEBOOK, people=PEOPLE, trust='authserv_id = "mx.example.org"') as story:
        story.mail(NAGIOS, DOWN, TEXT, PROVEN)
        story.mail(NAGIOS, UP, TEXT, FORGED)
        assert [(channel, status) for channel, status, _ in tickets(story)] == [
            ("alert", "assigned"), ("mail", "assigned")
        ]  # fmt: skip
        assert story.desk.rows("SELECT count(*) FROM episodes WHERE resolved_at IS NULL") == [(1,)]
        assert story.metric("deskd_alert_mails_total", outcome="unread") == 1
        assert not any(letter.to == NAGIOS for letter in story.letters)
