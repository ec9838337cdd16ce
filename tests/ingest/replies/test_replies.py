"""Only what is new: the marks of the common mail programs, one sample each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.replies.replies import what_is_new
from ingest.text.html import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_samples(name: str) -> Iterator[tuple[str, str, str]]:
    """What each sample shows, the mail, and what is new in it: `=== what it shows`, the mail, `+++`, what is new."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    text = text.replace("{NNBSP}", "\u202f").replace("{BOM}", "\ufeff")
    for sample in text.split("=== ")[1:]:
        title, _, rest = sample.partition("\n")
        mail, _, new = rest.partition("\n+++\n")
        yield title, mail, new


WRITTEN = list(read_samples("replies_written.txt"))

NEW = "It is still broken.\n\nRegards\nAda"
NEW_ZH = "还是打不开。\n\n张伟"
OLD = "Have you tried another cable?"


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param("On Fri, Nov 20, 2026 at 9:00 AM Desk <desk@d.example> wrote:\n\n> {old}", id="Gmail"),
        pytest.param(
            "On Fri, Nov 20, 2026 at 9:00 AM The Desk of Everything <\ndesk@d.example> wrote:\n> {old}",
            id="Gmail, wrapped",
        ),
        pytest.param("> On 20 Nov 2026, at 09:00, Desk <desk@d.example> wrote:\n>\n> {old}", id="Apple"),
        pytest.param("On 20.11.26 09:00, Desk wrote:\n> {old}", id="Thunderbird"),
        pytest.param("-------- Original Message --------\n{old}", id="Thunderbird, whole"),
        pytest.param(
            "From: Desk <desk@d.example>\nSent: Friday, 20 November 2026 09:00\nTo: Ada\nSubject: RE: Screen\n\n{old}",
            id="Outlook",
        ),
        pytest.param(
            "________________________________\nFrom: Desk\nSent: Friday 9:00\nTo: Ada\nSubject: Screen\n\n{old}",
            id="Outlook with a rule",
        ),
        pytest.param("*From:* Desk\n*Sent:* Friday\n*To:* Ada\n*Subject:* Screen\n\n{old}", id="Outlook in bold"),
        pytest.param("-----Original Message-----\nFrom: Desk\n\n{old}", id="Outlook, old"),
        pytest.param("Von: Desk\nGesendet: Freitag\nAn: Ada\nBetreff: Bild\n\n{old}", id="Outlook in German"),
        pytest.param(
            "发件人: 服务台 <desk@d.example>\n发送时间: 2026年11月20日 9:00\n收件人: 张伟\n主题: 屏幕\n\n{old}",
            id="Outlook in Chinese",
        ),
        pytest.param(
            "寄件者： 服務台\n寄件日期： 2026年11月20日\n收件者： 張偉\n主旨： 螢幕\n\n{old}",
            id="Outlook in Traditional Chinese",
        ),
        pytest.param('------------------ 原始邮件 ------------------\n发件人: "服务台";\n\n{old}', id="QQ"),
        pytest.param(
            "   原始邮件\n\n发件人：服务台\n发件时间：2026年11月20日\n收件人：张伟\n主题：屏幕\n\n{old}", id="QQ, new"
        ),
        pytest.param("发件人： desk\n发送时间： 2026-11-20 09:00\n收件人： zhang\n主题： 屏幕\n{old}", id="Foxmail"),
        pytest.param('在 2026-11-20 09:00:00，"服务台" <desk@d.example> 写道：\n>{old}', id="NetEase"),
        pytest.param(
            "---- 回复的原邮件 ----\n| 发件人 | 服务台 |\n| 日期 | 2026年11月20日 |\n{old}", id="NetEase, table"
        ),
        pytest.param('At 2026-11-20 09:00:00, "Desk" <desk@d.example> wrote:\n\n{old}', id="NetEase in English"),
        pytest.param(
            "----------------------------\n发件人：服务台\n日　期：2026年11月20日\n收件人：张伟\n主　题：屏幕\n{old}",
            id="DingTalk",
        ),
        pytest.param("---Original---\nFrom: desk\nDate: Fri\nTo: zhang\nSubject: x\n\n{old}", id="WeCom"),
        pytest.param("服务台 <desk@d.example> 于2026年11月20日周五 09:00写道：\n\n> {old}", id="Gmail in Chinese"),
        pytest.param("> 在 2026年11月20日，上午9:00，服务台 写道：\n>\n> {old}", id="Apple in Chinese"),
        pytest.param("Le 20 nov. 2026 à 09:00, Desk a écrit :\n> {old}", id="Apple in French"),
        pytest.param("El vie, 20 nov 2026 a las 9:00, Desk (<d@d.example>) escribió:\n> {old}", id="Gmail in Spanish"),
        pytest.param(
            "---------- Forwarded message ---------\nFrom: Desk\n\n{old}", id="forwarded by Gmail, with a word above"
        ),
    ],
)
@pytest.mark.parametrize("new", [NEW, NEW_ZH], ids=["English", "Chinese"])
def test_the_quoted_mail_is_left_out(mark: str, new: str) -> None:
    assert what_is_new(f"{new}\n\n{mark.format(old=OLD)}\n") == new


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAda Ng\nFloor 3",
        "--\nAda",
        "Sent from my iPhone",
        "发自我的iPhone",
        "發自我的 iPhone",
        "Get Outlook for iOS<https://o.example>",
        "获取 Outlook for Android",
        "Gesendet mit der Mail App",
        "*****",
        "傳送自我的 iPhone",
        "| |\n张伟\n|\nzhang@x.example\n|\n签名由网易邮箱大师定制",
    ],
)
def test_the_signature_is_left_out(signature: str) -> None:
    assert what_is_new(f"Broken again.\n\n{signature}\n") == "Broken again."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "The log says\nFrom: header missing\nSubject: header missing\nplease help", id="lines that name headers"
        ),
        pytest.param("On this day\n\nI wrote something\n\nthat mattered.", id="words that begin like an attribution"),
        pytest.param("At 9:00 the server stopped. Here is what it wrote", id="a sentence that ends in wrote"),
        pytest.param("> Which cable?\nThe blue one.\n> Since when?\nMonday.", id="answers line by line"),
        pytest.param("Yes.\n\n> Which cable?\n\nThe blue one.", id="a quote in the middle"),
        pytest.param("> only quoted", id="nothing but a quote"),
        pytest.param(
            "First\n--\n" + "\n".join(f"step {n} of the plan" for n in range(40)), id="a long text under two hyphens"
        ),
        pytest.param("From: a\nSent: b\nTo: c\nSubject: d\n\nforwarded as it is", id="nothing but a forward"),
        pytest.param("```\n# --- not a mark\n####\n```", id="a program"),
    ],
)
def test_what_a_person_wrote_stays(text: str) -> None:
    assert what_is_new(text) == text


