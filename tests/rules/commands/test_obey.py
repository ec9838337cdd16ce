"""What every command has in common: its Chinese twins, and what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.commands.verbs import BY_WORD
from rules.fold import fold
from tests.rules.commands.scene import HE, OPENED, after, changed, letter, lines, results, told, writes
from tests.samples import CHEN, DING, LI, ZHAO

if TYPE_CHECKING:
    from rules.facts import Facts

VISIT = after("!arrived")
OWED = after("!left")
ASKED = after("!escalate")

TWINS = [
    pytest.param(OPENED, LI, ("!take", "！认领", "！認領"), id="take"),
    pytest.param(OPENED, LI, ("!resolve new cable", "！解决：new cable", "！解決　new cable"), id="resolve"),
    pytest.param(OPENED, LI, ("!assign Wang Wei", "！转给 Wang Wei", "！轉給 wang@desk.example"), id="assign"),
    pytest.param(OPENED, LI, ("!wait requester", "！等待 用户", "！等待 使用者"), id="wait"),
    pytest.param(OPENED, LI, ("!wait vendor", "！等待 供应商", "！等待 廠商"), id="wait for the vendor"),
    pytest.param(OPENED, LI, ("!line second", "！转线 二线", "！轉線 二線"), id="line"),
    pytest.param(OPENED, LI, ("!line up", "！转线 上一级", "！轉線 上一級"), id="line up"),
    pytest.param(OPENED, CHEN, ("!priority P1", "！优先级 紧急", "！優先順序 緊急"), id="priority"),
    pytest.param(OPENED, CHEN, ("!priority up", "！优先级 提高", "！優先級 調高"), id="priority up"),
    pytest.param(OPENED, LI, ("!category software", "！分类 软件", "！分類 軟體"), id="category"),
    pytest.param(OPENED, LI, ("!eta tomorrow 15:30", "！预计 明天 15：30", "！預計 明天下午3點半"), id="eta"),
    pytest.param(OPENED, LI, ("!eta 2h", "！预计 2小时", "！預計 兩小時"), id="eta in hours"),
    pytest.param(
        OPENED, LI, ("!diagnose software: bug", "！诊断 软件：bug", "！診斷 軟體：bug"), id="diagnose with a category"
    ),
    pytest.param(OPENED, LI, ("!note it is old", "！备注 it is old", "！備註 it is old"), id="note"),
    pytest.param(OPENED, LI, ("!escalate stuck", "！升级 stuck", "！升級 stuck"), id="escalate"),
    pytest.param(ASKED, DING, ("!approve go", "！批准 go", "！核准 go"), id="approve"),
    pytest.param(ASKED, DING, ("!reject no", "！驳回 no", "！駁回 no"), id="reject"),
    pytest.param(OPENED, CHEN, ("!review P1 software", "！复核 紧急 软件", "！複核 軟體 緊急"), id="review"),
    pytest.param(OPENED, LI, ("!arrived room 4", "！到场 room 4", "！到場 room 4"), id="arrived"),
    pytest.param(VISIT, LI, ("!left two cables", "！离场 two cables", "！離場 two cables"), id="left"),
    pytest.param(OWED, LI, ("!report visit_report done", "！报告 现场报告 done", "！報告 現場報告：done"), id="report"),
    pytest.param(OPENED, LI, ("!owe article", "！待写 知识文章", "！待寫 知識文章"), id="owe"),
    pytest.param(OPENED, CHEN, ("!close by phone", "！关闭 by phone", "！結案 by phone"), id="close"),
    pytest.param(OPENED, LI, ("!for bob@corp.example", "！代报 bob@corp.example", "！代報 bob@corp.example"), id="for"),
    pytest.param(OPENED, LI, ("!help", "！帮助", "！說明"), id="help"),
]


@pytest.mark.parametrize(("facts", "by", "texts"), TWINS)
def test_a_command_does_the_same_in_each_language(facts: Facts, by: str, texts: tuple[str, str, str]) -> None:
    english, *chinese = (writes(text, by, facts=facts) for text in texts)
    for decision in chinese:
        assert results(decision) == results(english)
        assert decision.events[1:] == english.events[1:]
        assert told(decision) == told(english)


@pytest.mark.parametrize(("facts", "by", "texts"), TWINS)
def test_what_was_done_is_told_and_what_was_not_says_so(facts: Facts, by: str, texts: tuple[str, str, str]) -> None:
    for text in texts:
        decision = writes(text, by, facts=facts)
        assert decision.verdict == "command"
        assert not results(decision)[0].startswith("not done")


LEFT_UNDONE = [
    pytest.param("!resolve", LI, id="no solution"),
    pytest.param("!assign", CHEN, id="nobody"),
    pytest.param("!assign Nobody", CHEN, id="nobody known"),
    pytest.param("!assign Li Na", CHEN, id="who has it already"),
    pytest.param("!line", LI, id="no line"),
    pytest.param("!line first", LI, id="the line it is on"),
    pytest.param("!line fifth", LI, id="no such line"),
    pytest.param("!priority", CHEN, id="no level"),
    pytest.param("!priority P9", CHEN, id="no such level"),
    pytest.param("!priority P4", CHEN, id="the level it has"),
    pytest.param("!priority down", CHEN, id="below the lowest"),
    pytest.param("!category", LI, id="no category"),
    pytest.param("!category furniture", LI, id="no such category"),
    pytest.param("!category network", LI, id="the category it has"),
    pytest.param("!eta", LI, id="no time"),
    pytest.param("!eta soon", LI, id="no time that anybody knows"),
    pytest.param("!eta today 9:00", LI, id="a time that is past"),
    pytest.param("!diagnose", LI, id="no diagnosis"),
    pytest.param("!diagnose sofware: bug", LI, id="a category that is misspelt"),
    pytest.param("!note", LI, id="no words"),
    pytest.param("!approve", CHEN, id="no approval asked"),
    pytest.param("!review P9", CHEN, id="no level to review"),
    pytest.param("!findings nothing", CHEN, id="no complaint"),
    pytest.param("!decide nothing", HE, id="no complaint to decide"),
    pytest.param("!report", LI, id="nothing owed"),
    pytest.param("!owe", LI, id="nothing named"),
    pytest.param("!owe analysis", LI, id="not of such a ticket"),
    pytest.param("!close", CHEN, id="no reason"),
    pytest.param("!for", LI, id="no address"),
    pytest.param("!for Bob", LI, id="a name alone"),
    pytest.param("!for bob@-corp-.example", LI, id="no domain"),
    pytest.param("!for alice@corp.example", LI, id="who is the requester"),
]


@pytest.mark.parametrize(("text", "by"), LEFT_UNDONE)
def test_what_cannot_be_done_changes_nothing_and_says_why(text: str, by: str) -> None:
    decision = writes(text, by)
    (result,) = results(decision)
    assert result.startswith(("not done: ", "未执行：", "未執行："))
    assert changed(decision) == ()
    assert told(decision) == set()


def test_what_one_mail_does_is_told_to_a_colleague_in_one_letter() -> None:
    decision = writes("!priority P1\n!category software", CHEN)
    assert told(decision) == {(LI, "message"), (ZHAO, "assigned")}
    assert str(letter(decision, "message").data["text"]).splitlines() == [
        "the level is Urgent, it was P4",
        "the category is Software; it goes to hardware, to Zhao Lei",
    ]


TEXTS = st.lists(
    st.sampled_from(
        [f"!{word}" for word in BY_WORD]
        + ["\n", " ", "P1", "network:", "vendor", "wang", "2h", "15:30", "visit_report", "bob@corp.example", "x", "up"]
    ),
    max_size=12,
).map(" ".join)


@given(
    text=TEXTS.map(lambda text: f"!note\n{text}" if text.startswith("!") else f"!{text}"),
    by=st.sampled_from([LI, CHEN, DING]),
)
@settings(max_examples=150)
def test_whatever_is_written_the_ticket_is_what_its_events_add_up_to(text: str, by: str) -> None:
    decision = writes(text, by)
    ticket = OPENED.tickets[1]
    for event in decision.events:
        ticket = fold(ticket, event)
    assert ticket == decision.ticket
    assert all(command and result for command, result in lines(decision))
