"""What the words of a report tell, by a small rulebook and by the shipped one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from importlib.resources import files
from time import process_time
from typing import TYPE_CHECKING

import pytest
from immutables import Map

from rules.judging.classify import LONGEST_TEXT, classify, split_name
from rules.report import Address, Alert, Mail
from rules.rulebook_files.reading import read_rulebook
from tests.rules.crowded import PATTERNS, WORDS, crowded_rulebook, long_mails

if TYPE_CHECKING:
    from collections.abc import Callable

    from rules.rulebook import Rulebook

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

SMALL = """
name = "small"
language = "en"
timezone = "Asia/Shanghai"
desk_team = "desk"
[teams.desk]
[categories.network]
team = "desk"
words = { vpn = 3, "网络" = 2, cable = 1, down = 1 }
[categories.hardware]
team = "desk"
words = { printer = 3, "打印机" = 3, cable = 1, toner = 2 }
[categories.other]
team = "desk"
[classification]
threshold = 2
otherwise = "other"
[classification.kinds.request]
words = { "please install" = 3 }
[classification.kinds.question]
words = { "how do i" = 3 }
[priority]
levels = ["P1", "P2"]
[priority.matrix]
large = { high = "P1", medium = "P1", low = "P2" }
medium = { high = "P1", medium = "P2", low = "P2" }
small = { high = "P2", medium = "P2", low = "P2" }
[priority.impact.large]
words = { "全公司" = 1, everybody = 0.5, production = 0.5 }
[priority.impact.medium]
words = { "our team" = 1 }
[priority.urgency.high]
words = { urgent = 1 }
[priority.urgency.low]
words = { "not urgent" = 1, "no rush" = 1 }
[repeats]
window = "3d"
[alerts]
reopen_window = "4h"
"""


@cache
def small() -> Rulebook:
    return read_rulebook(SMALL, name="small.toml")


def with_rules(*changes: str) -> Rulebook:
    """The small rulebook with texts in it replaced: old, new, old, new ..."""
    text = SMALL
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new, 1)
    return read_rulebook(text, name="small.toml")


@cache
def shipped() -> Rulebook:
    text = (files("rules") / "rulebooks" / "enterprise-itsm.toml").read_text("utf-8")
    return read_rulebook(text, name="enterprise-itsm.toml")


def mail(subject: str, text: str = "") -> Mail:
    return Mail(source="support", key="1.1", received_at=NOW, subject=subject, text=text)


def alert(name: str, *, labels: dict[str, str] | None = None, **annotations: str) -> Alert:
    return Alert(
        source="prometheus",
        key="1",
        received_at=NOW,
        status="firing",
        fingerprint="f1",
        starts_at=NOW,
        labels=Map({"alertname": name, **(labels or {})}),
        annotations=Map(annotations),
    )


@pytest.mark.parametrize(
    ("subject", "text", "category"),
    [
        pytest.param("vpn", "", "network", id="a word in the subject tells"),
        pytest.param("", "my vpn", "network", id="a word in the text tells"),
        pytest.param("printer", "vpn", "hardware", id="the subject tells more than the text"),
        pytest.param("", "printer toner vpn", "hardware", id="the most points win"),
        pytest.param("", "vpn printer", "network", id="of equals the first of the rulebook wins"),
        pytest.param("", "cable", "other", id="what stays below the threshold is otherwise"),
        pytest.param("", "cable down", "network", id="weak words add up to the threshold"),
        pytest.param("cable", "", "network", id="a weak word is strong enough in the subject"),
        pytest.param("", "", "other", id="an empty mail is otherwise"),
        pytest.param("vpn vpn", "vpn " * 50 + "printer toner", "network", id="a word of the subject counts there only"),
        pytest.param("", "vpn " * 50 + "printer toner", "hardware", id="a word repeated counts once"),
    ],
)
def test_words_tell_the_category(subject: str, text: str, category: str) -> None:
    assert classify(mail(subject, text), small()).category == category


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("please install it", "request", id="a request"),
        pytest.param("how do I get it", "question", id="a question"),
        pytest.param("it broke", "incident", id="the default where nothing tells"),
    ],
)
def test_words_tell_the_kind(text: str, kind: str) -> None:
    assert classify(mail("", text), small()).kind == kind


@pytest.mark.parametrize(
    ("text", "impact", "urgency"),
    [
        pytest.param("全公司", "large", None, id="one word is enough"),
        pytest.param("everybody", None, None, id="a hint alone is not"),
        pytest.param("everybody in production", "large", None, id="two hints are"),
        pytest.param("our team, and 全公司", "large", None, id="the widest impact wins"),
        pytest.param("urgent", None, "high", id="urgent"),
        pytest.param("not urgent", None, "low", id="not urgent is not urgent"),
        pytest.param("no rush for me, but urgent for Bob", None, "high", id="the highest urgency wins"),
        pytest.param("hello", None, None, id="nothing tells"),
    ],
)
def test_words_tell_impact_and_urgency(text: str, impact: str | None, urgency: str | None) -> None:
    told = classify(mail("", text), small())
    assert (told.impact, told.urgency) == (impact, urgency)


def test_the_evidence_names_the_words_and_their_points() -> None:
    told = classify(mail("VPN", "网络 down, please install something, 全公司, urgent"), small())
    assert told.evidence == (
        "category network: vpn (6, subject), 网络 (2), down (1)",
        "kind request: please install (3)",
        "impact large: 全公司",
        "urgency high: urgent",
    )


def test_what_no_word_tells_is_said_too() -> None:
    assert classify(mail("hello"), small()).evidence == (
        "no category reaches 2: a person is asked",
        "kind incident: no sign of another",
    )


def test_where_the_diagnosis_tells_the_category_nobody_is_asked_for_it() -> None:
    rulebook = with_rules("[classification]", "[classification]\nafter_diagnosis = true")
    assert classify(mail("hello"), rulebook).evidence[0] == "category other: the diagnosis will tell it"
    assert classify(mail("vpn"), rulebook).category == "network"


@pytest.mark.parametrize(
    ("patterns", "subject", "text", "evidence"),
    [
        pytest.param(
            '{ "err-[0-9]{4}" = 4 }', "", "it says ERR-1234", "err-1234 (4, by err-[0-9]{4})", id="a hyphen is one"
        ),
        pytest.param('{ "E[0-9]{2}" = 4 }', "E42", "", "e42 (8, subject, by E[0-9]{2})", id="capitals and the subject"),
        pytest.param('{ "路由器.*壞" = 3 }', "", "路由器 坏了", "路由器 坏 (3, by 路由器.*壞)", id="either script"),
        pytest.param('{ "no +link" = 3 }', "", "no\n  link", "no link (3, by no +link)", id="over two lines"),
        pytest.param(
            '{ "port [0-9]+" = 2 }',
            "port 7",
            "port 8",
            "port 7 (4, subject, by port [0-9]+)",
            id="once, where it tells most",
        ),
    ],
)
def test_patterns_tell_the_category(patterns: str, subject: str, text: str, evidence: str) -> None:
    rulebook = with_rules("[categories.network]", f"[categories.network]\npatterns = {patterns}")
    told = classify(mail(subject, text), rulebook)
    assert told.category == "network"
    assert told.evidence[0] == f"category network: {evidence}"


def test_patterns_tell_kind_impact_and_urgency() -> None:
    rulebook = with_rules(
        "[classification.kinds.question]", "[classification.kinds.question]\npatterns = { '[?？]{2,}' = 2 }",
        "[priority.impact.large]", "[priority.impact.large]\npatterns = ['all [0-9]+ (users|sites)']",
        "[priority.urgency.high]", "[priority.urgency.high]\npatterns = ['[2-9][0-9] ?(楼|层)']",
    )  # fmt: skip
    told = classify(mail("", "all 12 sites? why?? 23樓"), rulebook)
    assert (told.kind, told.impact, told.urgency) == ("question", "large", "high")
    assert told.evidence[1:] == (
        "kind question: ?? (2, by [?？]{2,})",
        "impact large: all 12 sites (by all [0-9]+ (users|sites))",
        "urgency high: 23楼 (by [2-9][0-9] ?(楼|层))",
    )


@pytest.mark.parametrize(
    ("sender", "category"),
    [
        pytest.param("bob@printers.example", "hardware", id="by the domain"),
        pytest.param("Noc@Corp.example", "network", id="by the address, in any case"),
        pytest.param("bob@sub.printers.example", "other", id="not by a domain above"),
        pytest.param("bob@corp.example", "other", id="not by another's address"),
        pytest.param(None, "other", id="nobody"),
    ],
)
def test_senders_tell_the_category(sender: str | None, category: str) -> None:
    rulebook = with_rules(
        "[categories.hardware]", '[categories.hardware]\nsenders = { "@printers.example" = 3 }',
        "[categories.network]", '[categories.network]\nsenders = { "noc@corp.example" = 2 }',
    )  # fmt: skip
    report = replace(mail("hello"), sender=Address(sender) if sender else None)
    assert classify(report, rulebook).category == category


def test_the_evidence_names_the_sender() -> None:
    rulebook = with_rules("[categories.hardware]", '[categories.hardware]\nsenders = { "@printers.example" = 3 }')
    report = replace(mail("", "toner"), sender=Address("bob@printers.example"))
    assert classify(report, rulebook).evidence[0] == "category hardware: sender @printers.example (3), toner (2)"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("I sit in the north branch", "suburbs", id="a word tells the place"),
        pytest.param("总部三楼", "city", id="in Chinese"),
        pytest.param("somewhere", None, id="nothing tells it"),
        pytest.param("hq or north branch", "city", id="of equals the first"),
    ],
)
def test_words_tell_the_place(text: str, zone: str | None) -> None:
    rulebook = with_rules(
        "[repeats]",
        '[zones.city]\nwords = { 1 = ["总部", "hq"] }\n[zones.suburbs]\nwords = { 1 = ["north branch"] }\n[repeats]',
    )
    assert classify(mail("", text), rulebook).zone == zone


MIXED = "打印机又坏了，报 err-1207，三楼的人都在等。Please install word7 of it on the second floor, thank you! "


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MIXED * 60, id="an ordinary long mail"),
        pytest.param("a" * (1 << 20), id="a million times one letter"),
        pytest.param("([{<" * (1 << 18), id="brackets without end"),
        pytest.param("err-" * (1 << 18), id="beginnings without ends"),
        pytest.param("第 2 楼" * (1 << 17), id="a million Chinese characters"),
    ],
)
def test_a_mail_is_judged_at_once_whatever_it_holds(text: str) -> None:
    rulebook, report = crowded_rulebook(), mail(text, text)
    classify(report, rulebook)
    taken = sorted(_seconds(partial(classify, report, rulebook)) for _ in range(15))
    assert taken[len(taken) // 2] < 0.005  # the median; a busy machine delays single ones


def test_very_many_words_and_patterns_are_all_looked_for() -> None:
    rulebook = crowded_rulebook()
    network = rulebook.categories["network"]
    assert (len(network.words), len(network.patterns)) == (WORDS + 2, PATTERNS)
    told = classify(mail("", "词499號, word7 of it, fehler-012, 23楼 9"), rulebook)
    assert told.evidence[0] == (
        "category network: 23楼 9 (1, by [2-9][0-9]? ?(楼|层|號房) ?9), fehler-012 (1, by (err|fehler)-0[0-9]{2}), "
        "word7 of it (1), 词499号 (1)"
    )


def test_mails_are_judged_in_milliseconds_by_very_many_words_and_patterns() -> None:
    rulebook, mails = crowded_rulebook(), long_mails(40)
    classify(mails[0], rulebook)
    taken = sorted(_seconds(partial(classify, each, rulebook)) for each in mails)
    assert taken[len(taken) // 2] < 0.005


def _seconds(work: Callable[[], object]) -> float:
    started = process_time()
    work()
    return process_time() - started


def test_a_pattern_made_to_hurt_ends() -> None:
    worst = '"(a|b)*a(a|b){200}c" = 1, "(a*)*b" = 1, "(.{1,20}){1,9}z" = 1'
    rulebook = with_rules("[categories.network]", f"[categories.network]\npatterns = {{ {worst} }}")
    assert _seconds(lambda: classify(mail("", "ab" * 100_000), rulebook)) < 2


def test_only_the_beginning_of_a_long_mail_is_read() -> None:
    assert classify(mail("", "x " * LONGEST_TEXT + "vpn"), small()).category == "other"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("InstanceDown", "Instance Down", id="two words"),
        pytest.param("KubePodCrashLooping", "Kube Pod Crash Looping", id="four words"),
        pytest.param("HTTPErrorsHigh", "HTTP Errors High", id="an acronym stays whole"),
        pytest.param("node_disk-full", "node disk full", id="underscores and hyphens part words"),
        pytest.param("Already three words", "Already three words", id="a name with spaces stays"),
    ],
)
def test_an_alert_name_is_split_into_words(name: str, words: str) -> None:
    assert split_name(name) == words


@pytest.mark.parametrize(
    ("report", "category"),
    [
        pytest.param(alert("PrinterDown"), "hardware", id="its name tells"),
        pytest.param(alert("Down", summary="the vpn is gone"), "network", id="its summary tells"),
        pytest.param(alert("Absent", labels={"job": "vpn"}), "network", id="its job tells"),
        pytest.param(alert("Absent", runbook_url="https://vpn"), "other", id="its links do not"),
    ],
)
def test_an_alert_tells_its_category(report: Alert, category: str) -> None:
    assert classify(report, small()).category == category


def test_an_alert_is_an_incident_whatever_its_words() -> None:
    assert classify(alert("Pending", summary="please install"), small()).kind == "incident"


# What people write, to the shipped rulebook: subject, text, category, kind, impact, urgency.
LETTERS = [
    pytest.param("打印机卡纸了", "二楼的打印机一直卡纸", "hardware", "incident", None, None, id="a printer jams"),
    pytest.param("笔记本蓝屏", "开机就蓝屏，没法工作", "hardware", "incident", None, "high", id="a laptop crashes"),
    pytest.param("印表機故障", "印表機沒反應", "hardware", "incident", None, None, id="a printer in traditional"),
    pytest.param("Laptop battery", "It won't charge any more.", "hardware", "incident", None, None, id="a battery"),
    pytest.param("Excel 闪退", "打开报表就闪退", "software", "incident", None, None, id="a program closes"),
    pytest.param("ERP系统报错", "我们部门都进不去", "software", "incident", "medium", None, id="an ERP fails"),
    pytest.param("请安装 WPS", "不急，有空再弄", "software", "request", None, "low", id="an installation, no hurry"),
    pytest.param("License expired", "The license of AutoCAD ran out", "software", None, None, None, id="a licence"),
    pytest.param("忘记密码", "账号被锁定了，请重置密码", "account", None, None, None, id="a forgotten password"),
    pytest.param("开通权限", "申请财务共享文件夹的权限", "account", "request", None, None, id="a permission"),
    pytest.param(
        "Locked out", "I cannot log in to my account", "account", "incident", None, None, id="a locked account"
    ),
    pytest.param("New starter", "Please create an account", "account", "request", None, None, id="a new colleague"),
    pytest.param("VPN连不上", "在家办公连不上VPN", "network", "incident", None, None, id="a VPN"),
    pytest.param(
        "全公司断网", "所有人都上不了网，紧急！", "network", "incident", "large", "high", id="no network at all"
    ),
    pytest.param("WiFi 很慢", "三楼无线信号差，老掉线", "network", "incident", None, None, id="a slow wireless"),
    pytest.param(
        "No internet", "The whole floor has no internet", "network", None, "large", "high", id="a floor offline"
    ),
    pytest.param("请问如何申请会议室", "在哪里可以预订", "consulting", None, None, None, id="a question in Chinese"),
    pytest.param("How do I book a room?", "Any advice?", "consulting", "question", None, None, id="a question"),
    pytest.param("投诉", "报修三天了没人处理", "other", "complaint", None, None, id="a complaint"),
    pytest.param("建议", "希望能增加夜间值班", "other", "suggestion", None, None, id="a suggestion"),
    pytest.param("hello", "See you. Phone: +1 555 0100, 手机：555", "other", None, None, None, id="a signature"),
    pytest.param("hello", "see you at lunch", "other", "incident", None, None, id="nothing of ours"),
]


@pytest.mark.parametrize(("subject", "text", "category", "kind", "impact", "urgency"), LETTERS)
def test_the_shipped_words_understand_people(
    subject: str, text: str, category: str, kind: str | None, impact: str | None, urgency: str | None
) -> None:
    told = classify(mail(subject, text), shipped())
    assert (told.category, told.impact, told.urgency) == (category, impact, urgency), told.evidence
    assert kind in (None, told.kind), told.evidence


@pytest.mark.parametrize(
    ("name", "summary", "category"),
    [
        ("InstanceDown", "Instance web-1 is down", "network"),
        ("TargetDown", "10% of the node targets are down", "network"),
        ("HostUnreachable", "host does not answer", "network"),
        ("KubePodCrashLooping", "Pod is crash looping", "software"),
        ("PostgresqlReplicationLag", "replica is far behind", "software"),
        ("ServerPowerSupplyFailed", "power supply 1 of rack 4", "hardware"),
    ],
)
def test_the_shipped_words_understand_alerts(name: str, summary: str, category: str) -> None:
    assert classify(alert(name, summary=summary), shipped()).category == category
