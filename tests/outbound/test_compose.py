from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from outbound.compose import Sender, check, compose, safe_header
from outbound.letters import LetterError, Rendered, render
from rules.letter import LETTER_LANGUAGES
from rules.token import TokenKeys, find_marks, make_mark, make_message_id, read_token
from tests.outbound.samples import MESSAGE_ID, NOW, SENDER, TEMPLATES, make_letter

if TYPE_CHECKING:
    from email.message import EmailMessage

    from rules.letter import Letter, LetterLanguage, Template

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Deskd-Instance",
    "MIME-Version",
    "Content-Type",
]

#: No token of ours, so that the letter holds nothing but what was rendered.
UNMARKED = "<7@example.com>"


def _compose(letter: Letter, rendered: Rendered | None = None, sender: Sender = SENDER) -> bytes:
    return compose(letter, rendered or render(letter), sender, MESSAGE_ID, NOW)


def _read(message: bytes) -> EmailMessage:
    return email.message_from_bytes(message, policy=email.policy.default)


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_what_was_rendered_is_what_is_read(template: Template, language: LetterLanguage) -> None:
    letter = make_letter(template, language)
    rendered = render(letter)
    message = _read(compose(letter, rendered, SENDER, UNMARKED, NOW))
    assert message["Subject"] == rendered.subject
    assert _body(message, "plain") == rendered.text
    assert _body(message, "html") == rendered.html
    assert not message.defects


def test_the_headers_of_a_letter() -> None:
    message = _read(_compose(make_letter("answer")))
    assert list(message.keys()) == HEADERS
    assert message["From"] == "信息部服务台 <desk@example.com>"
    assert message["To"] == "王芳 <wang@example.com>"
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == MESSAGE_ID
    assert message["In-Reply-To"] == "<second@example.com>"
    assert message["References"] == "<first@example.com> <second@example.com>"
    assert message["X-Deskd-Instance"] == "deskd-example-1"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_a_receipt_is_a_reply_and_all_else_is_generated() -> None:
    assert _read(_compose(make_letter("receipt")))["Auto-Submitted"] == "auto-replied"
    assert _read(_compose(make_letter("assigned")))["Auto-Submitted"] == "auto-generated"


def test_the_same_letter_has_the_same_bytes() -> None:
    assert _compose(make_letter("progress")) == _compose(make_letter("progress"))


def test_a_receipt_to_an_unverified_sender_does_not_even_name_him() -> None:
    letter = replace(make_letter("receipt", ticket_subject=""), name="Cheap Watches")
    assert _read(_compose(letter))["To"] == "wang@example.com"


def test_a_long_thread_keeps_its_first_and_its_last_nine_letters() -> None:
    references = tuple(f"<{number}@example.com>" for number in range(30))
    message = _read(_compose(replace(make_letter("answer"), references=references)))
    assert message["References"].split() == [references[0], *references[-9:]]
    assert message["In-Reply-To"] == references[-1]


def test_what_is_no_message_id_is_not_referred_to() -> None:
    references = ("<a@b>\r\nBcc: <x@y>", "<with space@b>", "plain")
    message = _read(_compose(replace(make_letter("answer"), references=references)))
    assert message["References"] is None
    assert message["In-Reply-To"] is None


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Wang, Fang", id="a comma"),
        pytest.param('Fang "the \\ printer" Wang', id="quotes and a backslash"),
        pytest.param("=?utf-8?q?x?=", id="what looks encoded"),
        pytest.param("O'Neil", id="an apostrophe"),
        pytest.param("Anna <root@example.com>", id="an address inside the name"),
        pytest.param("f@x.example,", id="another recipient"),
    ],
)
def test_a_name_is_read_as_it_was_written(name: str) -> None:
    header = _read(_compose(replace(make_letter("answer"), name=name)))["To"]
    assert [(box.display_name, box.addr_spec) for box in header.addresses] == [(name, "wang@example.com")]


def test_a_long_name_is_folded_and_read_whole() -> None:
    message = email.message_from_bytes(_compose(replace(make_letter("answer"), name="王芳" * 40)))
    assert str(make_header(decode_header(message["To"]))) == f"{'王芳' * 40} <wang@example.com>"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("a@b.example>\r\nRCPT TO:<c@d.example", id="another command"),
        pytest.param("a@b.example\nBcc: c@d.example", id="another header"),
        pytest.param("a b@c.example", id="a space"),
        pytest.param('"a b"@c.example', id="a quoted local part"),
        pytest.param("a@b@c.example", id="two @"),
        pytest.param("a.@c.example", id="a dot at the end"),
        pytest.param("a@-c.example", id="a label that begins with a hyphen"),
        pytest.param("a@中文.example", id="a domain that is no A-label"),
        pytest.param("a" * 65 + "@c.example", id="a local part of 65 octets"),
        pytest.param("a\u2028b@c.example", id="a line separator"),
        pytest.param("a\u202eb@c.example", id="a bidi override"),
        pytest.param("nobody", id="no @"),
    ],
)
def test_an_address_that_is_not_plain_is_refused(address: str) -> None:
    with pytest.raises(LetterError):
        _compose(replace(make_letter("answer"), to=address))


