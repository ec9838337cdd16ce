"""What the desk says of commands: every example can be sent as it stands, in every language."""

from __future__ import annotations

from string import Formatter

import pytest

from rules.change import Change
from rules.commands.answers import usage
from rules.commands.parsing import parse_command
from rules.commands.verbs import VERBS, Verb
from rules.language.sayings import SENTENCES
from rules.language.sentences import commands
from rules.letter import LETTER_LANGUAGES, LetterLanguage
from rules.letters.naming import name_values
from tests.rules.commands.scene import OPENED, RULEBOOK, SUN, after, results, writes
from tests.samples import CHEN, NOW


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_every_example_is_the_command_that_it_is_for(verb: Verb, language: LetterLanguage) -> None:
    change = Change(facts=OPENED, rulebook=RULEBOOK, now=NOW, before=OPENED.tickets[1])
    shown = name_values({"text": usage(change, verb)}, RULEBOOK, language)["text"]
    command = parse_command(str(shown))
    assert command is not None
    assert command.verb == verb


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
@pytest.mark.parametrize("verb", ["line", "priority", "category", "eta", "diagnose", "owe", "review"])
def test_every_example_with_a_name_in_it_is_understood(verb: Verb, language: LetterLanguage) -> None:
    change = Change(facts=OPENED, rulebook=RULEBOOK, now=NOW, before=OPENED.tickets[1])
    shown = str(name_values({"text": usage(change, verb)}, RULEBOOK, language)["text"])
    assert not results(writes(shown, CHEN))[0].startswith("not done")


@pytest.mark.parametrize("row", commands.ROWS, ids=lambda row: row[0])
def test_every_sentence_says_the_same_in_three_languages(row: tuple[str, str, str, str]) -> None:
    fields = [{name for _, name, _, _ in Formatter().parse(sentence) if name} for sentence in row[1:]]
    assert fields[0] == fields[1] == fields[2]
    assert set(SENTENCES[row[0]]) == set(LETTER_LANGUAGES)


def test_no_key_is_used_twice() -> None:
    assert len({row[0] for row in commands.ROWS}) == len(commands.ROWS)


MEANT = [
    pytest.param("!tkae", "not done: tkae is no command; did you mean !take? !help lists them", id="letters swapped"),
    pytest.param("!asign Wang", "did you mean !assign", id="a letter left out"),
    pytest.param("！帮忙", "did you mean !help?", id="a wrong character"),
    pytest.param("!selfdestruct", "not done: selfdestruct is no command; !help lists them", id="like none"),
    pytest.param("!", "is no command", id="a mark alone"),
    pytest.param(f"!{'x' * 5000}", "is no command", id="endless"),
]


@pytest.mark.parametrize(("text", "wanted"), MEANT)
def test_a_word_that_is_no_command_is_told_what_may_be_meant(text: str, wanted: str) -> None:
    decision = writes(text)
    assert wanted in results(decision)[0]
    assert len(results(decision)[0]) < 200


def test_it_is_told_in_the_readers_language() -> None:
    assert results(writes("！帮忙", SUN)) == ("未执行：没有指令“帮忙”，是不是 !帮助？!帮助 可列出全部",)


def test_each_command_of_a_mail_is_answered_and_one_that_fails_stops_none() -> None:
    decision = writes("!tkae\n!diagnose bad cable\n!eta 2h\nI bring a new one.")
    assert [text.partition(";")[0] for text in results(decision)] == [
        "not done: tkae is no command",
        "the diagnosis is recorded",
        "expected by 2026-11-23 12:00",
    ]


def test_a_command_below_text_is_not_obeyed_and_told_so() -> None:
    decision = writes("!note\nthe user said\n!close now", CHEN)
    assert results(decision)[0] == "noted inside the desk"
    assert "commands stand on the first lines" in results(decision)[1]


def test_a_flood_of_commands_is_cut() -> None:
    shown = results(writes("!note again and again\n" * 500))
    assert len(shown) == 21
    assert "20 commands" in shown[-1]


def test_what_is_pasted_behind_a_command_is_never_a_template() -> None:
    assert "{number}" in results(writes("!assign {number}", CHEN))[0]
    assert after("!note {why} %s {0}").tickets[1].open
