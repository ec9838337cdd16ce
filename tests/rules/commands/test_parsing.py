"""Commands on the first lines of an engineer's mail."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.commands.parsing import MOST_COMMANDS, Command, find_stray, parse_command, parse_commands
from rules.commands.verbs import BY_WORD, CHINESE, VERBS, Verb
from rules.language.writing import fold

ONE = [
    pytest.param("!note call him back", Command("note", "note", "call him back"), id="English"),
    pytest.param("！解决 更换了网线", Command("resolve", "解决", "更换了网线"), id="Chinese, full-width mark"),
    pytest.param(
        "\n\n!RESOLVE\nreplaced the cable\n", Command("resolve", "RESOLVE", "replaced the cable"), id="words below"
    ),
    pytest.param("!認領", Command("take", "認領", ""), id="Traditional Chinese, no words"),
    pytest.param("!優先順序 P1", Command("priority", "優先順序", "P1"), id="a word of Taiwan"),
    pytest.param("！解决　更换了网线", Command("resolve", "解决", "更换了网线"), id="a full-width blank behind it"),
    pytest.param("！解决：更换了网线", Command("resolve", "解决", "更换了网线"), id="a full-width colon behind it"),
    pytest.param("！解决更换了网线", Command("resolve", "解决", "更换了网线"), id="no blank behind a Chinese word"),
    pytest.param("！已解决更换 网线", Command("resolve", "已解决", "更换 网线"), id="the longest word is taken"),
    pytest.param("！轉給，李娜", Command("assign", "轉給", "李娜"), id="a comma behind it"),
    pytest.param("!resolve: new cable", Command("resolve", "resolve", "new cable"), id="a colon behind it"),
    pytest.param("! resolve new cable", Command("resolve", "resolve", "new cable"), id="a blank behind the mark"),
    pytest.param("！　解决 更换了网线", Command("resolve", "解决", "更换了网线"), id="a full-width blank behind it"),
    pytest.param("!take.", Command("take", "take", ""), id="a full stop is no part of it"),
    pytest.param("！ｔａｋｅ", Command("take", "ｔａｋｅ", ""), id="full-width letters"),
    pytest.param("!", Command(None, "", ""), id="a mark alone is no command, and told so"),
    pytest.param("!selfdestruct now", Command(None, "selfdestruct", "now"), id="a word that is no command"),
    pytest.param("!takeaway", Command(None, "takeaway", ""), id="English words are told apart"),
    pytest.param("Please note !resolve", None, id="a mark inside the line is no command"),
    pytest.param("Hello,\n!resolve", None, id="text before it makes it no command"),
    pytest.param("", None, id="an empty mail"),
]

SEVERAL = [
    pytest.param("!take\n!eta 15:30", (("take", ""), ("eta", "15:30")), id="one on each line"),
    pytest.param("!take\n\n \n！预计 15:30\n", (("take", ""), ("eta", "15:30")), id="blank lines between"),
    pytest.param(
        "!diagnose bad cable\n!resolve\nNew cable.\nTested.",
        (("diagnose", "bad cable"), ("resolve", "New cable.\nTested.")),
        id="what follows belongs to the last one",
    ),
    pytest.param("!take\r\n!left\r\ntwo cables", (("take", ""), ("left", "two cables")), id="lines of Windows"),
    pytest.param("!note he writes:\n> !close\n!close", (("note", "he writes:\n> !close\n!close"),), id="pasted text"),
    pytest.param("!tkae\n!eta 2h", ((None, ""), ("eta", "2h")), id="one that is not known does not hide the next"),
]


@pytest.mark.parametrize(("text", "command"), ONE)
def test_only_a_first_line_with_a_mark_is_a_command(text: str, command: Command | None) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(("text", "wanted"), SEVERAL)
def test_every_line_at_the_top_is_a_command(text: str, wanted: tuple[tuple[str | None, str], ...]) -> None:
    assert tuple((command.verb, command.text) for command in parse_commands(text)) == wanted


def test_of_a_flood_of_commands_only_so_many_are_read() -> None:
    assert len(parse_commands("!take\n" * 10_000)) == MOST_COMMANDS + 1


def test_a_command_below_the_text_is_noticed() -> None:
    assert find_stray(parse_commands("!resolve\nnew cable\n！关闭 电话确认")[0]) == "关闭"


@pytest.mark.parametrize("text", ["!resolve new cable", "!resolve\n!!! works", "!resolve\nsaid:\n> !close"])
def test_other_marks_below_are_only_text(text: str) -> None:
    assert find_stray(parse_commands(text)[0]) is None


def test_each_verb_has_a_word_in_chinese_and_no_word_means_two() -> None:
    assert set(CHINESE) == set(VERBS) == set(get_args(Verb))
    assert all(word == fold(word) for word in BY_WORD)
    assert all(BY_WORD[CHINESE[verb]] == BY_WORD[verb] == verb for verb in VERBS)


@given(st.text(alphabet="!！ \n\t:：take解决轉給ａ\r", max_size=60))
def test_any_text_is_read_and_no_word_of_it_is_lost(text: str) -> None:
    read = "".join(command.word + command.text for command in parse_commands(text))
    if parse_commands(text):
        assert [c for c in text if c.isalpha()] == [c for c in read if c.isalpha()]
    else:
        assert not text.lstrip().startswith(("!", "！"))