def test_lines_of_the_header_stay_within_76_characters() -> None:
    letter = replace(make_letter("answer", ticket_subject="很长的标题 with words " * 9), name="歐陽" * 30)
    header = _compose(letter).partition(b"\r\n\r\n")[0]
    assert max(map(len, header.split(b"\r\n"))) <= 76


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        pytest.param("a\r\nBcc: b", "a Bcc: b", id="a line end"),
        pytest.param("a\u2028b\u2029c\x85d", "a b c d", id="Unicode line separators"),
        pytest.param("a\x00\x1b\x9bb", "a b", id="controls of C0 and C1"),
        pytest.param("a\u202eb\u2066c\u200f", "a b c", id="bidi marks"),
        pytest.param("  a \t b ", "a b", id="runs of blanks"),
        pytest.param("x" * 300, "x" * 200, id="more than 200 characters"),
    ],
)
def test_a_header_value_is_cleaned(value: str, clean: str) -> None:
    assert safe_header(value) == clean


anything = st.text(alphabet=st.characters(codec=None), max_size=120) | st.sampled_from(
    ["\r\n\r\nbody", "\nBcc: x@y.example", "\r", "\u2028Subject: x", "=?utf-8?b?DQpCY2M6?=", "\r\n.\r\n"]
)


# the first example also compiles the templates
@given(name=anything, desk=anything, instance=anything, subject=anything, text=anything)
def test_no_word_from_outside_changes_the_headers(name: str, desk: str, instance: str, subject: str, text: str) -> None:
    letter = replace(make_letter("answer", "en", text=text, ticket_subject=subject, desk_name=desk), name=name)
    message = _compose(letter, sender=Sender(address="desk@example.com", name=desk, instance=instance))
    assert list(_read(message).keys()) == HEADERS
    assert message.count(b"\r\n") == message.count(b"\r") == message.count(b"\n")
    assert max(map(len, message.split(b"\r\n"))) <= 998


# the first example also compiles the templates
@given(subject=anything, text=anything)
def test_even_unrendered_words_cannot_break_out(subject: str, text: str) -> None:
    text = text.encode(errors="replace").decode()
    message = _compose(make_letter("answer"), Rendered(subject, text, text))
    assert list(_read(message).keys()) == HEADERS


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(lambda mail: mail.replace(b"Subject:", b"Bcc: x@y.example\r\nSubject:"), id="one header more"),
        pytest.param(lambda mail: mail.replace(b"Date:", b"Subject:"), id="a header twice"),
        pytest.param(lambda mail: mail.replace(b"\r\n", b"\n", 1), id="a bare LF"),
        pytest.param(lambda mail: mail + b"\r", id="a bare CR"),
    ],
)
def test_a_spoiled_mail_is_noticed(spoiled: object) -> None:
    assert callable(spoiled)
    with pytest.raises(LetterError):
        check(spoiled(_compose(make_letter("answer"))))


class TestMark:
    """What a reply still shows when its mail program has lost the Message-ID that it answers."""

    KEYS = TokenKeys("k1", Map({"k1": b"a secret of the tests, 32 bytes."}))
    LETTER = replace(make_letter("answer", "en"), to="alice@corp.example")
    MESSAGE_ID = make_message_id(KEYS, ticket=17, serial=5, recipient=LETTER.to, domain="example.com")

    def _compose(self, *, plus_addressing: bool) -> EmailMessage:
        sender = replace(SENDER, plus_addressing=plus_addressing)
        return _read(compose(self.LETTER, render(self.LETTER), sender, self.MESSAGE_ID, NOW))

    @pytest.mark.parametrize("subtype", ["plain", "html"])
    def test_every_body_holds_it(self, subtype: str) -> None:
        marks = find_marks(_body(self._compose(plus_addressing=False), subtype))
        assert [read_token(self.KEYS, mark, sender=self.LETTER.to) for mark in marks] == [17]

    def test_it_stands_over_the_signature_which_replies_leave_out(self) -> None:
        body = _body(self._compose(plus_addressing=False), "plain")
        assert body.index("[d1-k1-17-") < body.index("\n-- \n")

    def test_the_address_to_answer_to_holds_it_where_the_mailbox_takes_details(self) -> None:
        assert self._compose(plus_addressing=False)["Reply-To"] is None
        reply_to = self._compose(plus_addressing=True)["Reply-To"]
        assert reply_to == f"desk+{make_mark(self.MESSAGE_ID)}@example.com"

    def test_a_message_id_that_is_no_token_marks_nothing(self) -> None:
        sender = replace(SENDER, plus_addressing=True)
        message = _read(compose(self.LETTER, render(self.LETTER), sender, UNMARKED, NOW))
        assert message["Reply-To"] is None
        assert find_marks(_body(message, "plain")) == ()
