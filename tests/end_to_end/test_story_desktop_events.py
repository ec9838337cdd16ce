"""E. Desktop support at a government office: impact x urgency, and everything that raises a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

ZHAO, QIAN, SUN, HE = (f"{name}@corp.example" for name in ("zhao.min", "qian", "sun", "he.leader"))
LI, FENG, CHEN, MA = (f"{name}@desk.example" for name in ("li", "feng", "chen", "ma"))
PEOPLE = "\n".join(
    (
        person(LI, "李伟", teams=("service-desk",), lines=["first"]),
        person(FENG, "冯刚", teams=("infrastructure", "application-support"), lines=["second", "third"]),
        person(CHEN, "陈静", "lead", teams=("service-desk", "infrastructure", "application-support")),
        person(MA, "马强", "manager"),
    )
)
CONTACTS = f"address,name,department,vip\n{ZHAO},赵敏,综合科,\n{HE},何光,局领导,yes\n"

#: impact, urgency, level, subject, text
CELLS = (
    ("large", "high", "urgent", "三楼断网", "三楼东侧断网，12个人都无法办公。"),
    ("large", "medium", "high", "公文系统卡顿", "从早上开始公文系统很慢，15个同事都这样。"),
    ("large", "low", "medium", "更换键盘", "申请给20台电脑换键盘，下个月换就行，不急。"),
    ("medium", "high", "high", "大厅打印机坏了", "办事大厅6位同事打印不了回执，群众在等。"),
    ("medium", "medium", "high", "共享盘报错", "我们科室5个人访问共享盘时好时坏。"),
    ("medium", "low", "medium", "申请耳机", "申请7个人的耳机，下个月用。"),
    ("small", "high", "medium", "投影机不亮", "23楼会议室投影机不亮。"),
    ("small", "medium", "medium", "电脑变慢", "我的电脑开文件很慢，只有我这样。"),
    ("small", "low", "low", "鼠标滚轮", "鼠标滚轮有点涩，不急，有空再看。"),
)


@pytest.fixture
def story(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> Story:
    return Story(mailbox, smtp_sink, rulebook="desktop-events", people=PEOPLE, contacts=CONTACTS)


def test_the_nine_cells_of_the_matrix_and_a_leader(story: Story) -> None:
    with story:
        for number, (impact, urgency, level, subject, text) in enumerate(CELLS, start=1):
            story.mail(f"user{number}@corp.example", subject, text)
            ticket = story.ticket(number)
            assert (ticket["impact"], ticket["urgency"], ticket["priority"]) == (impact, urgency, level), subject
        story.mail(HE, "耳机没声音", "耳机没有声音。")
        assert (story.ticket(10)["urgency"], story.ticket(10)["priority"]) == ("high", "medium")
        assert "普通" in story.letter(HE, "receipt").text  # the levels have names of this desk


def test_a_response_that_comes_late_raises_the_level(story: Story) -> None:
    with story:
        story.mail(ZHAO, "鼠标滚轮", "鼠标滚轮有点涩，不急，有空再看。")
        assert story.ticket()["priority"] == "low"
        assert story.at("11-16 12:59") == []
        assert set(story.at("11-16 13:00")) == {("escalated", LI), ("escalated", CHEN)}
        assert story.ticket()["priority"] == "medium"
        story.at("11-16 18:00")
        assert story.ticket()["priority"] == "medium"  # once, not again and again


def test_what_is_not_handled_in_half_an_hour_on_site_goes_to_the_second_line(story: Story) -> None:
    with story:
        story.mail(ZHAO, "电脑变慢", "我的电脑开文件很慢，只有我这样。")
        story.reply(LI, "马上过来看。", "assigned")
        story.at("11-16 09:20")
        story.reply(LI, "!到场", "assigned")
        assert story.at("11-16 09:49") == []
        told = story.at("11-16 09:50")
        assert {("handed_over", ZHAO), ("assigned", FENG), ("escalated", CHEN)} <= set(told)
        ticket = story.ticket()
        assert (ticket["line"], ticket["team"], ticket["assignee"]) == ("second", "infrastructure", FENG)
        assert ticket["priority"] == "high"
        assert "二线" in story.letter(ZHAO, "handed_over").text


def test_a_second_and_a_third_report_raise_it_each_by_one(story: Story) -> None:
    with story:
        text = "三楼走廊的打印机卡纸，一直提示卡纸，打不出来，有空来看看就行，不急。"
        story.mail(ZHAO, "三楼走廊打印机卡纸", text)
        assert story.ticket()["priority"] == "low"
        story.mail(QIAN, "三楼走廊打印机卡纸", text)
        assert story.ticket()["priority"] == "medium"
        story.mail(SUN, "三楼走廊打印机卡纸", text)
        ticket = story.ticket()
        assert (ticket["priority"], ticket["repeats"]) == ("high", 2)


def test_a_complaint_is_at_once_the_highest_level_and_owes_an_analysis(story: Story) -> None:
    with story:
        story.mail(ZHAO, "鼠标滚轮", "鼠标滚轮有点涩，不急，有空再看。")
        story.at("11-16 11:00")
        told = story.mail(ZHAO, "投诉", "报修两个小时没人管，态度很差，我要投诉！")
        assert story.ticket()["priority"] == "urgent"  # he has one open ticket: it is about that one
        assert {("escalated", CHEN), ("escalated", MA), ("owed", LI)} <= set(told)
        assert [event["name"] for event in story.events(kind="owes")] == ["complaint_analysis"]
        assert story.metric("deskd_owed") >= 1

        story.reply(LI, "!解决 换了鼠标", "assigned")
        assert {("transcript", LI)} <= set(story.reply(LI, "!报告 complaint_analysis 当班漏看邮件，已加提醒。", "owed"))
        story.reply(LI, "!报告 user_opinion 用户表示满意", "owed")
        assert [event["name"] for event in story.events(kind="written")] == ["complaint_analysis", "user_opinion"]

        told = story.reply(ZHAO, "已解决，谢谢", "resolved")
        assert story.ticket()["status"] == "closed"
