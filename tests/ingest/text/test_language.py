"""The language of a text, by its script and its commonest words."""

from __future__ import annotations

import pytest

from ingest.text.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("打印机坏了，无法登录", "zh-Hans"),
        ("印表機壞了，無法登入", "zh-Hant"),
        ("VPN connection failed, error 809, 怎么办？请帮忙看一下", "zh-Hans"),
        ("The printer is on fire", "en"),
        ("vpn down again", "en"),
        ("No sound No sound in my headset.", "en"),
        ("Der Drucker geht nicht, bitte helfen", "de"),
        ("L'imprimante ne marche pas, merci de nous aider", "fr"),
        ("La impresora no funciona, gracias por la ayuda", "es"),
        ("プリンターが壊れました", "ja"),
        ("프린터가 고장났습니다", "ko"),
        ("Принтер не работает", "ru"),
        ("الطابعة لا تعمل", "ar"),
        ("12345 -> 0x80070005", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


def test_chinese_common_to_both_scripts_follows_the_declared_charset() -> None:
    assert language_of("你好", "big5") == "zh-Hant"
    assert language_of("你好", "gb2312") == "zh-Hans"


def test_addresses_tell_no_language() -> None:
    assert language_of("https://the.example/is/the/and you@the.example") == "und"


def test_chinese_around_an_address_is_chinese() -> None:
    assert language_of("请联系zhang@x.example谢谢，打印机坏了") == "zh-Hans"
