"""C. First contact, in Traditional Chinese: by skill and load, diagnosed first, closed by nobody but the requester."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

LIN, WU = "lin@corp.example", "wu@corp.example"
HSU, TSAI, CHOU = (f"{name}@desk.example" for name in ("hsu", "tsai", "chou"))


def staff(*skills: str) -> str:
    teams = ("support",)
    return "\n".join(
        (
            person(HSU, "許文", teams=teams, skills=list(skills)),
            person(TSAI, "蔡怡", teams=teams),
            person(CHOU, "周明", "lead", teams=teams),
        )
    )


@pytest.fixture
def story(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> Story:
    return Story(
        mailbox,
        smtp_sink,
        rulebook="first-contact",
        people=staff("network", "hardware", "software"),
        zone="Asia/Taipei",
    )


def test_a_request_is_diagnosed_first_and_closed_only_by_its_requester(story: Story) -> None:
    with story:
        told = story.mail(f"林志明 <{LIN}>", "無法上網", "辦公室的網路從早上就連不上，請協助。")
        assert {("receipt", LIN), ("assigned", HSU)} == set(told)  # she has the skill
        assert "您好" in story.letter(LIN).text
        clocks = {name: limit for name, limit, _, _ in story.ticket()["clocks"]}
        assert clocks["diagnosis"] == "4wh"

        story.at("11-16 11:00")
        story.reply(HSU, "!診斷 network：交換器埠故障")
        ticket = story.ticket()
        assert ticket["category"] == "network"
        assert {name: outcome for name, _, outcome, _ in ticket["clocks"]}["diagnosis"] == "met"

        story.reply(HSU, "!解決 更換交換器埠", "assigned")
        seen: list[tuple[str, str]] = []
        for _ in range(6):
            seen += story.later(days=1)
        assert ("reminder", LIN) in seen
        assert ("escalated", CHOU) in seen
        assert story.ticket()["status"] == "resolved"  # silence closes nothing

        assert ("again", LIN) in story.reply(LIN, "好像還是怪怪的，有時候會斷", "resolved")  # a doubt: handled again
        story.reply(HSU, "!解決 更換整台交換器", "assigned")
        story.reply(LIN, "已解決，謝謝", "resolved")
        assert story.ticket()["status"] == "closed"


def test_of_two_with_the_skill_the_one_with_less_to_do_takes_it(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    with Story(mailbox, smtp_sink, rulebook="first-contact", people=staff(), zone="Asia/Taipei") as story:
        story.mail(LIN, "印表機卡紙", "三樓印表機一直卡紙。")
        story.mail(WU, "無法上網", "會議室的無線網路連不上。")
        assert {story.ticket(n)["assignee"] for n in (1, 2)} == {HSU, TSAI}
