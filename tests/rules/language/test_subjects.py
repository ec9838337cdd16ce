"""Prefixes of subjects."""

from __future__ import annotations

import pytest

from rules.language.subjects import bare_subject, is_forward

SUBJECTS = [
    pytest.param("Re: VPN is down", "VPN is down", id="an English reply"),
    pytest.param("RE: Re: FW: VPN is down", "VPN is down", id="several, mixed"),
    pytest.param("回复：打印机卡纸", "打印机卡纸", id="Outlook in Chinese, full-width colon, no space"),
    pytest.param("答复: 回复: 打印机卡纸", "打印机卡纸", id="two Chinese ones with half-width colons"),
    pytest.param("回覆：[202611-001] 印表機卡紙", "印表機卡紙", id="Traditional Chinese, with our number"),
    pytest.param("Fwd: [202611-001] P3 VPN is down", "VPN is down", id="our letter to an engineer, forwarded"),
    pytest.param("Re[2]: VPN", "VPN", id="a counter"),
    pytest.param("AW: VPN", "VPN", id="German"),
    pytest.param("转发：周报", "周报", id="a Chinese forward"),
    pytest.param("Report: numbers are wrong", "Report: numbers are wrong", id="a word that only begins like one"),
    pytest.param("关于回复：的问题", "关于回复：的问题", id="a prefix in the middle stays"),
    pytest.param("Re:", "", id="nothing but a prefix"),
]


@pytest.mark.parametrize(("subject", "bare"), SUBJECTS)
def test_prefixes_come_off(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_a_forward_is_told_from_a_reply() -> None:
    assert is_forward("转发：Re: VPN")
    assert not is_forward("Re: 转发：VPN")
