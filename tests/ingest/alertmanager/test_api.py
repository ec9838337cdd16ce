"""Asking a real Alertmanager, and answers that no Alertmanager gives."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from ingest.alertmanager.answers import AnswerError, items_of, read_alerts, read_silences, read_status
from ingest.alertmanager.api import AlertmanagerApi, AlertmanagerError, AlertQuery, first_answer
from ingest.alertmanager.notification import read_notification
from rules.silences.silence import Matcher, Silence
from tests.servers.process import free_port, make_certificate
from tests.servers.prometheus import AlertmanagerServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LISTED = {
    "labels": {"alertname": "HighLatency", "service": "checkout"},
    "annotations": {"summary": "slow"},
    "startsAt": "2026-11-20T09:00:00.123Z",
    "endsAt": "2026-11-20T09:05:00.000Z",
    "updatedAt": "2026-11-20T09:01:00.000Z",
    "fingerprint": "c4fa8262820e0e19",
    "generatorURL": "http://prometheus.example.org/graph",
    "receivers": [{"name": "desk"}],
    "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
}


def listed(**other: Any) -> Any:
    (alert,) = read_alerts([LISTED | other], source="prod", received_at=NOW).alerts
    return alert


def test_a_listed_alert_is_the_report_that_a_push_of_it_would_be() -> None:
    pushed = LISTED | {
        "status": "firing",
        "startsAt": "2026-11-20T09:00:00.123987654Z",
        "endsAt": "0001-01-01T00:00:00Z",
    }
    body = json.dumps({"alerts": [pushed]}).encode()
    (alert,) = read_notification(body, source="prod", received_at=NOW).alerts
    assert listed().alert == alert


@pytest.mark.parametrize(
    ("status", "why"),
    [
        pytest.param({"state": "active"}, "", id="an active alert is not suppressed"),
        pytest.param(
            {"state": "suppressed", "silencedBy": ["1132a56a"]},
            "silenced by 1132a56a",
            id="a silence is named by its id",
        ),
        pytest.param(
            {"state": "suppressed", "silencedBy": [], "inhibitedBy": ["c4fa"]},
            "inhibited by c4fa",
            id="an inhibition is named by the alert that inhibits",
        ),
        pytest.param({"state": "suppressed"}, "suppressed", id="a muted time names nothing"),
        pytest.param("odd", "", id="a status that is none counts as active"),
    ],
)
def test_how_an_alert_is_suppressed_is_told(status: object, why: str) -> None:
    assert listed(status=status).suppression == why


def test_an_entry_that_is_no_alert_is_counted_and_the_others_are_read() -> None:
    found = read_alerts([LISTED, {}, None, {"labels": 3}], source="prod", received_at=NOW)
    assert (len(found.alerts), found.unread) == (1, 3)


@pytest.mark.parametrize("data", [None, 3, "alerts", {}, {"uptime": "soon"}, {"uptime": None, "cluster": []}])
def test_what_is_no_answer_is_refused(data: object) -> None:
    with pytest.raises(AnswerError):
        list(items_of(json.dumps(data).encode()))
    with pytest.raises(AnswerError):
        read_status(data)
    with pytest.raises(AnswerError):
        read_silences(data)


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[1]", '[1, "]", [2, {"a": [3]}], null ]\n', "[1,2]"])
def test_a_list_is_parsed_item_by_item_into_the_same(text: str) -> None:
    assert list(items_of(text.encode())) == json.loads(text)


@pytest.mark.parametrize("text", ["", "[", "[1", "[1,", "[1 2]", "[1,,2]", "{}", "<html>", "[" * 200_000])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        list(items_of(text.encode()))


def test_the_names_of_receivers_are_no_expressions() -> None:
    assert ("receiver", r"team\.x|desk") in AlertQuery(receivers=("team.x", "desk")).parameters()


@contextmanager
def answering(
    status: int, body: bytes = b"", *, tls: tuple[Path, Path] | None = None, **headers: str
) -> Iterator[AlertmanagerApi]:
    """A web server that answers everything alike; `tls` are its certificate, which is to be trusted, and its key."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def do_DELETE(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            plain = AlertmanagerApi(url=f"http://127.0.0.1:{server.server_port}")
            yield (
                plain if tls is None else AlertmanagerApi(url=f"https://localhost:{server.server_port}", ca_file=tls[0])
            )
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "passes"),
    [
        pytest.param(500, b'"down"', True, id="a fault of the server passes"),
        pytest.param(503, b"", True, id="a server that is away comes back"),
        pytest.param(401, b"", False, id="a wrong token stays wrong"),
        pytest.param(404, b"404 page not found", False, id="a wrong address stays wrong"),
        pytest.param(302, b"", False, id="a redirect is not followed"),
        pytest.param(200, b"<html>", True, id="the page of a proxy passes"),
        pytest.param(200, b"[" * 200_000, True, id="a bottomless answer is none"),
    ],
)
def test_a_failure_tells_whether_it_passes(status: int, body: bytes, passes: bool) -> None:
    with answering(status, body, location="http://127.0.0.1:9/") as api, pytest.raises(AlertmanagerError) as raised:
        asyncio.run(api.status())
    assert raised.value.passes is passes
    assert raised.value.reason.startswith(api.url)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        pytest.param(404, b"404 page not found", "--web.route-prefix", id="a path that was left out"),
        pytest.param(302, b"", "it sends on to https://sso.example.org/login", id="a login page elsewhere"),
        pytest.param(200, b"<html>Sign in", "no answer of an Alertmanager, see api: <html>Sign in", id="a login page"),
    ],
)
def test_what_is_no_alertmanager_says_what_to_look_at(status: int, body: bytes, says: str) -> None:
    with answering(status, body, location="https://sso.example.org/login") as api:
        with pytest.raises(AlertmanagerError) as raised:
            asyncio.run(api.status())
        assert says in raised.value.reason


