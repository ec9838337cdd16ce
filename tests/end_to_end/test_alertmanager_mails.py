"""A real Alertmanager tells of one group by webhook and by mail, and the desk makes one ticket of it."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

import pytest

from rules.alerts.groups import thread_of
from tests.faults.accounts import check_books
from tests.servers.desk import ADDRESS, TOKEN, DeskProcess, compose_alert, compose_mail, compose_notification
from tests.servers.process import PATIENCE
from tests.servers.prometheus import AlertmanagerServer

pytestmark = pytest.mark.slow

SENDER = "alertmanager@corp.example"
GROUP = '{}:{alertname="DiskFull"}'
THREAD = thread_of(GROUP)
LABELS = {"alertname": "DiskFull", "instance": "db1", "severity": "warning"}
BY_CHANNEL = "SELECT channel, verdict, ticket_id FROM ledger ORDER BY channel, id"


def an_email(desk: DeskProcess) -> dict[str, object]:
    """An `email_config` that threads; Alertmanager does so itself since `threading`, and this one may be older."""
    return {
        "to": ADDRESS,
        "from": SENDER,
        "smarthost": f"127.0.0.1:{desk.lmtp_port}",
        "require_tls": False,
        "headers": {"References": THREAD, "In-Reply-To": THREAD},
        "send_resolved": True,
    }


def test_a_real_alertmanagers_webhook_and_mails_are_one_ticket() -> None:
    with DeskProcess(listener="smtp", mails_from=SENDER) as desk:
        hook = f"http://127.0.0.1:{desk.port}/alertmanager/prod"
        with AlertmanagerServer(hook, token=TOKEN, email=an_email(desk)) as alertmanager:
            begun = datetime.now(UTC)
            alertmanager.post([{"labels": LABELS, "startsAt": begun.isoformat()}])
            desk.wait_for_rows("SELECT 1 FROM ledger", 2, 30)
            ended = max(datetime.now(UTC), begun + timedelta(milliseconds=1))
            alertmanager.post([{"labels": LABELS, "startsAt": begun.isoformat(), "endsAt": ended.isoformat()}])
            desk.wait_for_rows("SELECT 1 FROM ledger", 4, 30)
        verdicts = {(channel, verdict) for channel, verdict, _ in desk.rows(BY_CHANNEL)}
        assert {ticket for _, _, ticket in desk.rows(BY_CHANNEL)} == {1}
        assert verdicts in (  # whichever of the two comes first
            {("alert", "opened"), ("alert", "resolved"), ("mail", "appended")},
            {("mail", "opened"), ("alert", "appended"), ("alert", "resolved"), ("mail", "appended")},
        )
        assert desk.rows("SELECT status FROM tickets") == [("closed",)]
        check_books(desk.reader)


def test_the_webhook_joins_the_ticket_that_its_groups_mail_opened() -> None:
    headers = {"References": THREAD.replace("-@", "-2026-11-23@")}
    firing = compose_notification([compose_alert("DiskFull", "db1")], group_key=GROUP)
    healed = compose_notification([compose_alert("DiskFull", "db1", status="resolved")], group_key=GROUP)
    with DeskProcess(listener="smtp", mails_from=SENDER) as desk:
        for number, subject in enumerate(("[FIRING:1] DiskFull", "[FIRING:2] DiskFull")):
            mail = compose_mail(SENDER, subject, "1 alert", message_id=f"<{number}@am>", headers=headers)
            with smtplib.SMTP("127.0.0.1", desk.lmtp_port, timeout=PATIENCE) as client:
                client.sendmail(SENDER, [ADDRESS], mail)
        for body in (firing, healed):
            assert desk.post("/alertmanager/prod", body)[0] == 200
        assert desk.rows("SELECT channel, verdict, ticket_id FROM ledger ORDER BY id") == [
            ("mail", "opened", 1), ("mail", "appended", 1), ("alert", "appended", 1), ("alert", "resolved", 1)
        ]  # fmt: skip
        assert desk.rows("SELECT status FROM tickets") == [("closed",)]
        assert 'deskd_alert_mails_total{monitor="prod",outcome="group"} 2.0' in desk.get("/metrics")[1]
        check_books(desk.reader)


def test_a_mail_that_refers_to_the_group_from_anybody_else_is_no_part_of_it() -> None:
    with DeskProcess(listener="smtp", mails_from=SENDER) as desk:
        desk.post("/alertmanager/prod", compose_notification([compose_alert("DiskFull", "db1")], group_key=GROUP))
        for number, sender in enumerate(("mallory@evil.example", SENDER)):
            mail = compose_mail(
                sender, "[FIRING:1] DiskFull", "1 alert", message_id=f"<{number}@x>", headers={"References": THREAD}
            )
            with smtplib.SMTP("127.0.0.1", desk.lmtp_port, timeout=PATIENCE) as client:
                client.sendmail(sender, [ADDRESS], mail)
        assert desk.rows("SELECT reporter, verdict, ticket_id FROM ledger ORDER BY id") == [
            (None, "opened", 1), ("mallory@evil.example", "opened", 2), (SENDER, "appended", 1)
        ]  # fmt: skip
