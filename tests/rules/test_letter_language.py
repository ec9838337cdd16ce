from __future__ import annotations

import pytest

from rules.letter import letter_language


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        pytest.param("zh-Hans", "zh-CN", id="Simplified Chinese"),
        pytest.param("zh-HK", "zh-TW", id="the Chinese of Hong Kong is written in Traditional characters"),
        pytest.param("en", "en", id="English"),
        pytest.param("de", "en", id="English for who writes German to a Chinese desk"),
        pytest.param("ja", "en", id="and for who writes Japanese"),
        pytest.param("und", "zh-CN", id="the desk's where a mail has too few words"),
        pytest.param("", "zh-CN", id="or nobody has written yet"),
    ],
)
def test_a_letter_is_in_the_likeliest_language(language: str, wanted: str) -> None:
    assert letter_language(language, otherwise="zh-CN") == wanted
