"""`/metrics` speaks both formats, and the process counts what it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from daemon.metrics import live
from daemon.metrics.exposition import Exposition
from daemon.metrics.scope import fit
from tests.daemon.metrics.filling import SCOPE

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


@pytest.fixture
def exposition() -> Exposition:
    live.declare(fit(SCOPE))
    return Exposition()


def sample(exposition: Exposition, name: str, **labels: str) -> float:
    """One sample; 0 where it is not there, as for a counter that never counted."""
    _, body = exposition.render()
    samples = (sample for family in read_text(body.decode()) for sample in family.samples)
    return next((each.value for each in samples if (each.name, each.labels) == (name, labels)), 0.0)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        pytest.param("", "text/plain; version=0.0.4", id="text without a wish"),
        pytest.param("text/plain;version=0.0.4;q=0.5", "text/plain; version=0.0.4", id="text"),
        pytest.param(
            "application/openmetrics-text;version=1.0.0,*/*", "application/openmetrics-text", id="OpenMetrics"
        ),
    ],
)
def test_the_format_is_what_the_scraper_asks_for(exposition: Exposition, accept: str, content_type: str) -> None:
    answered, body = exposition.render(accept)
    assert answered.startswith(content_type)
    read = read_openmetrics if "openmetrics" in answered else read_text
    names = {family.name for family in read(body.decode())}
    assert {"process_resident_memory_bytes", "python_info", "deskd_config_last_reload_successful"} <= names


def test_no_series_tells_when_it_was_made(exposition: Exposition) -> None:
    live.count_webhook("prod", 200, 0.01)
    for accept in ("", "application/openmetrics-text;version=1.0.0"):
        assert b"_created" not in exposition.render(accept)[1]


def test_webhooks_count_by_declared_source_and_known_code(exposition: Exposition) -> None:
    name = "deskd_webhook_requests_total"
    known = sample(exposition, name, source="prod", code="200")
    unknown = sample(exposition, name, source="other", code="other")
    live.count_webhook("prod", 200, 0.01)
    live.count_webhook("prod'; drop table tickets", 418, 0.01)
    assert sample(exposition, name, source="prod", code="200") == known + 1
    assert sample(exposition, name, source="other", code="other") == unknown + 1


def test_a_poll_that_failed_is_no_success(exposition: Exposition) -> None:
    success, polls = "deskd_mailbox_last_success_timestamp_seconds", "deskd_mailbox_polls_total"
    failed = sample(exposition, polls, mailbox="support", outcome="failed")
    live.count_poll("support", at=AT)
    live.count_poll("support", at=datetime.now(UTC), failed=True)
    assert sample(exposition, success, mailbox="support") == AT.timestamp()
    assert sample(exposition, polls, mailbox="support", outcome="failed") == failed + 1


def test_a_worker_that_fails_keeps_its_last_success(exposition: Exposition) -> None:
    live.count_iteration("courier", at=AT)
    live.count_iteration("courier", at=datetime.now(UTC), failed=True)
    assert sample(exposition, "deskd_worker_last_success_timestamp_seconds", worker="courier") == AT.timestamp()


def test_a_refused_reload_keeps_the_time_of_the_last_good_one(exposition: Exposition) -> None:
    live.set_reload(at=AT)
    live.set_reload(at=datetime.now(UTC), failed=True)
    assert sample(exposition, "deskd_config_last_reload_successful") == 0
    assert sample(exposition, "deskd_config_last_reload_success_timestamp_seconds") == AT.timestamp()


def test_one_build_runs_at_a_time(exposition: Exposition) -> None:
    live.set_build("0.1.0", "abc")
    live.set_build("0.2.0", "def")
    assert exposition.render()[1].count(b"deskd_build_info{") == 1
    assert sample(exposition, "deskd_build_info", version="0.2.0", revision="def") == 1


def test_backlog_delay_and_lines_of_the_log_are_told(exposition: Exposition) -> None:
    lines = sample(exposition, "deskd_log_messages_total", level="error")
    mails = sample(exposition, "deskd_mail_ingest_delay_seconds_count", mailbox="support")
    live.set_backlog("support", 12)
    live.observe_ingest_delay("support", -3.0)
    live.count_log_line("error")
    live.count_log_line("debug")
    assert sample(exposition, "deskd_mailbox_unprocessed_messages", mailbox="support") == 12
    assert sample(exposition, "deskd_mail_ingest_delay_seconds_count", mailbox="support") == mails + 1
    assert sample(exposition, "deskd_log_messages_total", level="error") == lines + 1


def test_a_listener_is_counted_from_the_start_and_never_polled(exposition: Exposition) -> None:
    live.declare(fit(replace(SCOPE, listeners=("mx",))))
    taken = sample(exposition, "deskd_listener_mails_total", listener="mx", outcome="taken")
    live.count_delivery("mx", "taken", 0.2)
    live.set_connections("mx", 3)
    live.count_turned_away("mx")
    assert sample(exposition, "deskd_listener_mails_total", listener="mx", outcome="taken") == taken + 1
    assert sample(exposition, "deskd_listener_connections", listener="mx") == 3
    assert sample(exposition, "deskd_listener_answer_duration_seconds_count", listener="mx") >= 1
    assert b'deskd_mailbox_polls_total{mailbox="mx"' not in exposition.render()[1]