def test_a_certificate_that_nobody_vouches_for_names_the_key(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other, _ = make_certificate(tmp_path / "other")
    with answering(200, tls=make_certificate(tmp_path)) as api, pytest.raises(AlertmanagerError, match="api_ca_file"):
        asyncio.run(replace(api, ca_file=other).status())


def test_https_to_a_server_without_tls_is_told() -> None:
    with answering(200) as api, pytest.raises(AlertmanagerError, match="no TLS: see api"):
        asyncio.run(replace(api, url=api.url.replace("http:", "https:")).status())


def test_the_certificates_to_trust_are_read_anew_only_when_their_file_has_changed(tmp_path: Path) -> None:
    """To read them takes longer than to answer twenty webhooks, which would wait for it."""
    certificate, key = make_certificate(tmp_path)
    with answering(200, b"[]", tls=(certificate, key)) as api:
        assert asyncio.run(api.silences()) == ()
        read_at = certificate.stat().st_mtime_ns
        certificate.write_text("no certificate")
        os.utime(certificate, ns=(read_at, read_at))
        assert asyncio.run(api.silences()) == ()
        os.utime(certificate)
        with pytest.raises(AlertmanagerError) as raised:
            asyncio.run(api.silences())
        assert not raised.value.passes


def test_an_answer_has_a_largest_size() -> None:
    with answering(200, b" " * 5000) as api, pytest.raises(AlertmanagerError, match="larger than 1000 bytes"):
        asyncio.run(replace(api, largest_answer=1000).status())


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(404, b"", id="unknown since 0.28"),
        pytest.param(500, b'"silence not found"', id="unknown before 0.28"),
        pytest.param(500, b'"silence 11 already expired"', id="expired before"),
    ],
)
def test_a_silence_that_is_gone_needs_no_expiring(status: int, body: bytes) -> None:
    with answering(status, body) as api:
        asyncio.run(api.expire_silence("11"))


