"""Which attachments of a mail are taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.attachment import REFUSALS
from rules.judging.attachments import judge_attachments
from rules.report import Attachment
from rules.sections.attachments import AttachmentRules
from tests.samples import a_mail

MIB = 1 << 20
ANYTHING = AttachmentRules()
PICTURES = AttachmentRules(types=("jpg", "png", "mp4"), largest=10 * MIB)


def judged(rules: AttachmentRules, *parts: Attachment) -> list[str | None]:
    return [each.refused for each in judge_attachments(a_mail(attachments=parts), rules)]


def a_photo(name: str = "photo.jpg", type_: str = "image/jpeg", size: int = 2 * MIB) -> Attachment:
    return Attachment(name, type_, size, begins_like="image/jpeg")


@pytest.mark.parametrize(
    ("part", "refused"),
    [
        pytest.param(a_photo(), None, id="a photograph"),
        pytest.param(Attachment("log.txt", "text/plain", 5), None, id="a text"),
        pytest.param(Attachment("data.bin", "application/octet-stream", 90 * MIB), None, id="anything of any size"),
        pytest.param(Attachment("Setup.EXE", "application/octet-stream", 5), "program", id="a program by its name"),
        pytest.param(Attachment("invoice.pdf.js", "text/plain", 5), "program", id="a script behind another name"),
        pytest.param(Attachment("setup.exe. .", "text/plain", 5), "program", id="dots that Windows overlooks"),
        pytest.param(
            Attachment("a.jpg", "image/jpeg", 5, begins_like="application/x-msdownload"), "program", id="MZ as a photo"
        ),
        pytest.param(Attachment("a.jpg", "application/x-msdownload", 5), "program", id="a program by its type"),
        pytest.param(Attachment("exe", "text/plain", 5), None, id="a name that is no extension"),
        pytest.param(Attachment("broken.jpg", "image/jpeg", 5), None, id="what only claims to be a picture"),
    ],
)
def test_without_rules_only_programs_are_refused(part: Attachment, refused: str | None) -> None:
    assert judged(ANYTHING, part) == [refused]


@pytest.mark.parametrize(
    ("part", "refused"),
    [
        pytest.param(a_photo(), None, id="a listed type"),
        pytest.param(a_photo("PHOTO.JPEG"), None, id="another name of a listed type"),
        pytest.param(a_photo(type_="application/octet-stream"), None, id="a vague type contradicts nothing"),
        pytest.param(a_photo("photo.png", "image/png"), None, id="a picture named after another picture"),
        pytest.param(a_photo(size=10 * MIB), None, id="just as large as may be"),
        pytest.param(a_photo(size=10 * MIB + 1), "size", id="one byte more"),
        pytest.param(Attachment("report.pdf", "application/pdf", 5), "type", id="a type that is not listed"),
        pytest.param(Attachment("noname", "application/pdf", 5), "type", id="no type by name at all"),
        pytest.param(a_photo(type_="application/pdf"), "contents", id="a picture declared as a document"),
        pytest.param(Attachment("a.png", "image/png", 5), "contents", id="a picture that begins like none"),
        pytest.param(Attachment("a.png", "image/png", 0), "contents", id="an empty picture"),
        pytest.param(Attachment("a.exe", "image/png", 90 * MIB), "program", id="a program first of all"),
    ],
)
def test_listed_types_must_be_what_they_say(part: Attachment, refused: str | None) -> None:
    assert judged(PICTURES, part) == [refused]


def test_a_listed_media_type_takes_what_declares_it() -> None:
    rules = AttachmentRules(types=("application/pdf", "image/*"))
    assert judged(rules, Attachment("x", "application/pdf", 5), a_photo("x"), Attachment("y", "audio/ogg", 5)) == [
        None,
        None,
        "type",
    ]


def test_a_type_may_have_a_limit_of_its_own() -> None:
    rules = AttachmentRules(largest=MIB, largest_of={"jpg": 3 * MIB})
    assert judged(rules, a_photo(), Attachment("log.txt", "text/plain", 2 * MIB)) == [None, "size"]


def test_what_comes_after_too_many_is_refused() -> None:
    assert judged(AttachmentRules(most=2), a_photo(), a_photo(), a_photo()) == [None, None, "count"]


def test_the_logo_of_a_signature_is_no_attachment() -> None:
    logo = Attachment("logo.png", "image/png", 4000, begins_like="image/png", inline=True)
    pasted = Attachment("image001.png", "image/png", 90_000, begins_like="image/png", inline=True)
    found = judge_attachments(a_mail(attachments=(logo, pasted)), AttachmentRules(most=1))
    assert [(each.number, each.name, each.refused) for each in found] == [(2, "image001.png", None)]


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 1 << 40), st.text(max_size=30))
def test_every_attachment_is_judged_whatever_it_is_called(name: str, type_: str, size: int, begins_like: str) -> None:
    (refused,) = judged(PICTURES, Attachment(name, type_, size, begins_like=begins_like))
    assert refused is None or refused in REFUSALS