def test_an_answer_under_the_quote_is_what_is_new() -> None:
    text = "On Fri, Nov 20, 2026 at 9:00 AM Desk <d@d.example> wrote:\n> Which cable?\n> Thanks\n\nThe blue one."
    assert what_is_new(text) == "The blue one."


def test_answers_between_quotes_stay_with_what_they_answer() -> None:
    text = "See below.\n\nOn 20 Nov 2026, Desk <d@d.example> wrote:\n> Which cable?\nThe blue one.\n> Thanks"
    assert what_is_new(text) == "See below.\n\n> Which cable?\nThe blue one."


def test_a_line_that_a_gateway_wrapped_is_no_answer() -> None:
    quoted = "> this quoted line is so long that some gateway on its way wrapped the\nend of it.\n> And on it goes."
    assert what_is_new(f"Done.\n\nOn 20 Nov 2026, Desk <d@d.example> wrote:\n{quoted}") == "Done."


@pytest.mark.parametrize(("mail", "new"), [pytest.param(mail, new, id=name) for name, mail, new in WRITTEN])
def test_what_a_person_wrote_is_told_from_what_the_program_added(mail: str, new: str) -> None:
    got = [line for line in what_is_new(mail).split("\n") if line.strip()]
    assert got == [line for line in new.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("mail", "new"), [pytest.param(mail, new, id=name) for name, mail, new in read_samples("replies_in_html.txt")]
)
def test_the_same_holds_for_replies_in_html(mail: str, new: str) -> None:
    got = [line.strip() for line in what_is_new(text_of(mail)[0]).split("\n") if line.strip()]
    assert got == new.strip().split("\n")


@given(st.text(alphabet="> \n-_:abFrom wrote202/@<", max_size=300))
def test_a_text_with_words_never_becomes_empty(text: str) -> None:
    assert bool(what_is_new(text).strip()) == bool(text.strip())


@given(st.lists(st.sampled_from(["words", "> old", "--", "From: a@b", "Date: 2026-11-20", "To: c", "Subject: d", ""])))
def test_every_line_kept_is_a_line_of_the_mail_in_its_order(lines: list[str]) -> None:
    rest = iter(lines)
    assert all(line in rest for line in what_is_new("\n".join(lines)).split("\n") if line)
