"""Which attachments go along with a letter to staff, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.attachment import TicketAttachment
from rules.decide import decide
from rules.facts import apply
from rules.letters.enclosing import enclose
from rules.report import Attachment
from tests.samples import ALICE, FACTS, LI, NOW, RULEBOOK, a_mail, rulebook_with

if TYPE_CHECKING:
    from rules.letter import Letter

MIB = 1 << 20
PHOTO = TicketAttachment(source="support", key="9.1", number=1, name="photo.jpg", type="image/jpeg", size=4 * MIB)
SENT = Attachment("photo.jpg", "image/jpeg", 4 * MIB, begins_like="image/jpeg")
PROGRAM = Attachment("setup.exe", "application/octet-stream", MIB)


def to_li(letters: tuple[Letter, ...], template: str) -> Letter:
    (letter,) = (each for each in letters if each.to == LI and each.template == template)
    return letter


def test_what_fits_goes_along_and_the_rest_is_named() -> None:
    film = replace(PHOTO, number=2, name="film.mp4", size=7 * MIB)
    log = replace(PHOTO, number=3, name="a.log", size=MIB)
    enclosed, told = enclose((PHOTO, film, log), RULEBOOK)
    assert enclosed == (PHOTO, log)
    assert told == (
        "photo.jpg (4 MB), attached to this mail",
        "film.mp4 (7 MB), too large to attach here: it is in the original mail",
        "a.log (1 MB), attached to this mail",
    )


def test_the_rulebook_says_how_much_one_letter_carries() -> None:
    enclosed, _ = enclose((PHOTO,), rulebook_with('[attachments]\nhanded_on = "3MiB"\n'))
    assert enclosed == ()


def test_the_assignee_gets_what_was_taken_and_reads_of_what_was_not() -> None:
    letter = to_li(decide(a_mail(attachments=(SENT, PROGRAM)), FACTS, RULEBOOK, NOW).letters, "assigned")
    assert letter.enclosed == (PHOTO,)
    assert letter.data["attachments"] == (
        "photo.jpg (4 MB), attached to this mail",
        "setup.exe (1 MB): programs are not taken",
    )
    assert not any("setup.exe" in str(reason) for reason in letter.data["reasons"])  # type: ignore[union-attr]


def test_what_a_reply_brings_goes_along_with_its_words_alone() -> None:
    first = a_mail(attachments=(SENT,), verified=True)
    facts = apply(FACTS, first, decide(first, FACTS, RULEBOOK, NOW))
    again = replace(SENT, name="second.jpg")
    reply = a_mail(n=2, text="Another one.", references=("<1@mail.example>",), attachments=(again,), verified=True)
    letter = to_li(decide(reply, facts, RULEBOOK, NOW).letters, "message")
    assert [(each.key, each.name) for each in letter.enclosed] == [("9.2", "second.jpg")]


def test_nothing_goes_along_to_requesters() -> None:
    decision = decide(a_mail(attachments=(SENT,)), FACTS, RULEBOOK, NOW)
    assert [letter.enclosed for letter in decision.letters if letter.to == ALICE] == [()]
