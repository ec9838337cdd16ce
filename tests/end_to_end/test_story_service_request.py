"""B. Technical support and customer service: what is missing is asked for, and nothing closes before it is solved."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

WANG, GUEST = "wang.fang@corp.example", "buyer@customer.example"
LI, KONG, CHEN = (f"{name}@desk.example" for name in ("li", "kong", "chen"))
TEAMS = ("support-centre", "hardware", "software", "accounts")
PEOPLE = "\n".join(
    (
        person(LI, "李伟", teams=TEAMS),
        person(KONG, "孔亮", teams=("customer-service",)),
        person(CHEN, "陈静", "lead", teams=(*TEAMS, "customer-service")),
    )
)
CONTACTS = f"""address,name,relation,number,department,customer
{WANG},王芳,internal,E1024,财务部,
{GUEST},何先生,external,C77,,贸易公司
"""


@pytest.fixture
def story(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> Story:
    return Story(mailbox, smtp_sink, rulebook="service-request", people=PEOPLE, contacts=CONTACTS)


def test_an_incomplete_request_that_is_not_solved_twice_and_then_closed(story: Story) -> None:
    with story:
        told = story.mail(f"王芳 <{WANG}>", "财务软件打不开", "财务软件打不开了，请尽快处理。")
        assert ("receipt", WANG) in told
        ticket = story.ticket()
        assert ticket["number"] == "SR202611160001"
        receipt = story.letter(WANG).text
        assert "SR202611160001" in receipt
        (asked,) = story.events(kind="asked")
        assert asked["missing"]
        assert (ticket["status"], ticket["waiting_for"]) == ("waiting", "requester")

        story.at("11-16 10:00")
        story.reply(WANG, "电话 13800001111，今天早上九点开始，报错 0x80070005，重启过两次没用，只有我一个人受影响。")
        assert story.ticket()["status"] == "new"
        assert [event["milestone"] for event in story.events(kind="reached")].count("answered") == 1

        assert story.ticket()["assignee"] is None  # the lead names the person, within an hour
        assert LI in story.letter(CHEN, "unassigned").text
        assert ("assigned", LI) in story.reply(CHEN, f"!转给 {LI} 熟悉财务软件", "unassigned")
        story.reply(LI, "!认领\n!预计 15:00 正在检查权限", "assigned")

        story.at("11-16 14:00")
        for n in (1, 2):  # "not solved", twice
            assert ("resolved", WANG) in story.reply(LI, "!解决 重新授予了目录权限", "assigned")
            told = story.reply(WANG, "未解决，还是打不开", "resolved")
            assert {("again", WANG), ("reopened", LI)} <= set(told)
            clocks = [(limit, cycle) for name, limit, _, cycle in story.ticket()["clocks"] if name == "reassessment"]
            assert clocks[-1] == ("2wh", n)
            story.later(minutes=20)
            story.reply(LI, "!诊断 权限之外还缺少运行库", "assigned")

        assert ("resolved", WANG) in story.reply(LI, "!解决 安装了运行库并重启", "assigned")
        assert ("rating", WANG) in story.reply(WANG, "已解决，谢谢", "resolved")
        story.reply(WANG, "满意", "rating")
        ticket = story.ticket()
        assert (ticket["status"], ticket["reopened"]) == ("closed", 2)
        outcomes = [outcome for name, _, outcome, _ in ticket["clocks"] if name == "reassessment"]
        assert outcomes == ["met", "met"]
        assert story.metric("deskd_solutions_refused_total") == 2
        assert story.events(kind="owes")  # a knowledge article, with personal data removed


def test_internal_and_external_requesters_are_accepted_each_in_their_own_time(story: Story) -> None:
    with story:
        story.at("11-20 17:30")  # Friday evening
        story.mail(WANG, "打印机卡纸", "打印机卡纸，三楼，已经重启过，只有我，电话 8001，从今天下午开始。")
        story.mail(
            GUEST, "无法登录客户门户", "客户门户从今天下午起登录不了，试过换浏览器，全公司都进不去，电话 020-123。"
        )
        limits = [{name: limit for name, limit, _, _ in story.ticket(n)["clocks"]} for n in (1, 2)]
        assert [limit["acceptance"] for limit in limits] == ["2wh", "4wh"]
        assert [story.ticket(n)["relation"] for n in (1, 2)] == ["internal", "external"]
        assert story.ticket(2)["number"] == "SR202611200002"


def test_a_photograph_reaches_the_engineer_and_what_is_refused_is_named(story: Story) -> None:
    photo = b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(2 << 20)
    film = b"\x00\x00\x00\x18ftypisom" + bytes(12 << 20)
    files = {"现场照片.jpg": photo, "setup.exe": b"MZ" + bytes(1000), "film.mp4": film}
    with story:
        story.mail(
            f"王芳 <{WANG}>",
            "打印机卡纸",
            "打印机卡纸，三楼，已经重启过，只有我，电话 8001，从今天下午开始。",
            files=files,
        )
        receipt = story.letter(WANG, "receipt")
        assert "setup.exe（1002 B）：不接收程序文件" in receipt.text
        assert "film.mp4（12 MB）：超过 10 MB" in receipt.text
        assert list(receipt.message.iter_attachments()) == []

        story.reply(CHEN, f"!转给 {LI} 熟悉打印机", "unassigned")
        assigned = story.letter(LI, "assigned")
        (attached,) = assigned.message.iter_attachments()
        assert attached.get_filename() == "现场照片.jpg"
        assert attached.get_content() == photo
        assert "setup.exe（1002 B）：不接收程序文件" in assigned.text
        assert story.desk.rows("SELECT count(*) FROM letters WHERE length(message) > 1000000") == [(0,)]

        story.mail(
            f"王芳 <{WANG}>", "打印机卡纸", "又卡纸了，还是三楼那台。", files={"second.png": b"\x89PNG\r\n\x1a\n"}
        )
        (attached,) = story.letter(LI, "repeated").message.iter_attachments()
        assert attached.get_filename() == "second.png"
