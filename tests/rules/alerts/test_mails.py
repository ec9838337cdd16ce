"""Mails of monitors read as alerts, by the patterns that lie in deploy/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.config.rulebooks import read_rulebook_file
from rules.alerts.mails import AlertMail, UnreadAlertMail, read_alert_mail
from tests.samples import a_mail

if TYPE_CHECKING:
    from rules.report import Alert, Mail

RULEBOOK = read_rulebook_file(Path(__file__).parents[3] / "deploy/rulebooks/monitors.toml")

NAGIOS_SERVICE = """\
***** Nagios *****

Notification Type: PROBLEM

Service: HTTP
Host: web1
Address: 192.0.2.1
State: CRITICAL

Date/Time: Mon Nov 23 10:00:00 CST 2026

Additional Info:

Connection refused
"""
NAGIOS_HOST = """\
***** Nagios *****

Notification Type: PROBLEM
Host: web1
State: DOWN
Address: 192.0.2.1
Info: no answer to ping
"""
ICINGA = """\
***** Service Monitoring on monitor1 *****

disk /var on web1 is WARNING!

Info:    8 % are left
When:    2026-11-23 10:00:00 +0800
Service: disk /var
Host:    web1
"""
ZABBIX = """\
Problem started at 10:00:00 on 2026.11.23
Problem name: High CPU utilization
Host: web1
Severity: Average
Operational data: Current utilization: 97 %
Original problem ID: 4711
"""
ZABBIX_OVER = ZABBIX.replace("started", "has been resolved")
ZABBIX_ZH = "告警主机：数据库1\n告警时间：2026.11.23 10:00\n告警等级：严重\n告警信息：磁盘将满\n事件ID：4711\n"


def written_by(monitor: str, subject: str, text: str = "") -> Mail:
    return a_mail(f"{monitor}@example.org", subject, text, verified=True)


def told(mail: Mail) -> AlertMail:
    read = read_alert_mail(mail, RULEBOOK)
    assert isinstance(read, AlertMail), read
    return read


def alert_of(monitor: str, subject: str, text: str = "") -> Alert:
    return told(written_by(monitor, subject, text)).alert


MAILS = [
    pytest.param(
        "nagios", "** PROBLEM Service Alert: web1/HTTP is CRITICAL **", NAGIOS_SERVICE,
        ("firing", "HTTP", "web1", "critical", "Connection refused"), id="Nagios: a service"),
    pytest.param(
        "nagios", "** RECOVERY Service Alert: web1/HTTP is OK **", NAGIOS_SERVICE,
        ("resolved", "HTTP", "web1", "ok", "Connection refused"), id="Nagios: a service has recovered"),
    pytest.param(
        "nagios", "** ACKNOWLEDGEMENT Service Alert: web1/Disk /var is WARNING **", "",
        ("acknowledged", "Disk /var", "web1", "warning", ""), id="Nagios: somebody has taken it"),
    pytest.param(
        "nagios", "** FLAPPINGSTART Service Alert: web1/HTTP is OK **", "",
        ("ignored", "HTTP", "web1", "ok", ""), id="Nagios: flapping is what the desk finds out itself"),
    pytest.param(
        "nagios", "** PROBLEM Host Alert: web1 is DOWN **", NAGIOS_HOST,
        ("firing", "HostDown", "web1", "critical", "no answer to ping"), id="Nagios: a host"),
    pytest.param(
        "icinga", "[PROBLEM] disk /var on web1 is WARNING!", ICINGA,
        ("firing", "disk /var", "web1", "warning", "8 % are left"), id="Icinga 2: a service"),
    pytest.param(
        "icinga", "[RECOVERY] Host web1 is UP!", "",
        ("resolved", "HostDown", "web1", "up", ""), id="Icinga 2: a host is back"),
    pytest.param(
        "zabbix", "Problem: High CPU utilization", ZABBIX,
        ("firing", "High CPU utilization", "web1", "average", ""), id="Zabbix"),
    pytest.param(
        "zabbix", "Resolved in 1h 5m 2s: High CPU utilization", ZABBIX_OVER,
        ("resolved", "High CPU utilization", "web1", "average", ""), id="Zabbix: over"),
    pytest.param(
        "zabbix", "Updated problem in 5m: High CPU utilization", ZABBIX,
        ("acknowledged", "High CPU utilization", "web1", "average", ""), id="Zabbix: somebody has taken it"),
    pytest.param(
        "zabbix", "故障：磁盘将满", ZABBIX_ZH,
        ("firing", "磁盘将满", "数据库1", "high", ""), id="Zabbix in Chinese"),
    pytest.param(
        "zabbix", "恢复: 磁盘将满", ZABBIX_ZH,
        ("resolved", "磁盘将满", "数据库1", "high", ""), id="Zabbix in Chinese, half-width: over"),
    pytest.param(
        "zabbix", "故障PROBLEM,服务器:数据库1发生: 磁盘将满故障!", "",
        ("firing", "磁盘将满", "数据库1", "", ""), id="Zabbix with the message of Chinese guides"),
    pytest.param(
        "zabbix", "恢复OK, 服务器:数据库1: 磁盘将满已恢复!", "",
        ("resolved", "磁盘将满", "数据库1", "", ""), id="Zabbix with the message of Chinese guides: over"),
]  # fmt: skip


@pytest.mark.parametrize(("monitor", "subject", "text", "tells"), MAILS)
def test_a_mail_of_a_monitor_tells_an_alert(
    monitor: str, subject: str, text: str, tells: tuple[str, str, str, str, str]
) -> None:
    state, name, host, severity, summary = tells
    read = told(written_by(monitor, subject, text))
    labels = {"alertname": name, "instance": host} | ({"severity": severity} if severity else {})
    assert (read.state, dict(read.alert.labels)) == (state, labels)
    assert read.alert.summary == (summary or subject)


@pytest.mark.parametrize(
    ("monitor", "fires", "ends"),
    [
        (
            "nagios",
            "** PROBLEM Service Alert: web1/HTTP is CRITICAL **",
            "** RECOVERY Service Alert: web1/HTTP is OK **",
        ),
        ("nagios", "** PROBLEM Host Alert: web1 is DOWN **", "** RECOVERY Host Alert: web1 is UP **"),
        ("icinga", "[PROBLEM] disk on web1 is CRITICAL!", "[RECOVERY] disk on web1 is OK!"),
        ("zabbix", "Problem: High CPU utilization", "Resolved in 5m: High CPU utilization"),
        ("zabbix", "故障PROBLEM,服务器:db1发生: 磁盘将满故障!", "恢复OK,服务器:db1: 磁盘将满已恢复!"),
    ],
)
def test_a_recovery_names_the_same_alert_whatever_its_severity(monitor: str, fires: str, ends: str) -> None:
    assert alert_of(monitor, fires).fingerprint == alert_of(monitor, ends).fingerprint


def test_hosts_and_services_are_told_apart() -> None:
    subjects = [f"** PROBLEM Service Alert: {host}/{service} is CRITICAL **" for host in ("a", "b") for service in "cd"]
    assert len({alert_of("nagios", subject).fingerprint for subject in subjects}) == 4


def test_a_mail_of_anybody_else_is_none_of_a_monitor() -> None:
    assert read_alert_mail(a_mail(subject="Problem: High CPU utilization", verified=True), RULEBOOK) is None


@given(st.text(max_size=200), st.text(max_size=500))
def test_whatever_a_monitor_writes_is_read_or_says_why(subject: str, text: str) -> None:
    for monitor in ("nagios", "icinga", "zabbix"):
        read = read_alert_mail(written_by(monitor, subject, text), RULEBOOK)
        assert read is not None
        assert read.reason


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        pytest.param(
            a_mail("zabbix@example.org", "Problem: High CPU utilization", verified_reason="spf=fail"),
            "nothing proves it (spf=fail)",
            id="somebody writes in its name",
        ),
        pytest.param(written_by("zabbix", "Weekly report"), "no pattern of the rulebook fits", id="another mail of it"),
        pytest.param(
            written_by("nagios", "** CUSTOM Host Alert: web1 is UP **"), "knows no state CUSTOM", id="an unknown state"
        ),
    ],
)
def test_what_cannot_be_read_stays_a_mail_and_says_why(mail: Mail, reason: str) -> None:
    read = read_alert_mail(mail, RULEBOOK)
    assert isinstance(read, UnreadAlertMail)
    assert reason in read.reason
