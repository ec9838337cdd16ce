"""What came along with a mail: on the ticket, in the receipt, in what is told of the decision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rules.decide import decide
from rules.events import Attached
from rules.facts import apply
from rules.report import Attachment
from tests.samples import ALICE, BOB, FACTS, MALLORY, NOW, a_mail, rulebook_with

if TYPE_CHECKING:
    from rules.facts import Facts
    from rules.letter import Letter
    from rules.ticket import Ticket

MIB = 1 << 20
RULEBOOK = rulebook_with('[attachments]\ntypes = ["jpg", "mp4"]\nlargest = "10MiB"\n')
PHOTO = Attachment("photo.jpg", "image/jpeg", 2 * MIB, begins_like="image/jpeg")
PROGRAM = Attachment("setup.exe", "application/octet-stream", MIB)
FILM = Attachment("film.mp4", "video/mp4", 12 * MIB, begins_like="video/mp4")
ALL = (PHOTO, PROGRAM, FILM)


def the_receipt(letters: tuple[Letter, ...]) -> Letter:
    (receipt,) = (letter for letter in letters if letter.template == "receipt")
    return receipt


def opened(*attachments: Attachment) -> tuple[Facts, Ticket]:
    mail = a_mail(ALICE, verified=True, attachments=attachments)
    decision = decide(mail, FACTS, RULEBOOK, NOW)
    assert decision.ticket is not None
    return apply(FACTS, mail, decision), decision.ticket


def test_the_ticket_lists_what_came_and_why_it_was_refused() -> None:
    _, ticket = opened(*ALL)
    listed = [(each.source, each.key, each.number, each.name, each.refused) for each in ticket.attachments]
    assert listed == [
        ("support", "9.1", 1, "photo.jpg", None),
        ("support", "9.1", 2, "setup.exe", "program"),
        ("support", "9.1", 3, "film.mp4", "size"),
    ]


@pytest.mark.parametrize(
    ("language", "refused"),
    [
        ("en", ("setup.exe (1 MB): programs are not taken", "film.mp4 (12 MB): larger than 10 MB")),
        ("zh-Hans", ("setup.exe（1 MB）：不接收程序文件", "film.mp4（12 MB）：超过 10 MB")),
        ("zh-Hant", ("setup.exe（1 MB）：不接收程式檔", "film.mp4（12 MB）：超過 10 MB")),
    ],
)
def test_the_receipt_names_what_was_refused(language: str, refused: tuple[str, ...]) -> None:
    mail = a_mail(ALICE, verified=True, language=language, attachments=ALL)
    receipt = the_receipt(decide(mail, FACTS, RULEBOOK, NOW).letters)
    assert receipt.data["refused"] == refused


def test_nobody_unverified_reads_a_name_that_he_made_up() -> None:
    facts = replace(FACTS, staff=replace(FACTS.staff, known=frozenset()))
    receipt = the_receipt(decide(a_mail(MALLORY, attachments=ALL), facts, RULEBOOK, NOW).letters)
    assert receipt.data["refused"] == (
        "attachment 2 (1 MB): programs are not taken",
        "attachment 3 (12 MB): larger than 10 MB",
    )


def test_the_decision_gives_it_as_a_reason() -> None:
    decision = decide(a_mail(ALICE, attachments=ALL), FACTS, RULEBOOK, NOW)
    assert (
        "not taken: setup.exe (1 MB): programs are not taken; film.mp4 (12 MB): larger than 10 MB" in decision.reasons
    )


def test_a_mail_with_nothing_attached_makes_no_event() -> None:
    decision = decide(a_mail(ALICE), FACTS, RULEBOOK, NOW)
    assert not any(isinstance(event, Attached) for event in decision.events)


def test_what_a_repeat_brings_is_listed_too() -> None:
    facts, _ = opened(PHOTO)
    again = decide(a_mail(BOB, n=2, attachments=ALL), facts, RULEBOOK, NOW)
    assert again.verdict == "repeated"
    assert again.ticket is not None
    assert [each.key for each in again.ticket.attachments] == ["9.1", "9.2", "9.2", "9.2"]
    assert len(the_receipt(again.letters).data["refused"]) == 2  # type: ignore[arg-type]


def test_a_reply_is_answered_only_where_something_was_refused() -> None:
    facts, _ = opened()
    reply = a_mail(
        ALICE, n=2, text="Here is more.", references=("<1@mail.example>",), attachments=(PHOTO,), verified=True
    )
    assert not [letter for letter in decide(reply, facts, RULEBOOK, NOW).letters if letter.template == "receipt"]
    worse = replace(reply, attachments=ALL)
    assert the_receipt(decide(worse, facts, RULEBOOK, NOW).letters).data["joined"] is True


def test_a_ticket_lists_the_newest_hundred() -> None:
    _, ticket = opened(*(replace(PHOTO, name=f"{n}.jpg") for n in range(150)))
    assert [each.name for each in (ticket.attachments[0], ticket.attachments[-1])] == ["50.jpg", "149.jpg"]
