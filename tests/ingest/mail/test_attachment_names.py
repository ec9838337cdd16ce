"""What attachments are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mail.attachment_names import apart, clean_name, made_name


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.doc", "a.doc"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u200b.htaccess", "htaccess"),
        ('a<b>"c|d?.txt', "a_b__c_d_.txt"),
        ("Re: a:b.eml", "Re: a_b.eml"),
        ("..", ""),
        ("截图.png", "截图.png"),
        ("a" * 400 + ".pdf", "a" * 146 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@given(st.text(max_size=200))
def test_no_name_leads_out_of_a_folder(name: str) -> None:
    cleaned = clean_name(name)
    assert not set(cleaned.replace(": ", " ")) & set('/\\\x00\r\n<>:"|?*')
    assert not cleaned.startswith(".")
    assert len(cleaned) <= 150


@pytest.mark.parametrize(
    ("media_type", "title", "content_id", "name"),
    [
        pytest.param("image/jpeg", "", "<image001.jpg@01CDB132.D8A510F0>", "image001.jpg", id="Outlook's pictures"),
        pytest.param("image/jpeg", "", "<97.16@host>", "image.jpg", id="a number with a point is no name"),
        pytest.param("application/others", "", "<97.16@host>", "97.16", id="but tells more than nothing"),
        pytest.param("message/rfc822", "Re: Printer", "", "Re: Printer.eml", id="the subject of an attached mail"),
        pytest.param("message/rfc822", "a/b", "", "a_b.eml", id="a subject is no path"),
        pytest.param("message/delivery-status", "Delivery report", "", "Delivery report.txt", id="a description"),
        pytest.param("application/x-odd", "Some part of it", "", "file", id="a description without an ending"),
        pytest.param("application/pkcs7-signature", "", "", "smime.p7s", id="S/MIME"),
        pytest.param("application/pgp-signature", "", "", "signature.asc", id="PGP"),
        pytest.param("application/pdf", "", "", "file.pdf", id="the type alone"),
    ],
)
def test_a_part_without_a_name_is_given_one(media_type: str, title: str, content_id: str, name: str) -> None:
    assert made_name(media_type, title, content_id) == name


def test_names_that_we_made_are_told_apart_by_numbers_and_given_ones_kept() -> None:
    names = [
        ("a.png", False),
        ("image.jpg", True),
        ("image.jpg", True),
        ("a.png", False),
        ("file", True),
        ("file", True),
    ]
    assert apart(names) == ["a.png", "image.jpg", "image1.jpg", "a.png", "file", "file1"]
