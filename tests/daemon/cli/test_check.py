from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from daemon.__main__ import main
from daemon.check.everything import Check, run_all
from daemon.check.finding import Finding
from tests.daemon.cli.desks import CONFIG, PRINTER, open_desk, receive_mails, write_desk
from tests.samples import an_alert
from tests.servers.dovecot import DovecotServer
from tests.servers.process import free_port
from tests.servers.smtp import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.dovecot import ServedMailbox


class Screen:
    """Runs the command and reads its lines as grade, part and sentence."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.status = 0

    def __call__(self, *tables: str) -> list[tuple[str, str, str]]:
        port = free_port()
        path = write_desk(self.folder, "\n".join((CONFIG, *tables, f'[http]\nwebhooks = "127.0.0.1:{port}"\n')))
        return self.of(path)

    def of(self, path: Path) -> list[tuple[str, str, str]]:
        self.capsys.readouterr()
        self.status = main(["check", "-c", str(path)])
        lines = (line.split(maxsplit=1) for line in self.capsys.readouterr().out.splitlines())
        return [(grade, *map(str.strip, rest.split("  ", 1))) for grade, rest in lines]  # type: ignore[misc]

    def part(self, name: str, *tables: str) -> list[tuple[str, str]]:
        """Grade and sentence of what is said of one part."""
        return [(grade, says) for grade, part, says in self(*tables) if part == name]

    def line_of(self, text: str) -> str:
        """How the first line with this text is named."""
        path = self.folder / "deskd.toml"
        number = next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line.startswith(text))
        return f"{path}:{number}"


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Screen:
    return Screen(tmp_path, capsys)


def mailbox_table(host: str, port: int, user: str, password: str, *more: str, security: str = "plain") -> str:
    return "\n".join(
        (
            "[[mailboxes]]",
            'name = "support"',
            f'host = "{host}"',
            f"port = {port}",
            f'security = "{security}"',
            f'user = "{user}"',
            f'password = "{password}"',
            *more,
        )
    )


def smtp_table(port: int, *more: str) -> str:
    return "\n".join(("[smtp]", 'host = "127.0.0.1"', f"port = {port}", 'security = "plain"', *more))


def listener_table(port: int) -> str:
    return f'[[listeners]]\nname = "mx"\nlisten = "127.0.0.1:{port}"\n'


def test_a_desk_without_peers_passes(check: Screen) -> None:
    found = check()
    assert check.status == 0
    assert {part for _, part, _ in found} == {
        "config",
        "alertmanager prod",
        "rulebook",
        "retention",
        "database",
        "smtp",
        "webhooks",
        "heartbeat prod",
        "staff",
        "senders",
    }
    assert not (check.folder / "state").exists()


def test_every_mistake_of_the_file_is_told_with_its_line(check: Screen) -> None:
    path = write_desk(
        check.folder, CONFIG.replace("[desk]", '[desk]\ncolour = "red"').replace('"hardware"', '"herdware"')
    )
    found = check.of(path)
    assert check.status == 2
    assert {grade for grade, _, _ in found} == {"FAIL"}
    assert [says.split(": ")[:2] for _, _, says in found] == [
        [f"{path}:2", "desk.colour"],
        [check.line_of("teams"), "people[0].teams[0]"],
    ]


def test_a_warning_beside_a_mistake_is_called_one_once(check: Screen) -> None:
    path = write_desk(check.folder, CONFIG.replace("support@corp.example", "support@example.org") + "\nsla = 1\n")
    found = check.of(path)
    assert [grade for grade, _, _ in found] == ["warn", "FAIL"]
    assert not any(": warning: " in says for _, _, says in found)


def test_any_free_port_is_not_called_free(check: Screen) -> None:
    path = write_desk(check.folder, f'{CONFIG}\n[http]\nwebhooks = "127.0.0.1:0"\n')
    [says] = [says for _, part, says in check.of(path) if part == "webhooks"]
    assert says == "127.0.0.1:0 stands for any free port, for /metrics, and alerts of prod"


def test_a_server_that_is_not_there_fails_with_the_line_of_its_host(check: Screen) -> None:
    found = check(mailbox_table("127.0.0.1", free_port(), "support", "secret"), smtp_table(free_port()))
    assert check.status == 1
    failed = {part: says for grade, part, says in found if grade == "FAIL"}
    assert set(failed) == {"mailbox support", "smtp"}
    assert failed["mailbox support"].startswith(check.line_of("host"))
    assert "refused" in failed["mailbox support"]
    assert "connect" in failed["smtp"]


def test_the_database_is_named_with_its_version_and_schema(check: Screen) -> None:
    receive_mails(write_desk(check.folder), PRINTER)
    (grade, says), *_ = check.part("database")
    assert grade == "ok"
    assert says.startswith("SQLite 3.")
    assert "schema 0001" in says


def test_a_file_that_is_no_database_fails(check: Screen) -> None:
    (check.folder / "state").mkdir()
    (check.folder / "state" / "deskd.sqlite3").write_bytes(b"no database at all" * 100)
    assert check.part("database")[0] == ("FAIL", f"{check.line_of('state')}: file is not a database")
    assert check.status == 1


def hear_watchdog(check: Screen, at: datetime) -> None:
    with open_desk(write_desk(check.folder), at) as desk:
        desk.receive([an_alert(name="Watchdog", received_at=at)])


def told(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M %z}"


def test_the_heartbeat_of_each_source_is_told(check: Screen) -> None:
    assert [grade for grade, _ in check.part("heartbeat prod")] == ["warn"]
    now = datetime.now(UTC)
    hear_watchdog(check, now)
    ((grade, says),) = check.part("heartbeat prod")
    assert (grade, says.endswith(f"the next is due by {told(now + timedelta(minutes=10))}")) == ("ok", True)


def test_a_heartbeat_that_is_overdue_is_warned_of_where_no_daemon_runs_to_miss_it(check: Screen) -> None:
    heard = datetime.now(UTC) - timedelta(hours=1)
    hear_watchdog(check, heard)
    ((grade, says),) = check.part("heartbeat prod")
    assert grade == "warn"
    assert says.endswith(f"was last heard at {told(heard)}, the next was due by {told(heard + timedelta(minutes=10))}")


def test_teams_without_people_and_unproven_senders_are_warned_of(check: Screen) -> None:
    path = write_desk(check.folder, CONFIG.replace("senders_are_checked = true", "senders_are_checked = false"))
    warned = [says for grade, part, says in check.of(path) if (grade, part) == ("warn", "staff")]
    assert any("no engineers in" in says and "network" in says and "hardware" not in says for says in warned)


def test_a_desk_that_nobody_proves_senders_to_is_warned_of_at_its_line(check: Screen) -> None:
    path = write_desk(check.folder, CONFIG.replace("senders_are_checked = true", "senders_are_checked = false"))
    ((grade, says),) = [(grade, says) for grade, part, says in check.of(path) if part == "senders"]
    assert grade == "warn"
    assert says.startswith(check.line_of("senders_are_checked"))
    assert "commands by mail are off" in says


def test_the_server_that_proves_senders_is_named(check: Screen) -> None:
    path = write_desk(check.folder, CONFIG.replace("senders_are_checked = true", 'authserv_id = "mx.desk.example"'))
    ((grade, says),) = [(grade, says) for grade, part, says in check.of(path) if part == "senders"]
    assert (grade, says) == ("ok", "senders are proven by Authentication-Results of mx.desk.example")


@pytest.mark.parametrize(
    ("checked", "grade", "says"), [("true", "ok", "are read as alerts"), ("false", "warn", "nothing proves who sent")]
)
def test_monitors_that_mail_are_named_and_whether_they_can_be_believed(
    check: Screen, checked: str, grade: str, says: str
) -> None:
    config = CONFIG.replace("senders_are_checked = true", f"senders_are_checked = {checked}")
    path = write_desk(check.folder, config.replace("token =", 'mails_from = ["am@corp.example"]\ntoken ='))
    ((found, told),) = [(grade, told) for grade, part, told in check.of(path) if part == "monitors"]
    assert found == grade
    assert says in told
    assert "prod" in told


@contextmanager
def answering(path: str, status: int, body: bytes) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == path else 404)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "grade", "words"),
    [
        pytest.param(200, b"healthy\n", "ok", "running", id="a daemon that is well"),
        pytest.param(503, b"late: desk\n", "warn", "late: desk", id="a daemon that is stuck"),
        pytest.param(200, b"<html>", "FAIL", "something else", id="another program"),
    ],
)
def test_a_taken_address_is_asked_who_has_it(check: Screen, status: int, body: bytes, grade: str, words: str) -> None:
    with answering("/-/healthy", status, body) as port:
        path = write_desk(check.folder, f'{CONFIG}\n[http]\nwebhooks = "127.0.0.1:{port}"\n')
        [(found, says)] = [(grade, says) for grade, part, says in check.of(path) if part == "webhooks"]
    assert found == grade
    assert words in says


def _hang_up(server: socket.socket) -> None:
    server.accept()[0].close()


def test_what_listens_and_speaks_no_http_fails(check: Screen) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_hang_up, args=(server,)).start()
        port = server.getsockname()[1]
        path = write_desk(check.folder, f'{CONFIG}\n[http]\nwebhooks = "127.0.0.1:{port}"\n')
        assert ("FAIL", "webhooks") in [(grade, part) for grade, part, _ in check.of(path)]


def test_a_peer_that_keeps_silent_fails_and_holds_up_nobody() -> None:
    forever = threading.Event()
    silent = Check("mailbox silent", "deskd.toml:7", lambda: [Finding("ok", "never", str(forever.wait()))])
    quick = Check("smtp", "", lambda: [Finding("ok", "smtp", "works")])
    first, second = run_all([silent, quick], patience=0.05)
    forever.set()
    assert (first.grade, first.part, first.where) == ("FAIL", "mailbox silent", "deskd.toml:7")
    assert second == Finding("ok", "smtp", "works")


@pytest.mark.slow
class TestOnRealServers:
    def test_a_mailbox_is_looked_at_and_left_as_it_was(self, check: Screen, mailbox: ServedMailbox) -> None:
        mailbox.append(PRINTER, PRINTER)
        server = mailbox.server
        table = mailbox_table(
            "127.0.0.1",
            server.imaps_port,
            mailbox.user,
            mailbox.password,
            f'ca_file = "{server.cafile}"',
            security="tls",
        )
        [(grade, says)] = check.part("mailbox support", table)
        assert grade == "ok"
        assert "2 mails in INBOX" in says
        assert "MOVE" in says
        assert mailbox.uids(criterion="RECENT UNSEEN") == [1, 2]
        assert mailbox.folders() == ["INBOX"]

    @pytest.mark.parametrize(
        ("change", "key"),
        [
            pytest.param({"password": "wrong"}, "password", id="a wrong password"),
            pytest.param({"more": ('folder = "Missing"',)}, "folder", id="a folder that is not there"),
            pytest.param({"security": "starttls"}, "security", id="a certificate nobody here trusts"),
        ],
    )
    def test_what_a_mailbox_refuses_names_its_line(
        self, check: Screen, mailbox: ServedMailbox, change: dict[str, object], key: str
    ) -> None:
        table = mailbox_table(
            "127.0.0.1",
            mailbox.server.imap_port,
            mailbox.user,
            str(change.get("password", mailbox.password)),
            *change.get("more", ()),  # type: ignore[misc]
            security=str(change.get("security", "plain")),
        )
        [(grade, says)] = check.part("mailbox support", table)
        assert (grade, says.partition(": ")[0]) == ("FAIL", check.line_of(key))
        assert "wrong" not in says

    def test_a_server_without_move_is_told(self, check: Screen) -> None:
        with DovecotServer({"imap_capability": "IMAP4rev1 UIDPLUS"}, {"support": "secret"}) as server:
            table = mailbox_table("127.0.0.1", server.imap_port, "support", "secret")
            found = check.part("mailbox support", table)
        assert [grade for grade, _ in found] == ["ok", "ok", "warn"]
        assert "no MOVE" in found[1][1]
        assert "no IDLE" in found[2][1]

    def test_the_mail_server_is_greeted_and_sent_nothing(self, check: Screen) -> None:
        with SmtpSink(users={"desk": "secret"}) as sink:
            table = smtp_table(sink.port, 'user = "desk"', 'password = "secret"')
            [(grade, says)] = check.part("smtp", table)
            assert (grade, sink.steps["AUTH"], sink.steps["MAIL"]) == ("ok", 1, 0)
            assert "as desk" in says

    def test_a_refused_login_at_the_mail_server_names_the_password(self, check: Screen) -> None:
        with SmtpSink(users={"desk": "secret"}) as sink:
            [(grade, says)] = check.part("smtp", smtp_table(sink.port, 'user = "desk"', 'password = "wrong"'))
        assert (grade, says.partition(": ")[0]) == ("FAIL", check.line_of("password"))

    def test_postgres_is_named_with_its_version(self, check: Screen, postgres_url: str) -> None:
        [(grade, says)] = check.part("database", f'[database]\nurl = "{postgres_url}"')
        assert grade == "ok"
        assert says.startswith("PostgreSQL ")


def test_where_a_mail_server_may_hand_mail_over_is_free(check: Screen) -> None:
    port = free_port()
    (found,) = check.part("listener mx", listener_table(port))
    assert found == ("ok", f"127.0.0.1:{port} (lmtp) is free, for mail to support@corp.example")


def test_a_unix_socket_is_left_as_it_was(check: Screen) -> None:
    path = check.folder / "lmtp.sock"
    (found,) = check.part("listener mx", f'[[listeners]]\nname = "mx"\nlisten = "{path}"\n')
    assert found[0] == "ok"
    assert not path.exists()


@pytest.mark.parametrize(
    ("greeting", "grade", "says"),
    [
        pytest.param(b"220 desk.example LMTP deskd\r\n", "ok", "deskd is running", id="deskd"),
        pytest.param(b"421 4.7.1 not from here\r\n", "ok", "lets nobody in from here", id="deskd, for others"),
        pytest.param(b"220 mail.example ESMTP Postfix\r\n", "FAIL", "taken by something else", id="Postfix"),
    ],
)
def test_who_listens_there_already_is_told_by_his_greeting(
    greeting: bytes, grade: str, says: str, check: Screen
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        greeter = threading.Thread(target=_greet_once, args=(other, greeting))
        greeter.start()
        (found,) = check.part("listener mx", listener_table(other.getsockname()[1]))
        greeter.join()
    assert found[0] == grade
    assert says in found[1]


def _greet_once(server: socket.socket, greeting: bytes) -> None:
    with server.accept()[0] as peer:
        peer.sendall(greeting)
