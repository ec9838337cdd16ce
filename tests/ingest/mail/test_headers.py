"""Header fields: encoded words, raw bytes, parameters and message ids."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from ingest.mail.headers import Headers, decode_words, message_ids, one_line, parameters


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?5omT5Y2w5py6?=", "打印机"),
        ("=?gb2312?B?0+DrRg==?=", "余隖"),
        pytest.param("=?utf-8?B?5omT5Y0=?= =?utf-8?B?sOacug==?=", "打印机", id="a character split over two words"),
        pytest.param("=?gb2312?B?tPLTobs=?= =?GBK?B?+ru1wcs=?=", "打印机坏了", id="a character split over two labels"),
        pytest.param("=?utf-8?B?5omT5Y0=?= =?utf-8?Q?=B0=E6=9C=BA?=", "打印机", id="and over two encodings"),
        pytest.param("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c", id="text between words"),
        pytest.param("=?utf-8?q?a=20?=\r\n =?utf-8?q?b?=", "a b", id="folded"),
        pytest.param("=?utf-8?Q?what?no?=", "what?no", id="a question mark left in"),
        pytest.param("=?utf-8?B?5omT5Y2w5py6", "=?utf-8?B?5omT5Y2w5py6", id="a word that never ends"),
        pytest.param("=?utf-8*en?q?a?=", "a", id="with a language"),
        pytest.param("=?x-none?q?caf=C3=A9?=", "café", id="an unknown charset"),
        pytest.param("=?utf-8?b?YQ?=", "a", id="without padding"),
    ],
)
def test_encoded_words_are_read(value: str, text: str) -> None:
    assert decode_words(value) == text


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_a_raw_subject_is_recovered(charset: str) -> None:
    message = message_from_bytes("Subject: 打印机坏了，请处理\n\n".encode(charset))
    assert Headers(message).text("subject") == "打印机坏了，请处理"


@pytest.mark.parametrize(("charset", "subject"), [("big5", "朱"), ("gb2312", "张伟"), ("koi8-r", "Да")])
def test_a_raw_subject_too_short_to_tell_is_read_as_the_text_is(charset: str, subject: str) -> None:
    head = f"Subject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n".encode(charset)
    mail = head + f"--b\nContent-Type: text/plain; charset={charset}\n\n--b--\n".encode()
    assert Headers(message_from_bytes(mail)).text("subject") == subject


def test_a_raw_subject_in_utf_8_is_known_beside_any_text() -> None:
    mail = "Subject: 打印机\nContent-Type: text/plain; charset=koi8-r\n\n".encode()
    assert Headers(message_from_bytes(mail)).text("subject") == "打印机"


def test_a_subject_is_one_line_without_tricks() -> None:
    assert one_line("a\r\nBcc: b\x00\u202ec\u200b  d\u2028e") == "a Bcc: bc d e"


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@b> <c@d>\r\n <a@b>", ("<a@b>", "<c@d>")),
        ("a@b", ("<a@b>",)),
        ("<>", ()),
        ("<[a@b]>", ("<[a@b]>",)),
        ("<<a@b>>", ("<a@b>",)),
        ("<a@b", ()),
        ("Your mail of Monday <a@b>", ("<a@b>",)),
        ("<a\r\n @b>", ("<a@b>",)),
        ("", ()),
    ],
)
def test_message_ids_keep_their_brackets(value: str, ids: tuple[str, ...]) -> None:
    assert message_ids(value) == ids


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=a b.txt", "a b.txt"),
        ("attachment; filename*=utf-8''%E6%88%AA%E5%9B%BE.png", "截图.png"),
        ("attachment; filename*=gb2312''%BD%D8%CD%BC.png", "截图.png"),
        ("attachment; filename*0*=utf-8''%E6%88; filename*1*=%AA.png", "截.png"),
        ("attachment; filename*1=b.txt; filename*0=a", "ab.txt"),
        ('attachment; filename="=?gb2312?B?vdjNvC5wbmc=?="', "截图.png"),
        ('attachment; filename="截图.png"', "截图.png"),
        (r'attachment; filename="a\"b.txt"', 'a"b.txt'),
        ('attachment; filename="%E6%88%AA%E5%9B%BE.png"', "截图.png"),
        ('attachment; filename="100%25 %E6.png"', "100%25 %E6.png"),
        ('attachment; filename="never ends', "never ends"),
        ("attachment; filename=\"old\"; filename*=utf-8''new", "new"),
    ],
)
def test_file_names_are_read_however_they_are_written(value: str, name: str) -> None:
    assert parameters(value) == ("attachment", {"filename": name})
