from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.words import Vocabulary

WORDS = Vocabulary(
    [
        ("category", "network", {"VPN": 3, "网络": 3, "wi-fi": 3}),
        ("category", "software", {"install": 3, "access": 1, "battery app": 2}),
        ("category", "hardware", {"打印机": 3, "paper jam": 4, "battery": 2, "box": 1, "打印": 2}),
        ("kind", "request", {"please install": 4}),
        ("urgency", "high", {"urgent": 1, "急": 1, "can't work": 1}),
        ("urgency", "low", {"not urgent": 1, "不急": 1}),
    ]
)


def told(text: str) -> set[tuple[str, str]]:
    return {(telling.name, telling.word) for telling in WORDS.told_by(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("my vpn is down", {("network", "VPN")}, id="a word is found"),
        pytest.param("连不上VPN了", {("network", "VPN")}, id="an English word ends where Chinese begins"),
        pytest.param("vpnx and xvpn and vpn2", set(), id="a part of an English word is not found"),
        pytest.param("公司网络断了", {("network", "网络")}, id="a Chinese word is found anywhere"),
        pytest.param("網絡斷了", {("network", "网络")}, id="a word in traditional characters is the same"),
        pytest.param("ＶＰＮ", {("network", "VPN")}, id="a full-width word is the same"),
        pytest.param("WIFI or Wi-Fi", {("network", "wi-fi")}, id="a hyphen is a space"),
        pytest.param("I can’t work", {("high", "can't work")}, id="a curly apostrophe is none"),
        pytest.param("I cant work", {("high", "can't work")}, id="a forgotten apostrophe is none"),
        pytest.param("a paper\n  jam", {("hardware", "paper jam")}, id="a phrase goes on in the next line"),
        pytest.param("vpns", {("network", "VPN")}, id="a plural in s is found"),
        pytest.param("old batteries", {("hardware", "battery")}, id="a plural in ies is found"),
        pytest.param("two boxes", {("hardware", "box")}, id="a plural in es is found"),
        pytest.param("it is not urgent", {("low", "not urgent")}, id="a longer word hides its part"),
        pytest.param("不急", {("low", "不急")}, id="a longer Chinese word hides its part"),
        pytest.param(
            "not urgent for me, urgent for Carol",
            {("low", "not urgent"), ("high", "urgent")},
            id="a part that also stands alone is found",
        ),
        pytest.param(
            "the battery app does not load batteries",
            {("software", "battery app"), ("hardware", "battery")},
            id="a part that also stands alone in the plural is found",
        ),
        pytest.param(
            "please install it", {("request", "please install"), ("software", "install")}, id="purposes hide nothing"
        ),
        pytest.param("打印机", {("hardware", "打印机")}, id="one category's longer word hides its part"),
        pytest.param("", set(), id="an empty text tells nothing"),
    ],
)
def test_words_are_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert told(text) == expected


def test_a_word_told_often_tells_once() -> None:
    assert len(WORDS.told_by("vpn vpn vpn")) == 1


def test_one_word_may_tell_several_things() -> None:
    both = Vocabulary([("category", "hardware", {"蓝屏": 3}), ("kind", "incident", {"蓝屏": 2})])

    assert {telling.name for telling in both.told_by("蓝屏")} == {"hardware", "incident"}


def test_one_word_written_in_two_ways_tells_once_and_the_most() -> None:
    words = Vocabulary([("category", "network", {"wi-fi": 3, "Wi Fi": 1})])

    assert [(telling.word, telling.weight) for telling in words.told_by("wi fi")] == [("wi-fi", 3)]


def test_a_rulebook_without_words_finds_nothing() -> None:
    assert Vocabulary([]).told_by("vpn") == []


def test_a_word_with_signs_of_patterns_is_taken_as_it_is() -> None:
    words = Vocabulary([("category", "software", {"c++": 1, "(draft)": 1, "a.b": 1})])

    assert {telling.word for telling in words.told_by("c++ and aXb (draft)")} == {"c++", "(draft)"}


@given(st.text(max_size=200))
def test_every_text_is_read(text: str) -> None:
    WORDS.told_by(text.encode(errors="replace").decode())


@given(
    st.sampled_from(["vpn", "网络", "paper jam", "please install", "can't work"]), st.text("abcé 网,。", max_size=30)
)
def test_a_word_is_found_whatever_stands_around_it(word: str, around: str) -> None:
    assert told(f"{around} {word} {around}")
