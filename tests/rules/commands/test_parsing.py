"""Commands in the first line of an engineer's mail."""

from __future__ import annotations

import pytest

from rules.commands.parsing import Command, parse_command

COMMANDS = [
    pytest.param("!note call him back", Command("note", "note", "call him back"), id="English"),
    pytest.param("！解决 更换了网线", Command("resolve", "解决", "更换了网线"), id="Chinese, full-width mark"),
    pytest.param(
        "\n\n!RESOLVE\nreplaced the cable\n", Command("resolve", "RESOLVE", "replaced the cable"), id="words below"
    ),
    pytest.param("!認領", Command("take", "認領", ""), id="Traditional Chinese, no words"),
    pytest.param("！解决　更换了网线", Command("resolve", "解决", "更换了网线"), id="a full-width blank behind it"),
    pytest.param("！解决：更换了网线", Command("resolve", "解决", "更换了网线"), id="a full-width colon behind it"),
    pytest.param("!resolve: new cable", Command("resolve", "resolve", "new cable"), id="a colon behind it"),
    pytest.param("!", Command(None, "", ""), id="a mark alone is no command, and told so"),
    pytest.param("!selfdestruct now", Command(None, "selfdestruct", "now"), id="a word that is no command"),
    pytest.param("Please note !resolve", None, id="a mark inside the line is no command"),
    pytest.param("", None, id="an empty mail"),
]


@pytest.mark.parametrize(("text", "command"), COMMANDS)
def test_only_a_first_line_with_a_mark_is_a_command(text: str, command: Command | None) -> None:
    assert parse_command(text) == command
