"""B, internal support and customer service: each row of its standard, and what it takes mails for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from immutables import Map

from rules.decide import decide
from rules.directory import Contact, Directory
from rules.judging.attachments import judge_attachments
from rules.numbers import format_number
from rules.people import Person, Staff
from rules.report import Address, Attachment
from rules.rulebook_files.examples import check_examples
from tests.rules.closing_story import Story
from tests.rules.rulebooks.shipped import NOW, judged, promise, rung, shipped
from tests.samples import ALICE, CHEN, FACTS, LI, a_mail

if TYPE_CHECKING:
    from rules.directory import Relation
    from rules.ticket import Ticket

B = shipped("service-request")
SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY_EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=SHANGHAI)
STAFF = Staff(
    people=Map(
        {
            LI: Person(address=LI, name="李娜", teams=("hardware", "software"), skills=frozenset({"hardware"})),
            CHEN: Person(address=CHEN, name="陈静", role="lead", teams=("hardware", "software")),
        }
    ),
    known=frozenset({"@corp.example"}),
)
EMPLOYEE = Contact(address=ALICE, name="Alice", relation="internal", number="E1024", department="财务部", phone="8021")
CUSTOMER = replace(EMPLOYEE, relation="external", number="C20931", department="", customer="远洋商贸")
TOLD_IN_FULL = "今天上午十点起这样，重启过，只有我一个人。"


def a_story(contact: Contact = EMPLOYEE) -> Story:
    directory = Directory(contacts=Map({contact.address: contact}))
    return Story(B, facts=replace(FACTS, staff=STAFF, directory=directory, commands_by_mail=True))


def opened(subject: str, *, relation: Relation = "internal", at: datetime = FRIDAY_EVENING) -> Ticket:
    """The ticket of a report that lacks nothing."""
    contact = CUSTOMER if relation == "external" else EMPLOYEE
    facts = replace(FACTS, staff=STAFF, directory=Directory(contacts=Map({ALICE: contact})))
    ticket = decide(a_mail(ALICE, subject, TOLD_IN_FULL, received_at=at), facts, B, at).ticket
    assert ticket is not None
    assert ticket.missing == ()
    return ticket


#: A subject of each level.
OF_LEVEL = {
    "urgent": "核心业务系统宕机",
    "high": "重要业务报表打不开",
    "medium": "打印机卡纸",
    "low": "鼠标滚轮不灵，不急",
}


def test_its_examples_come_out_as_wanted() -> None:
    assert check_examples(B, NOW) == ()
    assert {example.wanted.priority for example in B.examples} >= set(B.priority.levels)
    assert {example.wanted.kind for example in B.examples} >= {"incident", "request", "question", "suggestion"}


@pytest.mark.parametrize(
    ("name", "size", "refused"),
    [("a.jpg", 10 << 20, None), ("a.png", 1, None), ("a.mp4", (10 << 20) + 1, "size"), ("a.pdf", 1, "type")],
)
def test_it_takes_pictures_and_films_of_ten_megabytes(name: str, size: int, refused: str | None) -> None:
    kind = "video/mp4" if name.endswith("mp4") else "image/png"
    part = Attachment(name, "application/octet-stream", size, begins_like=kind)
    (judged,) = judge_attachments(a_mail(attachments=(part,)), B.attachments)
    assert judged.refused == refused


def test_the_receipt_names_a_number_that_restarts_every_day() -> None:
    at = datetime(2024, 5, 21, 10, tzinfo=SHANGHAI)
    assert format_number(B, 1, at) == "SR202405210001"
    assert B.numbers.restart == "day"


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        ("acceptance", ("opened", "accepted", "2wh")),
        ("assignment", ("opened unassigned", "assigned", "1wh")),
        ("response", ("opened", "responded", {"urgent": "4h", "high": "8wh", "medium": "1wd", "low": "3wd"})),
        ("resolution", ("opened", "resolved", {"urgent": "24h", "high": "3wd", "medium": "5wd", "low": "10wd"})),
        ("progress", ("opened", "resolved", "24h")),
        ("confirmation", ("resolved", "confirmed refused closed", "24h")),
        ("reassessment", ("refused", "reassessed resolved", "2wh")),
    ],
    ids=str,
)
def test_clocks_have_the_limits_of_the_standard(clock: str, wanted: tuple[str, str, dict[str, str] | str]) -> None:
    assert promise(B, clock) == wanted


@pytest.mark.parametrize(
    ("level", "clock", "limit", "due"),
    [
        ("urgent", "response", "4h", "11-20 21:30"),
        ("high", "response", "8wh", "11-23 17:30"),
        ("medium", "response", "1wd", "11-23 17:30"),
        ("low", "response", "3wd", "11-25 17:30"),
        ("urgent", "resolution", "24h", "11-21 17:30"),
        ("high", "resolution", "3wd", "11-25 17:30"),
        ("medium", "resolution", "5wd", "11-27 17:30"),
        ("low", "resolution", "10wd", "12-04 17:30"),
        ("urgent", "assignment", "1wh", "11-23 09:30"),
        ("medium", "acceptance", "2wh", "11-23 10:30"),
        ("medium", "progress", "24h", "11-21 17:30"),
    ],
)
def test_what_comes_on_friday_evening_is_due_at(level: str, clock: str, limit: str, due: str) -> None:
    ticket = opened(OF_LEVEL[level])
    assert ticket.priority == level
    running = ticket.clock(clock)
    assert running is not None
    assert (running.limit, f"{running.due_at.astimezone(SHANGHAI):%m-%d %H:%M}") == (limit, due)


@pytest.mark.parametrize(
    ("relation", "at", "team", "limit", "due"),
    [
        pytest.param("internal", "11:00", "hardware", "2wh", "11-20 14:00", id="an employee, over the lunch break"),
        pytest.param("internal", "17:30", "hardware", "2wh", "11-23 10:30", id="an employee, on Friday evening"),
        pytest.param("external", "10:00", "customer-service", "4wh", "11-20 15:00", id="a customer"),
        pytest.param("external", "17:30", "customer-service", "4wh", "11-23 13:30", id="a customer, on Friday evening"),
        pytest.param("external", "19:00", "customer-service", "4wh", "11-23 14:00", id="from the next working day"),
    ],
)
def test_employees_and_customers_are_accepted_by_their_own_team_in_their_own_time(
    relation: Relation, at: str, team: str, limit: str, due: str
) -> None:
    hour, minute = map(int, at.split(":"))
    ticket = opened("打印机卡纸", relation=relation, at=FRIDAY_EVENING.replace(hour=hour, minute=minute))
    clock = ticket.clock("acceptance")
    assert clock is not None
    assert (ticket.team, clock.limit) == (team, limit)
    assert f"{clock.due_at.astimezone(SHANGHAI):%m-%d %H:%M}" == due


IDENTITY = {"name", "employee_number", "phone", "department"}
OF_INCIDENTS = {"when", "steps", "scope"}


@pytest.mark.parametrize(
    ("subject", "text", "missing"),
    [
        pytest.param("打印机坏了", "打印机没有反应", IDENTITY | OF_INCIDENTS, id="nothing told but the symptom"),
        pytest.param("打印机坏了", "打印时出现一个错误", IDENTITY | OF_INCIDENTS, id="one error is not one person"),
        pytest.param("印表機壞了", "印表機沒有反應", IDENTITY | OF_INCIDENTS, id="in traditional characters"),
        pytest.param("Printer broken", "It does not print", IDENTITY | OF_INCIDENTS, id="in English"),
        pytest.param("打印机坏了", "姓名：王芳 工号：E1024 部门：财务部 手机 13800138000", OF_INCIDENTS, id="who"),
        pytest.param("打印机坏了", "我是王芳，财务部，工号1024，分机 8021", OF_INCIDENTS, id="who, in a sentence"),
        pytest.param(
            "印表機壞了", "我是陳怡君，會計課，員工編號 1024，手機 0912-345-678", OF_INCIDENTS, id="in Taiwan"
        ),
        pytest.param(
            "Printer broken",
            "My name is Anna, employee number 1024, finance department, +49 30 5555 0100",
            OF_INCIDENTS,
            id="who, in English",
        ),
        pytest.param("打印机坏了", TOLD_IN_FULL, IDENTITY, id="when, what was tried and who is hit"),
        pytest.param("印表機壞了", "昨天下午開始，換過碳粉，好幾個人都不能印", IDENTITY, id="the same, in traditional"),
        pytest.param(
            "Printer broken", "Since 9 am, I tried a restart, the whole floor is affected", IDENTITY, id="in English"
        ),
        pytest.param(
            "Printer broken", "Since Monday; nothing tried; only me", IDENTITY, id="nothing tried is told, too"
        ),
        pytest.param("打印机坏了", "昨天开始，重启过，只有她", IDENTITY, id="somebody else alone, told by phone"),
        pytest.param(
            "Printer broken",
            "Since 9 am, I tried a restart, all of our users",
            IDENTITY,
            id="all of a customer's users",
        ),
        pytest.param("申请新电脑", "请给我一台新电脑", IDENTITY, id="a request has no symptom to describe"),
        pytest.param("建议", "建议增加自助查询", IDENTITY, id="nor has a suggestion"),
        pytest.param("打印机坏了", "已经坏了两天，重启没用，三位同事也一样", IDENTITY, id="for how long, and how many"),
    ],
)
def test_what_a_request_does_not_tell_is_asked_for(subject: str, text: str, missing: set[str]) -> None:
    mail = replace(a_mail(ALICE, subject, text), sender=Address(ALICE, ""))
    decision = decide(mail, replace(FACTS, staff=STAFF), B, NOW)
    assert decision.ticket is not None
    assert set(decision.ticket.missing) == missing
    assert decision.ticket.status == "waiting"
    assert [letter.template for letter in decision.letters if letter.to == ALICE] == ["receipt"]


def test_who_complains_is_asked_nothing() -> None:
    decision = decide(a_mail(ALICE, "投诉", "两天没人处理，我要投诉"), replace(FACTS, staff=STAFF), B, NOW)
    assert decision.ticket is not None
    assert (decision.ticket.kind, decision.ticket.missing) == ("complaint", ())


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        pytest.param("订单报表报错", {"customer_number", "phone", "customer"}, id="nothing of himself"),
        pytest.param("贵公司的订单报表报错", {"customer_number", "phone", "customer"}, id="our company is not his"),
        pytest.param("客户编号 C20931，远洋商贸公司，电话 021-5555-0199", set(), id="number, customer and phone"),
        pytest.param("Customer number 20931, Novak Ltd, +420 5550 1234", set(), id="the same in English"),
    ],
)
def test_a_customer_is_asked_for_the_number_and_name_of_the_customer(text: str, missing: set[str]) -> None:
    stranger = Directory(contacts=Map({ALICE: Contact(address=ALICE, name="Peter", relation="external")}))
    mail = a_mail(ALICE, "订单报表报错", f"{text} {TOLD_IN_FULL}")
    ticket = decide(mail, replace(FACTS, staff=STAFF, directory=stranger), B, NOW).ticket
    assert ticket is not None
    assert set(ticket.missing) == missing


def test_clocks_wait_for_the_answer_and_the_level_is_judged_again() -> None:
    story = a_story(replace(EMPLOYEE, phone="")).opens(subject="软件报错", text="软件报错")
    assert {clock.name for clock in story.ticket.clocks if clock.paused} == {"assignment", "resolution"}
    story.later(story.now + timedelta(hours=5)).hears(f"影响核心业务，全公司都不能用。{TOLD_IN_FULL} 分机 8021")
    assert story.ticket.priority == "urgent"
    assert story.clock("assignment").due_at - story.now == timedelta(hours=1)
    assert (story.clock("response").limit, story.clock("completion").outcome) == ("4h", "met")


def test_the_lead_names_the_person_and_after_an_hour_the_desk_does() -> None:
    story = a_story().opens(subject="打印机卡纸", text=TOLD_IN_FULL)
    assert story.ticket.assignee is None
    assert (CHEN, "unassigned") in story.told
    story.waits(story.clock("assignment").due_at)
    assert story.ticket.assignee == LI
    assert "skill" in next(reason for reason in story.decision.reasons if LI in reason)


def test_what_is_urgent_at_night_gets_somebody_before_its_response_is_due() -> None:
    story = a_story().later(FRIDAY_EVENING).opens(subject="核心业务系统宕机", text=TOLD_IN_FULL)
    story.waits(FRIDAY_EVENING + timedelta(hours=3))
    assert story.ticket.assignee == LI


def test_what_is_urgent_does_not_lie_still_for_a_number_that_is_missing() -> None:
    story = a_story(replace(EMPLOYEE, number="")).opens(subject="核心业务系统宕机", text=TOLD_IN_FULL)
    assert story.ticket.missing == ("employee_number",)
    story.waits(story.now + timedelta(hours=3))
    assert story.ticket.assignee == LI


def resolved() -> Story:
    story = a_story().opens(subject="打印机卡纸", text=TOLD_IN_FULL)
    story.waits(story.clock("assignment").due_at)
    return story.is_resolved("换了搓纸轮")


@pytest.mark.parametrize(
    "text",
    ["已解决", "已經解決，謝謝", "Solved, thanks", "问题解决，可以关闭", "可以結案", "Yes, it is fixed"],
)
def test_solved_asks_how_satisfied_the_requester_is_and_then_closes(text: str) -> None:
    story = resolved().hears(text)
    assert (ALICE, "rating") in story.told
    assert story.ticket.closed_at is None
    story.hears("4")
    assert story.ticket.status == "closed"
    assert story.ticket.ratings == (("", "very-satisfied"),)
    assert [owed.name for owed in story.ticket.owed] == ["article"]


@pytest.mark.parametrize(
    "text", ["未解决", "未解決", "Not solved", "還沒好", "还是不行，一样卡纸", "It is still broken", "没解决，又卡住了"]
)
def test_not_solved_is_looked_at_again_within_two_hours_of_work_as_often_as_it_takes(text: str) -> None:
    story = resolved()
    for cycle in (1, 2, 3):
        story.later(story.now + timedelta(minutes=30)).hears(text)
        clock = story.clock("reassessment")
        assert (story.ticket.open, clock.limit, clock.cycle, clock.running) == (True, "2wh", cycle, True)
        story.later(story.now + timedelta(minutes=30)).hears("!解决 又换了一次", by=LI)
        assert story.clock("reassessment").outcome == "met"


def test_silence_is_reminded_and_told_to_the_lead_and_never_closes() -> None:
    story = resolved()
    clock = story.clock("confirmation")
    assert clock.due_at - clock.started_at == timedelta(hours=24)
    assert clock.warn_at is not None
    story.waits(clock.warn_at)
    assert (ALICE, "reminder") in story.told
    story.waits(clock.due_at)
    assert (CHEN, "escalated") in story.told
    assert story.ticket.status == "resolved"
    assert not any(rule.closes for rule in B.escalations)


@pytest.mark.parametrize(
    "clock", ["acceptance", "assignment", "response", "resolution", "confirmation", "reassessment", "article"]
)
def test_whatever_is_overdue_is_told_to_the_lead(clock: str) -> None:
    assert any(rule.on == "overdue" and rule.clock == clock and "lead" in rule.tell for rule in B.escalations)


@pytest.mark.parametrize(("name", "count"), [("second-repeat", 2), ("third-repeat", 3)])
def test_the_second_and_the_third_repeat_raise_one_level(name: str, count: int) -> None:
    rule = rung(B, name)
    assert (rule.on, rule.count, rule.raises) == ("repeat", count, 1)


#: A subject, a text, and what must be seen in them.
MAILS: list[tuple[str, str, dict[str, Any]]] = [
    ("打印机不打印", "工号：E1024，联系电话 13800138000，打印机不打印", {"category": "hardware", "kind": "incident"}),
    ("软件打不开", "联系电话：13800138000，工号 1024，财务软件打不开", {"category": "software", "priority": "medium"}),
    ("密码忘了", "工号 1024，请重置密码", {"category": "account", "kind": "request"}),
    ("帳號被鎖", "帳號被鎖定，無法登入", {"category": "account", "kind": "incident"}),
    ("VPN 连不上", "在家连不上 VPN", {"category": "hardware", "kind": "incident", "team": "hardware"}),
    ("無線網路很慢", "會議室無線網路很慢，一直掉線", {"category": "hardware", "kind": "incident"}),
    ("Locked out", "My account is locked, employee number 1024", {"category": "account", "kind": "incident"}),
    ("Outlook crashes", "Outlook crashes, my phone number is 8021", {"category": "software", "kind": "incident"}),
    ("Monitor flickers", "My monitor flickers", {"category": "hardware", "kind": "incident", "priority": "medium"}),
    ("订单没有发货", "客户编号 C20931，订单一周没有发货", {"category": "customer", "team": "customer-service"}),
    ("發票開錯", "貴公司上個月的發票抬頭錯誤", {"category": "customer", "kind": "incident"}),
    ("申请退款", "产品有问题，申请退款", {"category": "customer", "kind": "request"}),
    ("Where is our shipment?", "Our order 4711 has not arrived", {"category": "customer"}),
    ("How do I change our subscription?", "Please tell me", {"category": "customer", "kind": "question"}),
    ("功能需求", "希望支持按部门导出", {"kind": "suggestion", "priority": "low"}),
    ("Feature request", "Please add support for dark mode", {"kind": "suggestion", "priority": "low"}),
    ("建議", "建議增加線上查詢進度", {"kind": "suggestion", "priority": "low"}),
    ("请问", "请问会议室怎么预订？", {"kind": "question", "priority": "medium"}),
    ("投诉", "两天没人处理，我要投诉", {"kind": "complaint", "priority": "high"}),
    ("支付系统宕机", "支付系统宕机，所有客户都受影响", {"priority": "urgent"}),
    ("A vital service is down", "Our core system does not answer", {"priority": "urgent"}),
    ("關鍵服務中斷", "客戶的關鍵服務中斷", {"priority": "urgent"}),
    ("重要业务受影响", "报表系统的主要功能报错", {"category": "software", "priority": "high"}),
    ("Main function broken", "The main function of the ERP fails", {"category": "software", "priority": "high"}),
    ("换鼠标", "不急，有空帮我换个鼠标", {"category": "hardware", "kind": "request", "priority": "low"}),
    ("你好", "麻烦回个电话", {"category": "other", "team": "support-centre"}),
]


@pytest.mark.parametrize(("subject", "text", "wanted"), MAILS, ids=[subject for subject, _, _ in MAILS])
def test_a_mail_is_taken_for_what_its_writer_means(subject: str, text: str, wanted: dict[str, Any]) -> None:
    found = judged(B, subject, text)
    assert {name: getattr(found, name) for name in wanted} == wanted, found.reasons
