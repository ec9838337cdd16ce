"""D, the IT operations desk of a corporate group: each row of its standard, and what it takes mails for."""

from __future__ import annotations

import pytest

from rules.people import Person
from rules.rulebook_files.examples import check_examples
from tests import samples
from tests.rules.rulebooks.shipped import NOW, begun, judged, promise, rung, shipped
from tests.samples import ALICE, CHEN, DING, LI, MINUTE, WANG, ZHAO

D = shipped("group-operations")
PEOPLE = (
    Person(address=LI, teams=("service-desk",), lines=frozenset({"desk"})),
    Person(address=WANG, teams=("terminals",), lines=frozenset({"engineer"}), skills=frozenset({"printer"})),
    Person(
        address=ZHAO,
        teams=("terminals",),
        lines=frozenset({"engineer"}),
        skills=frozenset({"printer"}),
        areas=frozenset({"campus"}),
    ),
    Person(address=CHEN, role="lead", teams=("service-desk", "terminals")),
    Person(address=DING, role="head"),
)

MODULES = {"computer", "network", "printer", "campus-card", "video", "telephone", "access-control", "other"}


def test_its_examples_come_out_as_wanted() -> None:
    assert check_examples(D, NOW) == ()


def test_the_modules_of_the_repair_order_are_its_categories_beside_that_of_the_monitoring() -> None:
    assert set(D.categories) == MODULES | {"systems"}
    assert all(category.skill for name, category in D.categories.items() if name != "other")


def test_the_desk_tries_first_then_an_engineer_a_senior_one_and_the_vendor() -> None:
    assert [(line.name, line.team, line.vendor) for line in D.lines] == [
        ("desk", "service-desk", False),
        ("engineer", None, False),
        ("senior", "senior-engineers", False),
        ("vendor", "service-desk", True),
    ]
    assert (D.assignment.by, D.assignment.choose) == ("desk", "least_load")


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        pytest.param("acknowledgement", ("assigned", "acknowledged resolved", "10m"), id="ten minutes, at every level"),
        pytest.param("complaint_verification", ("complained", "verified decided", "1wd"), id="a complaint is verified"),
        pytest.param("complaint_decision", ("verified", "decided", "1wd"), id="and decided"),
    ],
)
def test_clocks_run_from_where_the_standard_says(clock: str, wanted: tuple[str, str, str]) -> None:
    assert promise(D, clock) == wanted


@pytest.mark.parametrize(
    ("name", "lines", "told"),
    [
        pytest.param("unacknowledged", 1, ("assignee", "lead"), id="not acknowledged: somebody else is sent"),
        pytest.param("resolution-overdue", 1, ("assignee", "lead"), id="stuck: somebody more senior is sent"),
        pytest.param("stuck", 1, ("lead",), id="stuck, says the engineer"),
        pytest.param("complaint", 0, ("head",), id="a complaint: the head hears of it"),
    ],
)
def test_the_ladder_sends_the_next_and_tells_who_should_know(name: str, lines: int, told: tuple[str, ...]) -> None:
    rule = rung(D, name)
    assert (rule.lines, rule.tell) == (lines, told)


def test_no_clock_sends_a_vendor_by_itself() -> None:
    assert all("senior" not in rule.when.lines for rule in D.escalations if rule.on == "overdue" and rule.lines)


def test_three_aspects_are_rated_in_five_steps_after_the_repair() -> None:
    rules = D.satisfaction
    assert rules.ask == "after_closing"
    assert [aspect.names["zh-CN"] for aspect in rules.aspects] == ["响应速度", "服务态度", "维修结果"]
    assert [step.names["zh-CN"] for step in rules.steps] == ["非常满意", "满意", "一般", "不满意", "非常不满意"]


def test_the_desk_verifies_a_complaint_and_the_head_decides() -> None:
    assert (D.complaints.verified_by, D.complaints.decided_by) == ("lead", "head")


def test_a_visit_leaves_a_repair_order_and_an_article_may_be_asked_for() -> None:
    assert {rule.name: rule.on for rule in D.owed} == {"repair_order": ("left",), "article": ()}


