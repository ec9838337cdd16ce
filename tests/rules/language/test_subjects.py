"""Prefixes of subjects."""

from __future__ import annotations

import pytest

from rules.language.subjects import bare_subject, outer_prefix

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
    pytest.param("Re(3): VPN", "VPN", id="a counter in parentheses"),
    pytest.param("RE^2: VPN", "VPN", id="a counter after a caret"),
    pytest.param("回复（2）：打印机卡纸", "打印机卡纸", id="a counter in full-width parentheses"),
    pytest.param("转发: 答复: 打印机卡纸", "打印机卡纸", id="a forward of an answer"),
    pytest.param("轉寄: 回覆: 印表機卡紙", "印表機卡紙", id="the same in Traditional Chinese"),
    pytest.param("SV: AW: RES: Odp: TR: VPN", "VPN", id="Swedish, German, Portuguese, Polish, French"),
    pytest.param("[staff] Re: VPN", "[staff] VPN", id="a prefix behind the label of a list"),
    pytest.param("Re: [staff] Re: [staff] VPN", "[staff] VPN", id="a label that is there twice"),
    pytest.param("【紧急】打印机坏了", "【紧急】打印机坏了", id="a label of the sender's own"),
    pytest.param("[EXT] Re: VPN", "VPN", id="the mark of a gateway"),
    pytest.param("回复：【外部邮件】打印机", "打印机", id="the mark of a Chinese gateway"),
    pytest.param("[Fwd: Re: VPN [new]]", "VPN [new]", id="Netscape's forward in brackets"),
    pytest.param("返信: プリンタ", "プリンタ", id="Japanese"),
    pytest.param("Track: where is it", "Track: where is it", id="a word that begins like the French forward"),
    pytest.param("Incident: VPN", "Incident: VPN", id="a word that begins like the Italian forward"),
]


@pytest.mark.parametrize(("subject", "bare"), SUBJECTS)
def test_prefixes_come_off(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


@pytest.mark.parametrize(
    ("subject", "prefix"),
    [
        ("转发：Re: VPN", "forward"),
        ("Re: 转发：VPN", "reply"),
        ("轉寄: VPN", "forward"),
        ("WG: VPN", "forward"),
        ("TR : VPN", "forward"),
        ("Fwd: Re: VPN", "forward"),
        ("[staff] FW: VPN", "forward"),
        ("【外部】转发: VPN", "forward"),
        ("[Fwd: VPN]", "forward"),
        ("AW: WG: VPN", "reply"),
        ("VPN", None),
        ("Forward: the printer", None),
    ],
)
def test_the_outermost_prefix_tells_a_forward_from_an_answer(subject: str, prefix: str | None) -> None:
    assert outer_prefix(subject) == prefix


@pytest.mark.parametrize("part", ["Re: ", "[x] ", "[", "Re[1]: ", "【外部】"])
def test_a_very_long_subject_takes_no_time(part: str) -> None:
    assert len(bare_subject(part * 5000)) <= len(part) * 5000