def test_the_second_of_a_pair_answers_where_the_first_is_away() -> None:
    away = AlertmanagerApi(url=f"http://127.0.0.1:{free_port()}")
    with answering(200, b"[]") as api:
        assert asyncio.run(first_answer([away, api], lambda each: each.silences())) == ()
    with pytest.raises(AlertmanagerError) as raised:
        asyncio.run(first_answer([away, away], lambda each: each.silences()))
    assert raised.value.passes


def test_a_refusal_for_good_is_not_asked_of_the_second() -> None:
    with answering(401) as refusing, answering(200, b"[]") as api, pytest.raises(AlertmanagerError, match="401"):
        asyncio.run(first_answer([refusing, api], lambda each: each.silences()))


@pytest.mark.parametrize(
    ("status", "body", "in_doubt"),
    [
        pytest.param(200, b"<html>", True, id="a proxy answered for it"),
        pytest.param(504, b"", True, id="a proxy waited in vain"),
        pytest.param(500, b"no space left", False, id="it says that it did not"),
        pytest.param(400, b"bad matcher", False, id="it says that it never will"),
    ],
)
def test_a_silence_that_may_have_been_made_is_not_asked_of_the_second(status: int, body: bytes, in_doubt: bool) -> None:
    silence = Silence(matchers=(), starts_at=NOW, ends_at=NOW, created_by="desk", comment="ticket 1")
    with answering(status, body) as lossy, answering(200, b'{"silenceID": "second"}') as api:
        with pytest.raises(AlertmanagerError) as raised:
            asyncio.run(lossy.set_silence(silence))
        assert raised.value.in_doubt is in_doubt
        if in_doubt:
            with pytest.raises(AlertmanagerError):
                asyncio.run(first_answer([lossy, api], lambda each: each.set_silence(silence)))
    unreached = AlertmanagerApi(url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(AlertmanagerError) as raised:
        asyncio.run(unreached.set_silence(silence))
    assert not raised.value.in_doubt


@pytest.mark.slow
def test_a_silence_is_made_shown_and_expired_on_a_real_alertmanager() -> None:
    with AlertmanagerServer("http://127.0.0.1:9/") as server:
        asyncio.run(_silence_and_expire(server))


async def _silence_and_expire(server: AlertmanagerServer) -> None:
    api = AlertmanagerApi(url=server.url)
    now = datetime.now(UTC)
    await asyncio.to_thread(server.post, [{"labels": {"alertname": "HighLatency", "service": "checkout"}}])
    (before,) = (await api.alerts(AlertQuery(), source="prod", received_at=now)).alerts
    assert before.alert.labels["service"] == "checkout"
    assert before.receivers == {"desk"}
    wanted = Silence(
        matchers=(Matcher(name="service", value="checkout"),),
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        created_by="desk@example.org",
        comment="INC-1",
    )
    made = await api.set_silence(wanted)
    (kept,) = await api.silences(['service="checkout"'])
    assert (kept.id, kept.matchers, kept.comment, kept.state) == (made, wanted.matchers, "INC-1", "active")
    (during,) = (await api.alerts(AlertQuery(), source="prod", received_at=now)).alerts
    assert during.suppression == f"silenced by {made}"
    assert not (await api.alerts(AlertQuery(silenced=False), source="prod", received_at=now)).alerts
    for _ in range(2):
        await api.expire_silence(made)
    assert [each.state for each in await api.silences()] == ["expired"]
    assert not (await api.alerts(AlertQuery(receivers=("nobody",)), source="prod", received_at=now)).alerts
    status = await api.status()
    assert now - status.started_at < timedelta(minutes=1)
    assert "receiver: desk" in status.configuration


@pytest.mark.slow
def test_a_matcher_that_is_none_is_refused_for_good() -> None:
    with AlertmanagerServer("http://127.0.0.1:9/") as server, pytest.raises(AlertmanagerError) as raised:
        asyncio.run(AlertmanagerApi(url=server.url).silences(["no matcher"]))
    assert not raised.value.passes