@pytest.mark.parametrize(
    ("subject", "text", "category", "kind"),
    [
        pytest.param("电脑蓝屏", "开机就蓝屏，重启也没用", "computer", "incident", id="a blue screen"),
        pytest.param(
            "筆電無法開機", "筆電按電源鍵沒反應", "computer", "incident", id="a laptop, in traditional characters"
        ),
        pytest.param("Excel", "Excel freezes whenever I open the budget", "computer", "incident", id="Excel"),
        pytest.param("申请装软件", "请帮忙安装软件 CAD", "computer", "request", id="a request for software"),
        pytest.param("VPN 连不上", "出差在外 VPN 连接超时", "network", "incident", id="a VPN"),
        pytest.param(
            "網路斷線", "辦公室無線網路一直斷線", "network", "incident", id="the wifi, in traditional characters"
        ),
        pytest.param("No wifi", "No wifi in the canteen since this morning", "network", "incident", id="the wifi"),
        pytest.param("打印机", "二楼打印机打出来有条纹", "printer", "incident", id="a printer"),
        pytest.param("Toner", "Please order toner for the printer on floor 2", "printer", "request", id="toner"),
        pytest.param("影印機夾紙", "影印機一直夾紙", "printer", "incident", id="a copier, in traditional characters"),
        pytest.param(
            "一卡通充值", "一卡通充值以后余额没变，坏了", "campus-card", "incident", id="a card without its money"
        ),
        pytest.param(
            "Canteen card", "My canteen card shows no balance", "campus-card", "incident", id="a canteen card"
        ),
        pytest.param("监控没画面", "停车场监控没画面", "video", "incident", id="surveillance"),
        pytest.param(
            "視訊會議", "視訊會議終端連不上", "video", "incident", id="a video meeting, in traditional characters"
        ),
        pytest.param("CCTV", "The CCTV camera at gate 3 shows nothing", "video", "incident", id="a camera at a gate"),
        pytest.param("分机打不通", "我的分机打不了电话", "telephone", "incident", id="an extension"),
        pytest.param("Voicemail", "My desk phone does not record voicemail", "telephone", "incident", id="voicemail"),
        pytest.param("门禁坏了", "三楼门禁刷不开，门打不开", "access-control", "incident", id="a door"),
        pytest.param("Turnstile", "The turnstile rejects my badge", "access-control", "incident", id="a turnstile"),
        pytest.param("道閘不動", "停車場道閘抬不起來，車牌識別失敗", "access-control", "incident", id="a barrier gate"),
        pytest.param("财务系统打不开", "财务系统报错，提交不了", "systems", "incident", id="an application"),
        pytest.param("ERP", "The ERP returns an internal server error", "systems", "incident", id="the ERP"),
        pytest.param("桌椅", "会议桌的一条腿松了", "other", "incident", id="no module"),
        pytest.param("投诉", "工程师迟到还态度差，要投诉", "other", "complaint", id="a complaint"),
        pytest.param("请教", "请问访客门禁怎么申请", "access-control", "question", id="a question"),
    ],
)
def test_a_mail_is_taken_for_what_its_writer_means(subject: str, text: str, category: str, kind: str) -> None:
    found = judged(D, subject, text)
    assert (found.category, found.kind) == (category, kind), found.reasons


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("集团总部三楼", "headquarters", id="the headquarters"),
        pytest.param("廠區車間的電腦", "campus", id="the campus, in traditional characters"),
        pytest.param("The branch office in the north", "branches", id="a branch"),
        pytest.param("我的电脑", None, id="nothing told"),
    ],
)
def test_words_tell_the_area(text: str, zone: str | None) -> None:
    assert judged(D, "报修", text).zone == zone


def test_the_desk_dispatches_by_cause_and_area() -> None:
    story = begun(D, *PEOPLE, subject="Printer", text="The printer in the canteen jams.").hears("!line engineer", by=LI)
    assert (story.ticket.line, story.ticket.team, story.ticket.assignee) == ("engineer", "terminals", ZHAO)
    assert (ALICE, "handed_over") in story.told


def test_what_nobody_acknowledges_in_ten_minutes_is_given_to_the_next_line() -> None:
    story = begun(D, *PEOPLE, subject="Printer", text="The printer at headquarters jams.")
    story.waits(samples.NOW + 9 * MINUTE)
    assert (story.ticket.line, story.told) == ("desk", set())
    story.waits(samples.NOW + 10 * MINUTE)
    assert (story.ticket.line, story.ticket.assignee) == ("engineer", WANG)
    assert (CHEN, "escalated") in story.told


def test_the_head_hears_of_a_complaint_and_the_desk_has_a_working_day_to_verify_it() -> None:
    story = begun(D, *PEOPLE, subject="Printer", text="The printer at headquarters jams.")
    story.hears("Nobody answers. I want to complain.")
    assert {(DING, "escalated"), (CHEN, "complaint")} <= story.told
    assert story.clock("complaint_verification").limit == "1wd"


def test_silence_closes_a_repair_after_three_days_and_asks_for_its_evaluation() -> None:
    story = begun(D, *PEOPLE, subject="Printer", text="The printer at headquarters jams.")
    story.hears("!resolve the feed roller was cleaned", by=LI)
    story.waits(samples.NOW + samples.DAY)
    assert story.told == {(ALICE, "reminder")}
    story.waits(samples.NOW + 3 * samples.DAY)
    assert story.ticket.status == "closed"
    assert story.letter("closed").data["aspects"] == ("response speed", "attitude", "result")
