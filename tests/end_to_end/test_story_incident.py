"""The story of the README through the real daemon: an alert, four people in two languages, and one ticket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.story import Story, person
from tests.incident_story import ALICE, BOB, CHEN, LI, RULEBOOK, STAFF, STEPS, WANG, Shown, do_step, tell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

#: What proves an answer stands above the signature, and is another one for each letter.
_MARK = re.compile(r"\n\[d1-[a-z0-9-]+\]\n")


@pytest.fixture
def story(mailbox: ServedMailbox, smtp_sink: SmtpSink, tmp_path: Path) -> Story:
    (tmp_path / "our-shop.toml").write_text(RULEBOOK)
    people = (person(each.address, each.name, each.role, teams=each.teams, language="en") for each in STAFF)
    return Story(mailbox, smtp_sink, rulebook=str(tmp_path / "our-shop.toml"), people="\n".join(people))


def _shown(story: Story, after: int) -> list[Shown]:
    """The letters that arrived since, as the README has them."""
    return [
        Shown(each.to, each.template, str(each.message["Subject"]), _plain(each.text)) for each in story.letters[after:]
    ]


def _plain(text: str) -> str:
    return _MARK.sub("", text.replace("\r\n", "\n")).strip()


def test_the_daemon_writes_the_letters_of_the_readme(story: Story) -> None:
    with story:
        for step, written in tell():
            before = len(story.letters)
            do_step(story, step)
            wanted = [Shown(each.to, each.template, each.subject, each.text.strip()) for each in written]
            assert _shown(story, before) == wanted, step.at
        ticket = story.ticket()
        assert (ticket["status"], ticket["requester"], ticket["repeats"]) == ("closed", CHEN, 4)
        assert story.ticket(2)["status"] == "closed"
        rows = story.desk.rows(
            "SELECT address, counted, by_similarity, confirmed FROM participants WHERE ticket_id = 1"
        )
        assert {row[0] for row in rows} == {ALICE, BOB, WANG, CHEN}
        assert all(counted and confirmed and not alike for _, counted, alike, confirmed in rows)
        assert story.metric("deskd_people_joined_total", step="likeness") == 3
        assert story.metric("deskd_people_joined_total", step="suggested") == 1
        assert story.metric("deskd_people_joined_total", step="staff") == 1


def test_nobody_reads_what_another_reporter_wrote() -> None:
    own = {step.by: step.text for step in STEPS if step.subject}
    for _, letters in tell():
        for letter in letters:
            others = [text for writer, text in own.items() if writer != letter.to]
            assert letter.to == LI or "desk.example" in letter.to or not any(text in letter.text for text in others)
