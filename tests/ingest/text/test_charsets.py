"""Bytes to text, whatever their label says."""

from __future__ import annotations

import codecs
from encodings.aliases import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.charsets import clean, codec, decode

ZH = "您好，朱镕基的打印机坏了 – 请处理"
JA = "お世話になっております。プリンターが故障しました。"
RU = "Принтер сломан, помогите пожалуйста"
ZH_TW = "您好，印表機壞了，請處理"


@pytest.mark.parametrize(
    ("text", "written", "label"),
    [
        pytest.param(ZH, "gb18030", "gb2312", id="GB 18030 called GB 2312"),
        pytest.param(ZH, "gb18030", "GBK", id="GB 18030 called GBK"),
        pytest.param(ZH, "gb18030", "x-gbk", id="a label Python does not know"),
        pytest.param(ZH, "gb18030", "cp936", id="GB 18030 by its code page"),
        pytest.param(ZH, "gb18030", "GB_2312-80", id="the label of the old registry"),
        pytest.param(ZH, "gb18030", "iso-8859-1", id="GB 18030 called Latin-1"),
        pytest.param(ZH, "gb18030", "utf-8", id="GB 18030 called UTF-8"),
        pytest.param(ZH, "gb18030", None, id="GB 18030 without a label"),
        pytest.param(ZH, "utf-8", "gb2312", id="UTF-8 called GB 2312"),
        pytest.param(ZH, "utf-8", "us-ascii", id="UTF-8 called ASCII"),
        pytest.param(ZH, "utf-8", "x-unknown", id="UTF-8 with an unknown label"),
        pytest.param(ZH_TW, "big5", "big5", id="Big5"),
        pytest.param("嘅唔該", "big5hkscs", "big5", id="Big5 of Hong Kong"),
        pytest.param("プリンターが壊れた", "iso-2022-jp", "iso-2022-jp", id="ISO-2022-JP"),
        pytest.param("プリンター", "euc-jp", "iso-2022-jp", id="EUC called ISO-2022-JP"),
        pytest.param("ツール", "shift-jis", None, id="Shift JIS without a label"),
        pytest.param("Принтер сломан", "koi8-r", "koi8-r", id="KOI8-R"),
        pytest.param("Müller für – “Grüße”", "cp1252", "iso-8859-1", id="Windows-1252 called Latin-1"),
        pytest.param("Müller für Grüße", "latin-1", None, id="Latin-1 without a label"),
        pytest.param("Müller für Grüße", "latin-1", "utf-8", id="Latin-1 called UTF-8"),
        pytest.param(ZH_TW, "big5", None, id="Big5 without a label"),
        pytest.param(ZH_TW, "big5", "us-ascii", id="Big5 called ASCII"),
        pytest.param(ZH_TW, "big5", "gb2312", id="Big5 called GB 2312"),
        pytest.param(ZH, "gb18030", "big5", id="GB 18030 called Big5"),
        pytest.param(ZH_TW, "gb18030", None, id="traditional characters in GB 18030 without a label"),
        pytest.param(JA, "euc-jp", None, id="EUC-JP without a label"),
        pytest.param(JA, "cp932", "utf-8", id="Shift JIS called UTF-8"),
        pytest.param(JA, "iso-2022-jp", None, id="ISO-2022-JP without a label"),
        pytest.param("프린터가 고장났습니다", "cp949", None, id="Korean without a label"),
        pytest.param(RU, "koi8-r", None, id="KOI8-R without a label"),
        pytest.param(RU, "cp1251", "iso-8859-1", id="Windows-1251 called Latin-1"),
        pytest.param("El señor está aquí, ¿él también?", "cp1252", None, id="single accents are no pairs of bytes"),
        pytest.param(ZH, "utf-16", None, id="UTF-16 with its mark"),
    ],
)
def test_a_wrong_label_does_not_spoil_the_text(text: str, written: str, label: str | None) -> None:
    assert decode(text.encode(written), label) == text


def test_signs_of_japanese_makers_are_read_though_no_codec_knows_them() -> None:
    assert decode(b"\x1b$B-!-j\x1b(B \x1b(IC=D\x1b(B", "iso-2022-jp") == "①㈱ ﾃｽﾄ"


def test_lines_of_another_charset_do_not_spoil_the_rest() -> None:
    footer = "本邮件及其附件含有保密信息，请勿转发\r\n".encode("gb18030")
    assert decode("打印机坏了\r\n".encode() + footer + b"caf\xe9\r\n", "utf-8") == (
        "打印机坏了\r\n本邮件及其附件含有保密信息，请勿转发\r\ncafé\r\n"
    )


@pytest.mark.parametrize("label", ["utf-7", "unicode-1-1-utf-7", "rot13", "unicode_escape", "idna", "punycode", "zlib"])
def test_a_label_that_could_hide_something_is_not_followed(label: str) -> None:
    assert codec(label) is None
    assert decode(b"+ADw-script+AD4-", label) == "+ADw-script+AD4-"


@pytest.mark.parametrize("label", sorted({*aliases, *aliases.values()}))
def test_no_label_that_python_knows_makes_the_reading_fail(label: str) -> None:
    assert isinstance(decode(b"\xff\xfe\x00a\x80", label), str)


def test_what_no_step_can_read_is_replaced_and_the_rest_kept() -> None:
    assert decode(ZH.encode() + b"\xff", "utf-8") == ZH + "\ufffd"


def test_controls_and_what_a_database_refuses_are_removed() -> None:
    assert clean("a\x00b\x07\ud800c\ufeff\td\r\ne\rf\u2028g\x85h") == "abc\td\ne\nf\ng\nh"


@given(
    st.binary(max_size=200),
    st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["gbk", "big5", "utf-16", "hz"])),
)
def test_any_bytes_become_text_that_can_be_stored(data: bytes, label: str | None) -> None:
    text = clean(decode(data, label))
    assert codecs.decode(text.encode("utf-8"), "utf-8") == text
    assert "\x00" not in text
