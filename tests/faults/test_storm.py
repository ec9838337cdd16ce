"""The daemon is killed in the middle of a storm of alerts: one ticket of the storm, and every alert counted once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_books
from tests.servers.desk import DeskProcess, compose_alert, compose_notification

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.slow

#: Of different alerts, so many in each.
NOTIFICATIONS, ALERTS = 80, 10
#: After so many tickets of a source within five minutes the others join one.
ORDINARY = 30


def test_a_storm_in_which_the_daemon_dies_is_one_ticket_and_loses_no_alert() -> None:
    bodies = [compose_notification(_alerts(number)) for number in range(NOTIFICATIONS)]
    with DeskProcess() as desk, ThreadPoolExecutor(4) as senders:
        sent = [senders.submit(desk.post, "/alertmanager/prod", body) for body in bodies]
        desk.wait_for_rows("SELECT 1 FROM ledger", 80)
        desk.kill()
        answers = [each.result()[0] for each in sent]
        desk.start()
        again = [body for body, answer in zip(bodies, answers, strict=True) if answer != 200]
        assert all(desk.post("/alertmanager/prod", body)[0] == 200 for body in again)
        counts = [desk.rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("tickets", "episodes", "ledger")]
        assert counts == [ORDINARY + 1, NOTIFICATIONS * ALERTS, NOTIFICATIONS * ALERTS]
        storms = desk.rows("SELECT firing, json_extract(storm, '$.folded') FROM tickets WHERE storm IS NOT NULL")
        assert storms == [(NOTIFICATIONS * ALERTS - ORDINARY,) * 2]
        check_books(desk.reader)


def _alerts(number: int) -> Sequence[dict[str, object]]:
    first = number * ALERTS
    return [compose_alert(f"Down{one}", f"host{one}") for one in range(first, first + ALERTS)]
