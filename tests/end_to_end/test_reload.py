"""A changed rulebook takes effect in the running daemon: clocks are counted again, and nothing fires twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

WANG, LI, CHEN = "wang.fang@corp.example", "li@desk.example", "chen@desk.example"
PEOPLE = "\n".join(
    (
        person(LI, "李伟", teams=("service-desk", "hardware")),
        person(CHEN, "陈静", "lead", teams=("service-desk", "hardware")),
    )
)
OURS = """
name = "ours"
extends = "enterprise-itsm"
[[clocks]]
name = "response"
limit = { P3 = "%s" }
"""


def response_of(story: Story) -> tuple[str, bool]:
    """The limit of the response clock, and whether it is recorded overdue."""
    rows = story.desk.rows("SELECT \"limit\", overdue_at IS NOT NULL FROM clocks WHERE name = 'response'")
    return str(rows[0][0]), bool(rows[0][1])


def test_running_clocks_follow_a_changed_rulebook_and_a_broken_one_changes_nothing(
    mailbox: ServedMailbox, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    rulebook = tmp_path / "ours.toml"
    rulebook.write_text(OURS % "4h")
    with Story(mailbox, smtp_sink, rulebook=str(rulebook), people=PEOPLE) as story:
        story.mail(WANG, "打印机卡纸", "三楼打印机卡纸，打不了。")
        assert response_of(story) == ("4h", False)

        rulebook.write_text(OURS % "2h")
        story.desk.reload()
        story.desk.wait_until(lambda: response_of(story)[0] == "2h")
        assert story.at("11-16 10:59") == []
        told = story.at("11-16 11:00")  # two hours after the report, not after the reload
        assert {("escalated", LI), ("escalated", CHEN), ("progress", WANG)} == set(told)
        assert response_of(story) == ("2h", True)

        rulebook.write_text(OURS % "3h")
        story.desk.reload()
        rulebook.write_text("clocks = 1")
        assert "clocks" in story.desk.reload(refused=True)
        assert story.metric("deskd_config_last_reload_successful") == 0
        assert story.at("11-16 12:30") == []  # it was overdue, and is not told again
        assert response_of(story) == ("2h", True)
