"""A. An internal IT service desk: a production outage, from the report to the satisfaction of the one who wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

WANG = "wang.fang@corp.example"
LI, CHEN, SUN, MA = (f"{name}@desk.example" for name in ("li", "chen", "sun", "ma"))
TEAMS = ("service-desk", "software")
PEOPLE = "\n".join(
    (
        person(LI, "李伟", teams=TEAMS),
        person(CHEN, "陈静", "lead", teams=TEAMS),
        person(SUN, "孙丽", "supervisor", teams=TEAMS),
        person(MA, "马强", "manager"),
    )
)


@pytest.fixture
def story(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> Story:
    return Story(mailbox, smtp_sink, rulebook="enterprise-itsm", people=PEOPLE)


def test_a_production_outage_from_the_report_to_the_last_word(story: Story) -> None:
    with story:
        told = story.mail(f"王芳 <{WANG}>", "生产系统宕机", "ERP 生产环境从九点起宕机，全公司都用不了，请马上处理。")
        assert set(told) == {("assigned", LI), ("review", SUN), ("receipt", WANG)}
        ticket = story.ticket()
        assert (ticket["number"], ticket["priority"], ticket["category"]) == ("202611-001", "P1", "software")
        assert "202611-001" in story.letter(WANG).text
        assert "2026-11-16 09:30" in story.letter(WANG).text  # the response is promised within 30 minutes
        assert "2026-11-16 11:00" in story.letter(WANG).text  # and the solution within two hours

        assert story.reply(SUN, "!复核") == [("transcript", SUN)]

        story.at("11-16 09:20")
        told = story.reply(LI, "!预计 10:45 正在切换到备机")
        assert set(told) == {("expected", WANG), ("transcript", LI)}
        assert "2026-11-16 10:45" in story.letter(WANG).text

        told = story.at("11-16 11:00")  # two hours: the progress is told, and the solution is overdue
        assert {("progress", WANG), ("escalated", MA), ("approval", MA)} <= set(told)
        assert story.ticket()["priority"] == "P1"  # there is none above it

        told = story.reply(MA, "!批准 同意请厂商支援", "approval")
        assert set(told) == {("transcript", MA), ("approved", LI)}
        assert [(event["by"], event["granted"]) for event in story.events(kind="approval_given")] == [(MA, True)]

        assert ("progress", WANG) in story.at("11-16 13:00")

        told = story.reply(LI, "!解决 数据库磁盘已满，已扩容并重启。")
        assert set(told) == {("resolved", WANG), ("transcript", LI)}
        assert "数据库磁盘已满" in story.letter(WANG).text

        told = story.reply(WANG, "已解决，谢谢")
        assert ("rating", WANG) in told  # he is asked how satisfied he is before the ticket closes
        assert story.ticket()["status"] == "resolved"

        story.reply(WANG, "非常满意", "rating")
        ticket = story.ticket()
        assert ticket["status"] == "closed"
        assert story.metric("deskd_ratings_total", step="very-satisfied") == 1
        clocks = {(name, cycle): outcome for name, _, outcome, cycle in ticket["clocks"]}
        assert (clocks["response", 1], clocks["resolution", 1]) == ("met", "breached")


def test_silence_reminds_then_tells_the_lead_and_never_closes(story: Story) -> None:
    with story:
        story.mail(WANG, "打印机卡纸", "三楼打印机卡纸，打不了。")
        story.reply(LI, "!解决 清理了卡纸", "assigned")
        seen: list[tuple[str, str]] = []
        for _ in range(6):
            seen += story.later(days=1)
        templates = [template for template, _ in seen]
        assert "reminder" in templates
        assert ("escalated", CHEN) in seen
        assert seen.index(("reminder", WANG)) < seen.index(("escalated", CHEN))
        assert story.ticket()["status"] == "resolved"


def test_a_fault_on_site_in_the_suburbs_is_promised_an_arrival(story: Story) -> None:
    with story:
        story.mail(WANG, "电脑开不了机", "我在郊区办公点，电脑开不了机，今天必须用。")
        told = story.reply(LI, "!转线 onsite 需要现场更换电源", "assigned")
        assert ("handed_over", WANG) in told
        clocks = {name: limit for name, limit, _, _ in story.ticket()["clocks"]}
        assert clocks["arrival"] == "2h"
        story.later(minutes=50)
        story.reply(LI, "!到场", "assigned")
        story.reply(LI, "!离场 更换电源一个", "assigned")
        ticket = story.ticket()
        assert {name: outcome for name, _, outcome, _ in ticket["clocks"]}["arrival"] == "met"
        assert [event["name"] for event in ticket["events"] if event["kind"] == "owes"]  # the on-site report
