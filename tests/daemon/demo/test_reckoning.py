"""The reckoning of the demo: what came out is held against what should have."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.demo.found import Arrived, Found, Outcome
from daemon.demo.mails import message_id
from daemon.demo.people import FANG
from daemon.demo.play import ESCALATIONS, PLAY
from daemon.demo.reckoning import reckon
from daemon.demo.records import Entry, Ticket, Totals, Written
from daemon.demo.script import Expected, ExpectedLetter, MailStep, Scene
from daemon.demo.smtp_server import Delivered

PRINTER = MailStep(
    name="printer",
    sender=FANG,
    subject="打印机卡纸",
    text="打印机卡纸",
    expected=Expected(
        verdicts=("opened",), ticket="printer", category="hardware", letters=(ExpectedLetter("receipt", FANG, "zh-CN"),)
    ),
)
ASKED = message_id(PRINTER)
SCENES = (Scene("One mail", (PRINTER,)),)


def found(
    *, verdict: str = "opened", category: str = "hardware", language: str = "zh-CN", answers: str = "", text: str = ""
) -> Found:
    """What a desk makes of the printer, but for what a test says."""
    ticket = Ticket(1, "202611-001", category, "P3", "assigned", "hardware", None)
    entry = Entry(ASKED, verdict, "", FANG.address, "打印机卡纸", ticket)
    letter = EmailMessage(policy=email.policy.default)
    letter["In-Reply-To"] = answers or ASKED
    letter.set_content(text or "您好，\n\n来信已收到。")
    return Found(
        outcomes={"printer": [Outcome(verdict, entry)]},
        arrived=[
            Arrived(
                Delivered(FANG.address, letter, Path("001.eml")),
                Written(ticket.number, FANG.address, "receipt", language),
            )
        ],
        totals=Totals(reports=1, tickets=1, repeats=0, escalations=0, letters=1, breaches=0),
    )


def test_nothing_is_missed_where_everything_came_out() -> None:
    assert reckon(SCENES, found(), escalations=0).missed == ()


@pytest.mark.parametrize(
    ("came", "sentences"),
    [
        pytest.param(
            found(verdict="ignored"), ["verdict of printer: expected opened, found ignored"], id="another verdict"
        ),
        pytest.param(
            found(category="network"), ["category of printer: expected hardware, found network"], id="another category"
        ),
        pytest.param(
            found(language="en"),
            [
                "letters 'receipt' in en to 王芳 about 202611-001: expected 0, found 1",
                "letters 'receipt' in zh-CN to 王芳 about 202611-001: expected 1, found 0",
            ],
            id="a letter in another language is one too many and one too few",
        ),
        pytest.param(
            found(answers="<other@corp.example>"),
            [f"what the receipt of printer answers: expected {ASKED}, found <other@corp.example>"],
            id="a receipt outside the thread",
        ),
        pytest.param(found(text="Hello"), ["opening of 001.eml: expected 您好, found He"], id="no greeting"),
    ],
)
def test_what_came_out_otherwise_is_told(came: Found, sentences: list[str]) -> None:
    assert list(reckon(SCENES, came, escalations=0).missed) == sentences


def test_of_a_silent_desk_every_sum_is_missed() -> None:
    missed = reckon(PLAY, Found(troubles=["the scene has not ended"]), escalations=ESCALATIONS).missed
    assert missed[0] == "the scene has not ended"
    assert "tickets: expected 5, found 0" in missed
    assert "letters: expected 31, found 0" in missed


def test_each_step_of_the_play_has_a_name_of_its_own_and_answers_what_came_before() -> None:
    names: list[str] = []
    for step in (step for scene in PLAY for step in scene.steps):
        assert step.name not in names
        names.append(step.name)
        assert step.expected.ticket is None or step.expected.ticket in names
        assert not isinstance(step, MailStep) or step.answering is None or step.answering.ticket in names
