"""D. The IT operations desk of a corporate group: an alert is dispatched, and the head decides a complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

HAN = "han.mei@corp.example"
LI, WU, GAO, CHEN, ZHOU = (f"{name}@desk.example" for name in ("li", "wu", "gao", "chen", "zhou"))
PEOPLE = "\n".join(
    (
        person(LI, "李伟", teams=("service-desk",), lines=["desk"]),
        person(WU, "吴军", teams=("systems", "terminals"), lines=["engineer"], skills=["systems", "computer"]),
        person(GAO, "高峰", teams=("senior-engineers",), lines=["senior"]),
        person(CHEN, "陈静", "lead", teams=("service-desk", "systems", "terminals", "senior-engineers")),
        person(ZHOU, "周总", "head"),
    )
)


@pytest.fixture
def story(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> Story:
    return Story(mailbox, smtp_sink, rulebook="group-operations", people=PEOPLE)


def test_an_alert_that_nobody_takes_in_ten_minutes_goes_up_until_it_heals(story: Story) -> None:
    with story:
        assert story.alert("PostgresqlDown", service="erp-db", instance="db1") == [("assigned", LI)]
        assert (story.ticket()["line"], story.ticket()["priority"]) == ("desk", "urgent")
        assert story.at("11-16 09:09") == []

        told = story.at("11-16 09:10")  # ten minutes without a word: the engineer of the systems gets it
        assert ("assigned", WU) in told
        assert ("escalated", CHEN) in told
        ticket = story.ticket()
        assert (ticket["line"], ticket["team"], ticket["assignee"]) == ("engineer", "systems", WU)

        story.at("11-16 09:15")
        assert story.reply(WU, "!认领") == [("transcript", WU)]
        assert story.at("11-16 09:30") == []  # acknowledged: nothing more of that
        clocks = [(outcome, cycle) for name, _, outcome, cycle in story.ticket()["clocks"] if name == "acknowledgement"]
        assert clocks[-1] == ("met", 2)

        told = story.reply(WU, "!升级 主板故障，需要支援", "assigned")
        assert ("assigned", GAO) in told
        assert story.ticket()["line"] == "senior"
        story.reply(GAO, "!认领", "assigned")

        story.at("11-16 10:20")
        told = story.alert("PostgresqlDown", status="resolved", started="11-16 09:00", service="erp-db", instance="db1")
        assert told == []  # it may fire again at once
        assert story.at("11-16 10:25") == [("over", GAO)]
        assert story.ticket()["status"] == "resolved"
        assert story.reply(GAO, "!解决 更换了主板", "over") == [("transcript", GAO)]
        assert story.ticket()["status"] == "closed"
        assert story.metric("deskd_tickets_handed_over_total") == 2


def test_a_complaint_is_verified_decided_by_the_head_told_and_rated(story: Story) -> None:
    with story:
        story.mail(f"韩梅 <{HAN}>", "电脑蓝屏", "总部三楼，电脑开机蓝屏，麻烦处理。")
        story.reply(LI, "!转线 engineer 需要上门", "assigned")
        assert story.ticket()["assignee"] == WU
        story.at("11-16 14:00")

        told = story.reply(HAN, "等了一上午没人来，态度也很差，我要投诉！")
        assert {("escalated", ZHOU), ("complaint", CHEN)} <= set(told)
        assert "没人来" in story.letter(CHEN, "complaint").text

        told = story.reply(CHEN, "!核实 工程师忘记出发，已当面道歉", "complaint")
        assert set(told) == {("findings", ZHOU), ("transcript", CHEN)}
        letter = story.letter(ZHOU, "findings").text
        assert "没人来" in letter
        assert "忘记出发" in letter

        told = story.reply(ZHOU, "!决定 向用户致歉，扣除当月绩效", "findings")
        assert {("decision", HAN), ("transcript", ZHOU)} <= set(told)
        assert "向用户致歉" in story.letter(HAN, "decision").text
        outcomes = {name: outcome for name, _, outcome, _ in story.ticket()["clocks"]}
        assert (outcomes["complaint_verification"], outcomes["complaint_decision"]) == ("met", "met")

        story.reply(WU, "!到场", "assigned")
        story.reply(WU, "!离场 更换内存一条", "assigned")
        assert ("resolved", HAN) in story.reply(WU, "!解决 更换了内存条", "assigned")
        assert ("closed", HAN) in story.reply(HAN, "已解决", "resolved")
        assert "态度" in story.letter(HAN, "closed").text

        story.reply(HAN, "速度 2，态度 3，结果 5", "closed")
        ticket = story.ticket()
        assert ticket["status"] == "closed"  # a rating reopens nothing
        (rated,) = story.events(kind="rated")
        assert len(rated["ratings"]) == 3
        assert story.metric("deskd_ratings_total", team=ticket["team"]) == 3
        assert story.metric("deskd_complaints_total") == 1
