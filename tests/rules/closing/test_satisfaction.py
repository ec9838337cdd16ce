"""What a mail answers to the satisfaction question."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.closing.satisfaction import CLOCK, is_unhappy, question, read_rating, waiting_clock
from rules.sections.closing import SatisfactionRules
from rules.sections.promises import EVERY_LEVEL

if TYPE_CHECKING:
    from rules.letter import LetterLanguage

STEPS = """
[[steps]]
name = "very-satisfied"
names = { en = "very satisfied", zh-CN = "非常满意", zh-TW = "非常滿意" }
words = ["十分满意", "great"]
[[steps]]
name = "satisfied"
names = { en = "satisfied", zh-CN = "满意", zh-TW = "滿意" }
[[steps]]
name = "neutral"
names = { en = "neutral", zh-CN = "一般", zh-TW = "普通" }
[[steps]]
name = "dissatisfied"
names = { en = "dissatisfied", zh-CN = "不满意", zh-TW = "不滿意" }
unhappy = true
[[steps]]
name = "very-dissatisfied"
names = { en = "very dissatisfied", zh-CN = "非常不满意", zh-TW = "非常不滿意" }
unhappy = true
"""
ASPECTS = """
[[aspects]]
name = "speed"
names = { en = "speed", zh-CN = "速度", zh-TW = "速度" }
[[aspects]]
name = "attitude"
names = { en = "attitude", zh-CN = "态度", zh-TW = "態度" }
[[aspects]]
name = "result"
names = { en = "result", zh-CN = "结果", zh-TW = "結果" }
"""
WHOLE = SatisfactionRules.model_validate(tomllib.loads('ask = "before_closing"\n' + STEPS))
THREE = SatisfactionRules.model_validate(tomllib.loads('ask = "after_closing"\n' + STEPS + ASPECTS))
BEST = len(WHOLE.steps)

NAMED = [(word, step.name) for step in WHOLE.steps for word in (*step.names.values(), *step.words)]
LANGUAGES: list[LetterLanguage] = ["zh-CN", "zh-TW", "en"]

LONG = (
    "This morning the printer on the fourth floor was used by about 5 colleagues, and it printed 4 pages of the report "
    "before lunch. I would like to know who is satisfied with such a result, and when it will be looked after for good."
)


def step_of(text: str) -> str | None:
    ratings = read_rating(text, WHOLE)
    return ratings[0][1] if ratings else None


@pytest.mark.parametrize(
    ("text", "step"),
    [
        pytest.param("非常满意", "very-satisfied", id="the best is not the second"),
        pytest.param("不满意！", "dissatisfied", id="dissatisfied is not satisfied"),
        pytest.param("Dissatisfied.", "dissatisfied", id="nor in English"),
        pytest.param("VERY-SATISFIED", "very-satisfied", id="capitals and hyphens"),
        pytest.param("非常不滿意", "very-dissatisfied", id="Traditional Chinese"),
        pytest.param("Great, and thank you!", "very-satisfied", id="another word for it"),
        pytest.param("I am very satisfied with the quick help of Li Na.", "very-satisfied", id="in a sentence"),
        pytest.param("5", "very-satisfied", id="a number"),
        pytest.param("５分", "very-satisfied", id="full width, points"),
        pytest.param("4星", "satisfied", id="stars"),
        pytest.param("五星", "very-satisfied", id="stars in Chinese numerals"),
        pytest.param("5/5", "very-satisfied", id="of how many"),
        pytest.param("4 out of 5, thanks", "satisfied", id="of how many, in words"),
        pytest.param("I'd give 4 stars", "satisfied", id="stars in English"),
        pytest.param("我给2分", "dissatisfied", id="a number in a sentence about it"),
        pytest.param("Rating: 1.", "very-dissatisfied", id="a full stop is no decimal"),
        pytest.param("非常满意，5分", "very-satisfied", id="word and number that agree"),
        pytest.param(f"满意\n\n{LONG}", "satisfied", id="on a line of its own above a long mail"),
        pytest.param(f"{LONG}\n\nMy rating: 3", "neutral", id="on a line of its own below one"),
        pytest.param("没问题，满意", "satisfied", id="no problem denies nothing"),
        pytest.param(LONG, None, id="a long mail that holds the words and the numbers"),
        pytest.param("不太满意", None, id="denied: not quite"),
        pytest.param("I am not really satisfied", None, id="denied in English"),
        pytest.param("The printer in room 5 jams", None, id="a number in a report"),
        pytest.param("5分钟", None, id="five minutes"),
        pytest.param("5星期", None, id="five weeks"),
        pytest.param("分机5", None, id="an extension"),
        pytest.param("6", None, id="more than the best"),
        pytest.param("0", None, id="less than the worst"),
        pytest.param("8/10", None, id="another scale"),
        pytest.param("4.5", None, id="between two"),
        pytest.param("满意，1分", None, id="word and number that differ"),
        pytest.param("5 or 4", None, id="two numbers"),
        pytest.param("unsatisfied", None, id="a word inside a word"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_an_answer_is_read(text: str, step: str | None) -> None:
    assert step_of(text) == step


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        pytest.param("速度5 态度4 结果3", (5, 4, 3), id="aspects with numbers"),
        pytest.param("速度：5分\n態度：4分\n結果：3分", (5, 4, 3), id="a line each, in Traditional Chinese"),
        pytest.param("speed: 4, attitude: 5", (4, 5, None), id="some of them"),
        pytest.param("5 4 2", (5, 4, 2), id="bare numbers in the order asked"),
        pytest.param("5，4，2", (5, 4, 2), id="with full-width commas"),
        pytest.param("4", (4, 4, 4), id="one answer stands for all"),
        pytest.param("非常满意", (5, 5, 5), id="one word stands for all"),
        pytest.param("速度非常满意，态度满意，结果不满意", (5, 4, 2), id="aspects with words"),
        pytest.param("速度和态度5分，结果3分", (5, 5, 3), id="two aspects at once"),
        pytest.param("满意，速度2分", (2, 4, 4), id="the whole, and one otherwise"),
        pytest.param("5 4", None, id="too few numbers"),
        pytest.param("5 4 3 2", None, id="too many"),
        pytest.param("速度9 态度4", None, id="a number that is no step"),
    ],
)
def test_aspects_are_rated_by_name_or_order(text: str, steps: tuple[int | None, ...] | None) -> None:
    numbers = {step.name: BEST - place for place, step in enumerate(THREE.steps)}
    ratings = read_rating(text, THREE)
    read = None if ratings is None else {aspect: numbers[step] for aspect, step in ratings}
    wanted = steps and {each.name: step for each, step in zip(THREE.aspects, steps, strict=True) if step is not None}
    assert read == wanted


@given(st.sampled_from(NAMED), st.sampled_from(["{}", "{}!", "  {}。", "{}\n", "{}，谢谢", "I am {}"]))
def test_every_name_of_a_step_reads_as_that_step(named: tuple[str, str], form: str) -> None:
    word, step = named
    assert step_of(form.format(word)) == step


@given(st.integers(1, BEST), st.sampled_from(["{}", "{}分", "{} 星", "{} stars", "{}/5", "（{}）", "评分：{}", "{}!"]))
def test_every_number_reads_as_its_step(number: int, form: str) -> None:
    assert step_of(form.format(number)) == WHOLE.steps[BEST - number].name


@given(st.text(alphabet="5 4满意不非常satisfied,.\n分速度", max_size=60))
def test_whatever_is_read_is_a_step_of_each_aspect_once(text: str) -> None:
    ratings = read_rating(text, THREE) or ()
    assert {step for _, step in ratings} <= {step.name for step in THREE.steps}
    assert len({aspect for aspect, _ in ratings}) == len(ratings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_question_offers_is_understood(language: LetterLanguage) -> None:
    steps, _ = question(WHOLE, language)
    assert [step_of(number) for number, _ in steps] == [step_of(name) for _, name in steps]


def test_the_question_has_the_best_first_and_in_the_readers_language() -> None:
    steps, aspects = question(THREE, "zh-TW")
    assert (steps[0], steps[-1], aspects) == (("5", "非常滿意"), ("1", "非常不滿意"), ("速度", "態度", "結果"))


def test_a_desk_without_steps_reads_no_rating() -> None:
    assert read_rating("5", SatisfactionRules()) is None


def test_one_unhappy_aspect_is_enough() -> None:
    assert is_unhappy((("speed", "satisfied"), ("result", "dissatisfied")), THREE)
    assert not is_unhappy((("speed", "neutral"),), THREE)


def test_only_a_question_before_closing_is_waited_for() -> None:
    clock = waiting_clock(WHOLE)
    assert clock is not None
    assert (clock.name, str(clock.limit[EVERY_LEVEL])) == (CLOCK, "3d")
    assert waiting_clock(THREE) is None
