from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from daemon.__main__ import main
from tests.daemon.cli.desks import CONFIG, PRINTER, receive_mails, write_desk
from tests.samples import RULEBOOK_TEXT

AT = ("--at", "2026-11-23T17:30:00+08:00")

#: Keys of the contract with whoever reads the JSON.
REPORT = {
    "channel", "key", "reporter", "subject", "text", "full_text", "language", "auto", "bounce", "attachments", "thread",
}  # fmt: skip
DECISION = {
    "verdict", "kind", "category", "impact", "urgency", "priority", "team", "assignee", "firing", "marks", "clocks",
    "letters", "reasons",
}  # fmt: skip
JUDGED = ("kind", "category", "impact", "urgency", "priority", "team", "assignee")

OUT_OF_OFFICE = b"""\
From: Chen Jing <chen.jing@corp.example>
Subject: Automatic reply: Printer
Auto-Submitted: auto-replied

I am away until Monday.
"""


def notification(*alerts: dict[str, Any]) -> bytes:
    return json.dumps({"version": "4", "status": "firing", "alerts": alerts}).encode()


def alert(instance: str, status: str = "firing") -> dict[str, Any]:
    labels = {"alertname": "DiskFull", "job": "node", "instance": instance, "severity": "warning"}
    ends = "2026-11-23T09:20:00Z" if status == "resolved" else "0001-01-01T00:00:00Z"
    annotations = {"summary": f"disk of {instance} is full"}
    return {
        "status": status,
        "labels": labels,
        "annotations": annotations,
        "startsAt": "2026-11-23T09:00:00Z",
        "endsAt": ends,
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Explain:
    return Explain(tmp_path, capsys)


class Explain:
    """Writes contents into files, asks what would become of them by the small rulebook, and reads the answers."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        rulebook = folder / "small.toml"
        rulebook.write_text(RULEBOOK_TEXT, "utf-8")
        self.by: tuple[str, ...] = ("--rulebook", str(rulebook))
        self.status = 0
        self._capsys = capsys

    def __call__(self, *contents: bytes, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        out = self.text(*contents, options=("--json", *options))
        return [json.loads(line) for line in out.splitlines()]

    def text(self, *contents: bytes, options: tuple[str, ...] = ()) -> str:
        files = [self.folder / f"file{number}" for number in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        self._capsys.readouterr()
        by = () if {"--rulebook", "-c"} & {*options} else self.by
        self.status = main(["explain", *AT, *by, *options, *map(str, files)])
        return self._capsys.readouterr().out


def test_a_mail_is_decided_with_its_reasons_by_the_default_rulebook(explain: Explain) -> None:
    explain.by = ()
    [told] = explain(PRINTER)
    [report], [decision] = told["reports"], told["decisions"]
    assert set(report) == REPORT
    assert set(decision) == DECISION
    assert (report["channel"], report["reporter"], report["language"]) == ("mail", "wang.fang@corp.example", "zh-Hans")
    assert (decision["verdict"], decision["kind"], decision["category"]) == ("opened", "incident", "hardware")
    assert decision["assignee"] is None
    assert any("打印机" in reason for reason in decision["reasons"])
    assert all(clock["due"].endswith("+08:00") and clock["due"] > "2026-11-23T17:30" for clock in decision["clocks"])
    [receipt] = decision["letters"]
    assert (receipt["to"], receipt["template"]) == ("wang.fang@corp.example", "receipt")
    assert "202611-001" in receipt["subject"]


def test_without_a_desk_nobody_is_verified_and_his_words_are_not_sent_back(explain: Explain) -> None:
    [told] = explain(PRINTER)
    assert "三楼打印机坏了" not in told["decisions"][0]["letters"][0]["subject"]


def test_alerts_of_one_body_are_decided_one_after_the_other(explain: Explain) -> None:
    [told] = explain(notification(alert("db1"), alert("db2"), alert("db1", "resolved"), {"labels": 7}))
    assert [decision["verdict"] for decision in told["decisions"]] == ["opened", "appended", "resolved", "quarantined"]
    assert len(told["reports"]) == 4
    assert told["reports"][1]["text"] == "disk of db2 is full"
    assert {report["channel"] for report in told["reports"]} == {"alert"}
    assert [decision["firing"] for decision in told["decisions"]] == [1, 2, 1, 0]


def test_what_marks_an_alerts_ticket_is_told(explain: Explain) -> None:
    explain.by = ()
    [told] = explain(notification(alert("db1"), alert("db1", "resolved")))
    assert [decision["marks"] for decision in told["decisions"]] == [[], ["held"]]


def test_an_alert_is_told_with_its_times_on_the_clocks_of_the_rulebook(explain: Explain) -> None:
    told = explain.text(notification(alert("db1"), alert("db2", "resolved")))
    assert "alert DiskFull, firing since 2026-11-23 17:00 +0800" in told
    assert "  firing on the ticket: db1\n" in told
    assert "alert DiskFull, resolved at 2026-11-23 17:20 +0800, had fired since 2026-11-23 17:00 +0800" in told


def test_a_source_that_the_desk_does_not_have_is_named_with_those_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_desk(tmp_path)
    assert main(["explain", *AT, "-c", str(path), "--source", "lab", str(path)]) == 2
    assert "--source: 'lab' is no mailbox, listener or Alertmanager of it; it has prod" in capsys.readouterr().err


def test_files_know_nothing_of_each_other(explain: Explain) -> None:
    told = explain(PRINTER, PRINTER, notification(alert("db1")), notification(alert("db1")))
    assert [one["decisions"][0]["verdict"] for one in told] == ["opened"] * 4
    assert [one["file"] for one in told] == [str(explain.folder / f"file{number}") for number in range(4)]


def test_what_is_ignored_has_its_decision_and_is_not_judged(explain: Explain) -> None:
    watchdog = {"status": "firing", "labels": {"alertname": "Watchdog"}}
    for told in explain(OUT_OF_OFFICE, notification(watchdog)):
        [decision] = told["decisions"]
        assert decision["verdict"] == "ignored"
        assert [decision[key] for key in JUDGED] == [None] * len(JUDGED)
        assert decision["reasons"]
        assert (decision["letters"], decision["clocks"]) == ([], [])


def test_an_automatic_reply_is_told_as_such(explain: Explain) -> None:
    [told] = explain(OUT_OF_OFFICE)
    assert told["reports"][0]["auto"] == "reply"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"From wang@corp.example Mon Nov 23 09:30:00 2026\n" + PRINTER, id="a From line of an mbox"),
        pytest.param(PRINTER.replace(b"\n", b"\r\n"), id="lines as they came over the wire"),
        pytest.param(b"\n\n" + PRINTER, id="empty lines in front"),
    ],
)
def test_a_mail_is_recognised_however_it_was_saved(explain: Explain, content: bytes) -> None:
    [told] = explain(content)
    assert told["reports"][0]["subject"] == "三楼打印机坏了"


def test_a_thread_names_what_the_mail_answers(explain: Explain) -> None:
    [told] = explain(b"In-Reply-To: <one@corp.example>\n" + PRINTER)
    assert told["reports"][0]["thread"] == {"references": ["<one@corp.example>"], "ticket": None, "proof": None}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="an empty file"),
        pytest.param(b" \r\n\n", id="nothing but empty lines"),
        pytest.param(b'{"alerts": 7}', id="JSON that is no notification"),
        pytest.param(b'{"alerts": [', id="JSON that ends too early"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[" * 100_000, id="JSON nested too deeply"),
    ],
)
def test_what_cannot_be_read_says_why_and_the_others_are_explained(explain: Explain, content: bytes) -> None:
    bad, good = explain(content, PRINTER)
    assert set(bad) == {"file", "error"}
    assert good["decisions"][0]["verdict"] == "opened"
    assert explain.status == 1


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[URGENT] the printer is broken", id="a bracket alone makes no JSON"),
        pytest.param(b"12 printers are broken", id="nor does a number"),
    ],
)
def test_whatever_else_is_a_mail(explain: Explain, content: bytes) -> None:
    [told] = explain(content)
    assert told["reports"][0]["channel"] == "mail"
    assert explain.status == 0


def test_a_missing_file_and_a_folder_are_told_in_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "--json", str(tmp_path), str(tmp_path / "missing")]) == 1
    folder, missing = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "directory" in folder["error"]
    assert "no such file" in missing["error"]


def test_a_person_reads_why(explain: Explain) -> None:
    text = explain.text(PRINTER, OUT_OF_OFFICE, notification(alert("db1")))
    for words in ("打印机", "receipt to wang.fang@corp.example", "automatic reply", "DiskFull", "2026-11-23 "):
        assert words in text


def test_a_monitors_mail_shows_its_labels_also_where_nobody_proves_its_sender(explain: Explain, tmp_path: Path) -> None:
    mail = b"From: nagios@example.org\nSubject: ** PROBLEM Host Alert: web1 is DOWN **\n\nInfo: no answer to ping\n"
    rulebook = Path(__file__).parents[3] / "deploy/rulebooks/monitors.toml"
    said = explain.text(mail, options=("--rulebook", str(rulebook)))
    assert (
        "proven, it would be read by nagios-host: firing, alertname=HostDown, instance=web1, severity=critical" in said
    )
    assert "because it names a monitor as its sender, and nothing proves it" in said
    config = write_desk(tmp_path, CONFIG.replace('"rulebook.toml"', f'"{rulebook}"'))
    said = explain.text(mail, options=("-c", str(config)))
    assert "read by nagios-host: firing" in said
    assert "because a mail of the monitor nagios-host: HostDown fires" in said


def test_a_configured_desk_is_asked_and_not_touched(explain: Explain, tmp_path: Path) -> None:
    config = write_desk(tmp_path)
    receive_mails(config, PRINTER)
    before = contents(tmp_path / "state")
    reply = PRINTER.replace(b"<printer@", b"<more@") + "补充：错误代码 E-204\n".encode()
    reply = b"In-Reply-To: <printer@corp.example>\n" + reply
    again = PRINTER.replace(b"<printer@", b"<other@").replace(b"E-203", b"E-205")
    same, added, repeated = explain(PRINTER, reply, again, options=("-c", str(config)))
    assert same["decisions"][0]["verdict"] == "ignored"
    assert added["decisions"][0]["verdict"] == "appended"
    assert added["reports"][0]["thread"]["ticket"] == "202611-001"
    assert repeated["decisions"][0]["verdict"] == "repeated"
    assert repeated["decisions"][0]["assignee"] == "li.wei@corp.example"
    assert contents(tmp_path / "state").items() >= before.items()


def test_who_forgets_to_name_the_desk_at_hand_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_desk(tmp_path)
    monkeypatch.chdir(config.parent)
    (tmp_path / "printer.eml").write_bytes(PRINTER)
    assert main(["explain", str(tmp_path / "printer.eml")]) == 0
    assert f"add -c {config.name} to ask yours" in capsys.readouterr().err


def test_a_desk_that_was_never_started_is_an_empty_one_and_stays_so(explain: Explain, tmp_path: Path) -> None:
    config = write_desk(tmp_path)
    [told] = explain(PRINTER, options=("-c", str(config)))
    assert told["decisions"][0]["assignee"] == "li.wei@corp.example"
    assert {letter["to"] for letter in told["decisions"][0]["letters"]} == {
        "li.wei@corp.example",
        "wang.fang@corp.example",
    }
    assert not (tmp_path / "state").exists()


def test_a_database_that_is_none_is_status_2(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "deskd.sqlite3").write_bytes(b"no database at all" * 100)
    explain(PRINTER, options=("-c", str(write_desk(tmp_path))))
    assert explain.status == 2


def test_a_configuration_may_name_senders_as_unchecked(explain: Explain, tmp_path: Path) -> None:
    config = write_desk(tmp_path, CONFIG.replace("senders_are_checked = true", "senders_are_checked = false"))
    [told] = explain(PRINTER, options=("-c", str(config)))
    receipt = next(letter for letter in told["decisions"][0]["letters"] if letter["template"] == "receipt")
    assert "三楼打印机坏了" not in receipt["subject"]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--rulebook", "no-such-rulebook"), id="a rulebook nobody ships"),
        pytest.param(("-c", "no-such-file.toml"), id="a configuration that is not there"),
    ],
)
def test_a_desk_that_cannot_be_read_is_status_2(explain: Explain, options: tuple[str, ...]) -> None:
    assert explain(PRINTER, options=options) == []
    assert explain.status == 2


def test_a_time_without_an_offset_is_one_of_the_rulebooks_zone(explain: Explain) -> None:
    [zoned] = explain(PRINTER)
    [local] = explain(PRINTER, options=("--at", "2026-11-23T17:30"))
    assert local["decisions"][0]["clocks"] == zoned["decisions"][0]["clocks"]


def test_a_storm_of_alerts_is_told_as_one(explain: Explain) -> None:
    different = [alert("db1") for _ in range(32)]
    for number, each in enumerate(different):
        each["labels"] |= {"alertname": f"Alert{number}"}
    [told] = explain(notification(*different))
    assert [decision["verdict"] for decision in told["decisions"]] == ["opened"] * 31 + ["appended"]
    assert "a storm: alerts of" in " ".join(told["decisions"][-1]["reasons"])
