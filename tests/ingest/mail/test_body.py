"""Which part is the text, and what the others are called."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from ingest.mail.body import Body, read_body

HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>from <b>HTML</b></p><style>p{}</style><script>x()</script>\n"
TEXT = b"Content-Type: text/plain\n\nfrom text\n"
IMAGE = b'Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\nAAAA\n'


def multipart(kind: str, *parts: bytes) -> bytes:
    return (
        f"Content-Type: multipart/{kind}; boundary={kind}\n\n".encode()
        + b"".join(f"--{kind}\n".encode() + part + b"\n" for part in parts)
        + f"--{kind}--\n".encode()
    )


def read(mail: bytes) -> Body:
    return read_body(message_from_bytes(mail))


@pytest.mark.parametrize(
    ("mail", "text", "names"),
    [
        pytest.param(TEXT, "from text", [], id="text alone"),
        pytest.param(HTML, "from HTML", [], id="HTML alone"),
        pytest.param(multipart("alternative", TEXT, HTML), "from text", [], id="text before HTML"),
        pytest.param(
            multipart("alternative", b"Content-Type: text/plain\n\n \n", HTML), "from HTML", [], id="an empty text"
        ),
        pytest.param(
            multipart("mixed", multipart("alternative", TEXT, HTML), IMAGE), "from text", ["a.png"], id="a picture"
        ),
        pytest.param(
            multipart("mixed", TEXT, IMAGE, TEXT), "from text\nfrom text", ["a.png"], id="text around a picture"
        ),
        pytest.param(
            multipart("mixed", TEXT, b"Content-Type: message/rfc822\n\nSubject: Old\n\nold"),
            "from text",
            ["Old.eml"],
            id="a mail",
        ),
        pytest.param(
            multipart("alternative", TEXT, b"Content-Type: text/calendar\n\nBEGIN"),
            "from text",
            ["invite.ics"],
            id="an invitation",
        ),
        pytest.param(
            multipart(
                "mixed", TEXT, b"Content-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nx"
            ),
            "from text",
            ["log.txt"],
            id="a text that is attached",
        ),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=none\n\njust text", "just text", [], id="no part to be found"
        ),
        pytest.param(
            multipart("mixed", TEXT, b"Content-Type: image/gif\n\nx"), "from text", ["image.gif"], id="no name"
        ),
    ],
)
def test_the_text_and_the_attachments_are_told_apart(mail: bytes, text: str, names: list[str]) -> None:
    body = read(mail)
    assert body.text == text
    assert [attachment.name for attachment in body.attachments] == names


def test_sizes_are_decoded_lengths() -> None:
    (attachment,) = read(multipart("mixed", TEXT, IMAGE)).attachments
    assert (attachment.type, attachment.size) == ("image/png", 3)
    assert not attachment.inline


def test_a_picture_that_the_html_shows_is_told_from_one_that_is_attached() -> None:
    shown = b"Content-Type: image/png; name=a.png\nContent-ID: <1@here>\n\n\x89PNG\r\n\x1a\n"
    (attachment,) = read(multipart("related", TEXT, shown)).attachments
    assert attachment.inline


def test_a_long_text_is_cut_and_noted() -> None:
    body = read(b"Content-Type: text/plain\n\n" + b"a" * (2 << 20))
    assert len(body.text) == 1 << 20
    assert body.notes


def test_hidden_html_is_not_shown() -> None:
    mail = b'Content-Type: text/html\n\n<div style="display:none">hidden</div><!-- not --> <p>shown &amp; read</p>'
    assert read(mail).text == "shown & read"


def test_html_that_is_no_other_form_of_the_text_is_listed() -> None:
    assert [each.name for each in read(multipart("mixed", TEXT, HTML, HTML)).attachments] == [
        "document.html",
        "document1.html",
    ]


INVITATION = (
    b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\n"
    b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nDESCRIPTION:no\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
    b"SUMMARY;LANGUAGE=en:Printer\\, sec\n ond floor\nDESCRIPTION:Bring toner.\\nThanks\nEND:VEVENT\nEND:VCALENDAR\n"
)


def test_an_invitation_is_named_after_what_it_invites_to() -> None:
    body = read(multipart("alternative", TEXT, INVITATION))
    assert body.text == "from text"
    assert [each.name for each in body.attachments] == ["Printer, second floor.ics"]
    assert body.notes == ('The mail holds an invitation: "Printer, second floor".',)


def test_the_words_of_an_invitation_are_the_text_where_nothing_else_is() -> None:
    body = read(INVITATION)
    assert body.text == "Printer, second floor\nBring toner.\nThanks"
    assert [each.name for each in body.attachments] == ["Printer, second floor.ics"]


def test_a_signed_mail_gives_its_text_and_its_signature_as_a_file() -> None:
    signature = b"Content-Type: application/pkcs7-signature\n\nx"
    body = read(multipart("signed", TEXT, signature))
    assert (body.text, [each.name for each in body.attachments]) == ("from text", ["smime.p7s"])
