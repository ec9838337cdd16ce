"""One writing for all scripts, widths and cases."""

from __future__ import annotations

import pytest

from rules.language.writing import fold, to_traditional


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("VPN Down", "vpn down", id="capitals"),
        pytest.param("ＶＰＮ　１２", "vpn 12", id="full-width letters, digits and space"),
        pytest.param("無法登入系統", "无法登入系统", id="Traditional Chinese"),
        pytest.param("STRASSE Straße", "strasse strasse", id="a letter that folds into two"),
        pytest.param("ﾌﾟﾘﾝﾀ", "プリンタ", id="half-width kana"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_writing_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        pytest.param("打不开", "打不開", id="Simplified Chinese"),
        pytest.param("打不開", "打不開", id="what is in Traditional already"),
        pytest.param("VPN", "VPN", id="what is neither"),
    ],
)
def test_a_word_is_shown_in_traditional_chinese(text: str, traditional: str) -> None:
    assert to_traditional(text) == traditional
