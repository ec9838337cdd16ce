"""A rulebook that starts from another one and says only what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rules.rulebook_files.extending import LONGEST_CHAIN
from rules.rulebook_files.reading import RulebookError, read_rulebook
from rules.rulebook_files.text import RulebookText
from tests.rules.rulebook_texts import WHOLE, changed, line_of

if TYPE_CHECKING:
    from rules.rulebook import Rulebook

HEAD = 'name = "ours"\nextends = "small"\n'


def read(text: str, *, head: str = HEAD, base: str = WHOLE, **others: str) -> Rulebook:
    shelf = {"small": base, **others}

    def find_base(written: str, _of: str) -> RulebookText:
        if written not in shelf:
            raise ValueError(f"there is no {written!r}")
        return RulebookText(f"{written}.toml", shelf[written])

    return read_rulebook(head + text, name="ours.toml", find_base=find_base)


def problems_of(text: str, *, head: str = HEAD, base: str = WHOLE, **others: str) -> list[str]:
    with pytest.raises(RulebookError) as refused:
        read(text, head=head, base=base, **others)
    return [str(problem) for problem in refused.value.problems]


def test_what_is_not_written_is_taken_over() -> None:
    ours, small = read(""), read_rulebook(WHOLE, name="small.toml")
    told = {"name": "ours", "extends": "small"}
    assert ours == small.model_copy(update=told)


def test_what_is_written_again_changes_nothing() -> None:
    ours = read("", head=f'extends = "small"\n{WHOLE}')
    assert ours.model_copy(update={"extends": None}) == read_rulebook(WHOLE, name="small.toml")


def test_tables_are_merged_key_by_key() -> None:
    ours = read('[calendars.office]\ntue = ["09:00-17:00"]\n[teams.printers]\n[priority.by_kind]\ncomplaint = "P1"')
    assert [len(shifts) for shifts in ours.calendars["office"].week] == [2, 1, 0, 0, 0, 0, 0]
    assert list(ours.teams) == ["desk", "network", "printers"]
    assert ours.priority.by_kind == {"question": "P2", "complaint": "P1"}


def test_a_plain_list_takes_the_place_of_the_other() -> None:
    ours = read('[calendars.office]\nmon = ["10:00-11:00"]')
    assert len(ours.calendars["office"].mon) == 1


def test_clocks_are_merged_by_their_name_in_the_order_they_had() -> None:
    ours = read('[[clocks]]\nname = "handover"\nstops = "assigned"\nlimit = { P1 = "5m" }\n'
                '[[clocks]]\nname = "response"\nlimit = { P1 = "10m" }')  # fmt: skip
    assert [clock.name for clock in ours.clocks] == ["response", "progress", "handover"]
    assert {level: str(limit) for level, limit in ours.clocks[0].limit.items()} == {"P1": "10m", "P2": "4wh"}


@pytest.mark.parametrize(
    ("words", "merged"),
    [
        pytest.param('4 = ["citrix"]', {"vpn": 3, "网络": 3, "citrix": 4}, id="a new word, by weight"),
        pytest.param("citrix = 4", {"vpn": 3, "网络": 3, "citrix": 4}, id="a new word, one by one"),
        pytest.param('3 = ["citrix"]', {"vpn": 3, "网络": 3, "citrix": 3}, id="the same weight hides no other word"),
        pytest.param('5 = ["vpn"]', {"网络": 3, "vpn": 5}, id="another weight of a word, by weight"),
        pytest.param("vpn = 5", {"网络": 3, "vpn": 5}, id="another weight of a word, one by one"),
    ],
)
def test_words_are_merged_one_by_one(words: str, merged: dict[str, float]) -> None:
    assert read(f"[categories.network.words]\n{words}").categories["network"].words == merged


def test_what_is_removed_is_not_taken_over() -> None:
    removed = [
        "clocks.progress",
        "escalations.second-report",
        "categories.network.words.vpn",
        "clocks.response.limit.P2",
    ]
    ours = read(f"remove = {removed}")
    assert [clock.name for clock in ours.clocks] == ["response"]
    assert list(ours.clocks[0].limit) == ["P1"]
    assert [rung.name for rung in ours.escalations] == ["late-response"]
    assert ours.categories["network"].words == {"网络": 3}


def test_what_is_removed_may_be_written_anew() -> None:
    ours = read('remove = ["categories.network.words"]\n[categories.network.words]\n3 = ["citrix"]')
    assert ours.categories["network"].words == {"citrix": 3}


def test_a_name_with_a_dot_is_removed_in_quotes() -> None:
    base = changed(('3 = ["vpn", "网络"]', '3 = ["vpn", "tel."]'))
    ours = read("remove = ['categories.network.words.\"tel.\"']", base=base)
    assert ours.categories["network"].words == {"vpn": 3}


def test_examples_tell_of_their_own_file() -> None:
    example = '\n[[examples]]\nmail = { text = "vpn" }\nwanted = { category = "network" }\n'
    assert read("", base=WHOLE + example).examples == ()
    assert len(read(example, base=WHOLE + example).examples) == 1


def test_one_may_start_from_one_that_starts_from_another() -> None:
    ours = read(
        'language = "zh-CN"', head='name = "ours"\nextends = "middle"\n', middle='extends = "small"\nname = "m"'
    )
    assert (ours.name, ours.language, ours.desk_team) == ("ours", "zh-CN", "desk")


def test_mistakes_stand_on_their_own_lines_though_their_tables_move() -> None:
    text = (
        'remove = ["clocks.progres"]\n'
        '[calendars.office]\ntue = ["9-12"]\n'
        '[[clocks]]\nname = "arrival"\nstops = "arives"\nlimit = { P1 = "1h" }\n'
        '[[clocks]]\nname = "response"\nlimit = { P9 = "10m" }\n'
        '[categories.network.words]\n3 = ["citrix", "citrix"]\n'
    )
    told = problems_of(text)
    for key, part in (
        ("remove[0]: 'clocks.progres' is not in small.toml; did you mean 'clocks.progress'?", "remove"),
        ("calendars.office.tue[0]: ", "tue"),
        ("clocks[0].stops: ", "stops"),
        ("clocks[1].limit.P9: ", "P9"),
        ("categories.network.words: 'citrix' is written twice", "[categories.network.words]"),
    ):
        line = line_of(HEAD + text, part)
        assert any(each.startswith(f"ours.toml:{line}: {key}") for each in told), (key, told)
    lines = [int(each.split(":")[1]) for each in told]
    assert lines == sorted(lines)


def test_what_no_longer_fits_is_told_where_it_was_taken_over() -> None:
    told = problems_of("remove = ['clocks.progress']\n[priority]\nlevels = ['P1']")
    line = line_of(WHOLE, 'limit = { P1 = "30m"')
    assert f"ours.toml:2: clocks[0].limit.P2: 'P2' is no level (taken over from small.toml:{line})" in told
    assert all(each.startswith("ours.toml:2: ") for each in told)


def test_lines_are_right_behind_what_was_removed() -> None:
    told = problems_of("remove = ['escalations.second-report', 'clocks.response']")
    line = line_of(WHOLE, 'clock = "response"\ntell')
    says = "escalations[1].clock: 'response' is no clock of [[clocks]], nor of [[owed]]"
    assert told == [f"ours.toml:2: {says} (taken over from small.toml:{line})"]


@pytest.mark.parametrize(
    ("head", "says"),
    [
        pytest.param('extends = "large"\n', "extends: there is no 'large'", id="a rulebook that is not there"),
        pytest.param('extends = "loop"\n', "loop.toml:1: extends: 'loop' starts from this very", id="itself"),
        pytest.param("extends = 3\n", "extends: it must be text in quotes", id="a number"),
        pytest.param('extends = "small"\nremove = "clocks"\n', "remove: it must be a list", id="no list to remove"),
        pytest.param('extends = "small"\nremove = [""]\n', "remove[0]: '' is not in small.toml", id="an empty path"),
        pytest.param('remove = ["clocks"]\n', "remove: there is nothing to remove from", id="removing from nothing"),
        pytest.param('extends = "broken"\n', "broken.toml:1: ", id="a rulebook that is no TOML"),
    ],
)
def test_what_cannot_be_taken_over_is_told(head: str, says: str) -> None:
    told = problems_of("", head=head, loop='extends = "loop"', broken="[[[")
    assert any(says in each for each in told), told


def test_a_chain_has_an_end() -> None:
    chain = {f"book{number}": f'extends = "book{number + 1}"' for number in range(LONGEST_CHAIN + 1)}
    [told] = problems_of("", head='extends = "book0"\n', **chain)
    assert "rulebooks start from each other" in told


def test_tables_that_nest_without_end_are_refused() -> None:
    deep = ".".join("a" * 5_000)
    assert any("there is no such key" in each for each in problems_of(f"[{deep}]\n", base=f"{WHOLE}\n[{deep}]\n"))


def test_without_a_shelf_nothing_is_extended() -> None:
    with pytest.raises(RulebookError, match=r"ours\.toml:2: extends: 'small' cannot be found from here"):
        read_rulebook(HEAD, name="ours.toml")
