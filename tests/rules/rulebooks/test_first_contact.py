"""C, the first contact: each row of its standard, and what it takes mails for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from immutables import Map

from rules.decide import decide
from rules.people import Person, Staff
from rules.rulebook_files.examples import check_examples
from tests.rules.closing_story import Story
from tests.rules.rulebooks.shipped import NOW, judged, promise, rung, shipped
from tests.samples import ALICE, BOB, CHEN, FACTS, LI, WANG, ZHAO, a_mail, an_alert

if TYPE_CHECKING:
    from rules.ticket import Clock

C = shipped("first-contact")
TAIPEI = ZoneInfo("Asia/Taipei")
STAFF = Staff(
    people=Map(
        {
            LI: Person(address=LI, name="李佳蓉", teams=("support",), skills=frozenset({"network", "hardware"})),
            WANG: Person(address=WANG, name="王俊傑", teams=("support",), skills=frozenset({"network"})),
            ZHAO: Person(address=ZHAO, name="趙子維", teams=("support",), skills=frozenset({"software"})),
            CHEN: Person(address=CHEN, name="陳雅婷", role="lead", teams=("support",)),
        }
    ),
    known=frozenset({"@corp.example"}),
)
AT_DESK = replace(FACTS, staff=STAFF, commands_by_mail=True)
NO_NETWORK: dict[str, Any] = {"subject": "無法上網", "text": "辦公室的網路從早上就連不上。"}


def a_story() -> Story:
    return Story(C, facts=AT_DESK).opens(**NO_NETWORK)


def resolved() -> Story:
    story = a_story()
    return story.later(story.now + timedelta(hours=1)).hears("!診斷 network：交換器故障\n!解決 換了交換器", by=LI)


def assigned_on(at: datetime) -> Clock:
    decision = decide(a_mail(ALICE, **NO_NETWORK, received_at=at), AT_DESK, C, at)
    assert decision.ticket is not None
    clock = decision.ticket.clock("diagnosis")
    assert clock is not None
    return clock


def test_its_examples_come_out_as_wanted() -> None:
    assert check_examples(C, NOW) == ()
    assert {example.wanted.priority for example in C.examples} >= set(C.priority.levels)
    assert {example.wanted.category for example in C.examples} >= set(C.categories)


def test_it_is_written_for_taiwan() -> None:
    assert (C.language, C.timezone) == ("zh-TW", "Asia/Taipei")
    assert C.calendars["office"].holidays == "TW"


def test_the_one_promise_of_the_standard_is_the_first_diagnosis() -> None:
    assert promise(C, "diagnosis") == ("assigned", "diagnosed resolved", "4wh")
    assert {clock.name for clock in C.clocks} == {"diagnosis", "confirmation"}


@pytest.mark.parametrize(
    ("at", "due"),
    [
        pytest.param("2026-11-20 10:00", "11-20 15:00", id="over the lunch break"),
        pytest.param("2026-11-20 17:30", "11-23 13:30", id="on Friday evening"),
        pytest.param("2026-11-21 11:00", "11-23 14:00", id="on Saturday"),
        pytest.param("2026-10-08 17:00", "10-12 12:00", id="before the National Day, which is observed on Friday"),
    ],
)
def test_a_diagnosis_is_due_four_hours_of_work_after_the_assignment(at: str, due: str) -> None:
    clock = assigned_on(datetime.fromisoformat(at).replace(tzinfo=TAIPEI))
    assert (clock.limit, f"{clock.due_at.astimezone(TAIPEI):%m-%d %H:%M}") == ("4wh", due)


def test_categories_have_the_checklists_of_the_standard() -> None:
    first = {name: [step.partition("：")[0] for step in each.steps["zh-TW"]] for name, each in C.categories.items()}
    assert set(first) == {"hardware", "software", "network", "other"}
    assert first["hardware"] == ["檢查設備", "更換零件", "安排維修"]
    assert first["software"] == ["更新軟體", "重新安裝", "重新設定"]
    assert first["network"] == ["檢查連線", "檢查路由器與交換器", "聯絡電信業者"]
    for category in C.categories.values():
        assert len({len(steps) for steps in category.steps.values()}) == 1
        assert set(category.steps) == {"zh-TW", "zh-CN", "en"}


def test_the_skill_of_the_category_and_then_the_load_choose_the_assignee() -> None:
    story = Story(C, facts=replace(AT_DESK, load=Map({LI: 2, ZHAO: 0}))).opens(**NO_NETWORK)
    assert story.ticket.assignee == WANG
    assert "network" in next(reason for reason in story.decision.reasons if WANG in reason)


def test_the_assignee_gets_the_checklist_of_the_first_guess() -> None:
    letter = a_story().letter("assigned")
    assert letter.data["checklist"] == C.categories["network"].steps["zh-TW"]


def test_the_category_is_set_by_the_diagnosis() -> None:
    story = a_story()
    assert C.classification.after_diagnosis
    story.later(story.now + timedelta(hours=1)).hears("!診斷 hardware：網路卡壞了", by=story.ticket.assignee or "")
    assert (story.ticket.category, story.clock("diagnosis").outcome) == ("hardware", "met")


def test_the_diagnosis_waits_for_what_the_requester_is_asked() -> None:
    story = a_story()
    story.later(story.now + timedelta(hours=1)).hears("!等待 請問是哪個座位？", by=story.ticket.assignee or "")
    assert story.clock("diagnosis").paused
    story.later(story.now + timedelta(days=1)).hears("三樓靠窗的座位。")
    assert not story.clock("diagnosis").paused


def test_a_late_diagnosis_is_told_to_the_assignee_and_the_lead() -> None:
    story = a_story()
    story.waits(story.clock("diagnosis").due_at)
    assert {(LI, "escalated"), (CHEN, "escalated")} <= story.told
    assert rung(C, "diagnosis-overdue").tell == ("assignee", "lead")


def test_what_two_people_report_is_one_ticket() -> None:
    story = a_story()
    again = a_mail(BOB, **NO_NETWORK, n=9)
    decision = decide(again, story.facts, C, story.now)
    assert (decision.verdict, decision.ticket and decision.ticket.id) == ("repeated", 1)


@pytest.mark.parametrize(("name", "count"), [("second-repeat", 2), ("third-repeat", 3)])
def test_the_second_and_the_third_repeat_raise_one_level(name: str, count: int) -> None:
    rule = rung(C, name)
    assert (rule.on, rule.count, rule.raises) == ("repeat", count, 1)


@pytest.mark.parametrize(
    "text", ["已解決", "已經解決，謝謝", "已解决", "解决了，谢谢", "可以結案", "Solved, thanks", "Yes, it is fixed"]
)
def test_the_requester_s_yes_closes_and_he_may_then_rate(text: str) -> None:
    story = resolved().hears(text)
    assert story.ticket.status == "closed"
    assert story.letter("closed").data["steps"]
    story.hears("非常滿意")
    assert story.ticket.ratings == (("", "very-satisfied"),)


@pytest.mark.parametrize(
    "text",
    [
        "未解決",
        "还没好",
        "Not solved",
        "好像還是怪怪的",
        "不確定是不是好了",
        "I am not sure, it was slow again",
        "不滿意，處理太慢",
        "未解决，还是上不了网",
    ],
)
def test_a_doubt_or_dissatisfaction_is_handled_again(text: str) -> None:
    story = resolved().hears(text)
    assert story.ticket.open
    assert (ALICE, "again") in story.told
    assert (story.clock("diagnosis").cycle, story.clock("diagnosis").running) == (2, True)


def test_silence_is_reminded_and_told_to_the_lead_and_never_closes() -> None:
    story = resolved()
    clock = story.clock("confirmation")
    assert clock.warn_at is not None
    story.waits(clock.warn_at)
    assert (ALICE, "reminder") in story.told
    story.waits(clock.due_at)
    assert (CHEN, "escalated") in story.told
    assert story.ticket.status == "resolved"
    assert not any(rule.closes for rule in C.escalations)


def test_an_alert_is_diagnosed_like_everything_else() -> None:
    story = Story(C, facts=AT_DESK).fires(an_alert(name="HostUnreachable"))
    assert (story.ticket.category, story.ticket.assignee) == ("network", LI)
    assert story.clock("diagnosis").limit == "4wh"


#: A subject, a text, and what must be seen in them.
MAILS: list[tuple[str, str, dict[str, Any]]] = [
    ("印表機沒反應", "按了列印，印表機沒反應", {"category": "hardware", "kind": "incident", "priority": "medium"}),
    ("螢幕閃爍", "外接螢幕一直閃爍", {"category": "hardware", "kind": "incident"}),
    ("筆電無法開機", "筆電插著充電器也無法開機", {"category": "hardware", "kind": "incident"}),
    ("隨身碟讀不到", "隨身碟插上去讀不到", {"category": "hardware"}),
    ("影印機卡紙，急件", "影印機卡紙，客戶在等，請儘速處理", {"category": "hardware", "priority": "high"}),
    ("申請滑鼠", "滑鼠舊了，申請更換，不急", {"category": "hardware", "kind": "request", "priority": "low"}),
    ("會計軟體當掉", "會計軟體存檔就當掉", {"category": "software"}),
    ("報表匯出失敗", "系統匯出報表時出現程式錯誤", {"category": "software", "kind": "incident"}),
    ("作業系統更新失敗", "更新失敗，一直轉圈", {"category": "software", "kind": "incident"}),
    ("寄不出電子郵件", "從早上起信寄不出去", {"category": "software"}),
    ("網路斷線", "三樓的網路一直斷線", {"category": "network"}),
    ("無線網路連不上", "手機連不上辦公室的無線網路", {"category": "network", "kind": "incident"}),
    ("整棟大樓斷網", "整棟大樓都無法上網", {"category": "network", "impact": "large", "priority": "high"}),
    ("VPN 很慢", "在家連 VPN 很慢，好幾位同仁都這樣", {"category": "network", "impact": "medium"}),
    ("忘記密碼", "請重設密碼", {"category": "other", "kind": "request"}),
    ("請教", "請問怎麼操作會議預約？", {"category": "other", "kind": "question", "priority": "low"}),
    ("建議", "建議增加夜間值班", {"kind": "suggestion", "priority": "low"}),
    ("投訴", "報修兩週沒人處理，我要投訴", {"kind": "complaint", "priority": "high"}),
    ("打印机坏了", "打印机没有反应", {"category": "hardware", "kind": "incident"}),
    ("软件闪退", "打开财务软件就闪退", {"category": "software", "kind": "incident"}),
    ("上不了网", "会议室上不了网，开会要用，很急", {"category": "network", "priority": "high"}),
    ("Docking station", "My docking station does not charge the laptop", {"category": "hardware"}),
    ("Excel crashes", "Excel crashes when I open a large file", {"category": "software", "kind": "incident"}),
    ("No internet", "Nobody on our floor can reach the internet", {"category": "network", "priority": "high"}),
    ("Password", "I forgot my password, please reset it", {"category": "other", "kind": "request"}),
    ("How do I book a room?", "Is there a user guide?", {"category": "other", "kind": "question", "priority": "low"}),
    ("您好", "今天天氣不錯", {"category": "other"}),
]


@pytest.mark.parametrize(("subject", "text", "wanted"), MAILS, ids=[subject for subject, _, _ in MAILS])
def test_a_mail_is_taken_for_what_its_writer_means(subject: str, text: str, wanted: dict[str, Any]) -> None:
    found = judged(C, subject, text)
    assert {name: getattr(found, name) for name in wanted} == wanted, found.reasons
