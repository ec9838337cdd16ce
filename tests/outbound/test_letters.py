from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import PackageLoader
from jinja2.meta import find_undeclared_variables

from outbound.keys import EVERY_LETTER, KEYS, OPTIONAL
from outbound.letters import LONGEST_TEXT, LetterError, render, template_environment
from outbound.words import name_term
from rules.letter import LETTER_LANGUAGES, Letter
from rules.ticket import IMPACTS, KINDS, STATUSES, URGENCIES
from tests.outbound.samples import COMMON, DATA, TEMPLATES, make_letter

if TYPE_CHECKING:
    from rules.letter import LetterLanguage, Template, Value

every_template = pytest.mark.parametrize("template", TEMPLATES)
every_language = pytest.mark.parametrize("language", LETTER_LANGUAGES)

#: What may stand in Latin letters in a Chinese letter: commands, codes and addresses.
_LATIN = re.compile(r"![a-z]+|\bP[0-9]\b|\bE-203\b|\bRe:|\bdb1\b|\S+@\S+")
_ONLY_SIMPLIFIED = set("这们处单优务将还为对应误报现复发进问题开请经从监级给类围紧缓")
_ONLY_TRADITIONAL = set("這們處單優務將還為對應誤報現復發進問題開請經從監級給類圍緊緩")


class _Words(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and self.lasttag != "style":
            self.seen.append(data.strip())


def _read_html(html: str) -> _Words:
    words = _Words()
    words.feed(html)
    return words


@every_template
@every_language
def test_every_template_is_written_in_every_language(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language))
    assert "202611-042" in rendered.subject
    assert "202611-042" in rendered.html
    assert "{" not in rendered.text
    assert "None" not in rendered.text + rendered.html


@every_template
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_chinese_letters_open_with_a_greeting(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language))
    assert rendered.text.startswith("您好，\n\n")
    assert "<p>您好，</p>" in rendered.html


@every_template
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_no_english_is_left_in_chinese_letters(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language))
    shown = "\n".join((rendered.subject, rendered.text, *_read_html(rendered.html).seen))
    assert re.findall("[A-Za-z]+", _LATIN.sub("", shown)) == []


@every_template
def test_taiwan_is_written_in_its_own_characters(template: Template) -> None:
    none: dict[str, Value] = {key: "-" for key, value in DATA[template].items() if isinstance(value, str)}
    tuples: dict[str, Value] = {key: () for key, value in DATA[template].items() if isinstance(value, tuple)}
    rendered = render(make_letter(template, "zh-TW", **none, **tuples, desk_name="-"))
    assert not _ONLY_SIMPLIFIED & set(rendered.subject + rendered.text + rendered.html)


@every_template
def test_the_mainland_is_written_in_its_own_characters(template: Template) -> None:
    none: dict[str, Value] = {key: "-" for key, value in DATA[template].items() if isinstance(value, str)}
    rendered = render(make_letter(template, "zh-CN", **none, ticket_subject="-"))
    assert not (_ONLY_TRADITIONAL - _ONLY_SIMPLIFIED) & set(rendered.subject + rendered.text + rendered.html)


def _hostile(value: Value) -> Value:
    script = "<script>alert('{{ 7 * 7 }}')</script>"
    match value:
        case str():
            return script
        case tuple():
            return tuple(script if isinstance(row, str) else (script, script) for row in value)  # type: ignore[return-value]
        case _:
            return value


@every_template
@every_language
def test_words_from_outside_are_escaped_and_never_a_template(template: Template, language: LetterLanguage) -> None:
    data = {key: _hostile(value) for key, value in (COMMON | DATA[template]).items()}
    rendered = render(make_letter(template, language, **data))
    assert "script" not in _read_html(rendered.html).tags
    assert "&lt;script&gt;" in rendered.html
    assert "49" not in rendered.html + rendered.text


def test_a_letter_without_its_data_names_the_missing_key() -> None:
    letter = make_letter("answer")
    with pytest.raises(LetterError, match="text"):
        render(Letter(to=letter.to, template="answer", language="en", data=letter.data.delete("text")))


@every_template
@every_language
def test_the_templates_use_the_agreed_keys_and_no_others(template: Template, language: LetterLanguage) -> None:
    used: set[str] = set()
    environment = template_environment()
    for suffix in ("txt", "html"):
        source, _, _ = PackageLoader("outbound").get_source(environment, f"{template}.{language}.{suffix}")
        used |= find_undeclared_variables(environment.parse(source))
    agreed = {*EVERY_LETTER, *KEYS[template]}
    assert used - {"language", "parts", *OPTIONAL} <= agreed
    assert set(KEYS[template]) <= used


@pytest.mark.parametrize("template", ["receipt", "answer", "progress", "resolved", "over"])
def test_people_are_answered_in_their_own_thread(template: Template) -> None:
    assert render(make_letter(template)).subject == "Re: 三樓印表機 E-203 [202611-042]"


@pytest.mark.parametrize(
    "template", ["assigned", "unassigned", "repeated", "escalated", "message", "reopened", "undelivered", "transcript"]
)
@every_language
def test_staff_get_one_subject_for_all_letters_of_a_ticket(template: Template, language: LetterLanguage) -> None:
    assert render(make_letter(template, language)).subject == "[202611-042] P2 三樓印表機 E-203"


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        pytest.param("Re: Re: printer", "Re: printer [202611-042]", id="old prefixes are not repeated"),
        pytest.param("回复：转发: 打印机", "Re: 打印机 [202611-042]", id="Chinese prefixes too"),
        pytest.param("Regarding: x", "Re: Regarding: x [202611-042]", id="a word that begins like one stays"),
    ],
)
def test_prefixes_of_a_subject(subject: str, shown: str) -> None:
    assert render(make_letter("answer", ticket_subject=subject)).subject == shown


def test_a_long_subject_keeps_its_ticket_number() -> None:
    subject = render(make_letter("answer", ticket_subject="很长" * 500)).subject
    assert subject.endswith("… [202611-042]")
    assert len(subject) < 200


@every_language
def test_a_receipt_to_an_unverified_sender_holds_none_of_his_words(language: LetterLanguage) -> None:
    rendered = render(make_letter("receipt", language, ticket_subject="", quoted="Buy cheap watches"))
    assert "watches" not in rendered.text + rendered.html
    assert rendered.subject.endswith(" [202611-042]")
    assert not rendered.subject.startswith("Re:")


@every_language
def test_who_was_joined_by_similarity_reads_no_words_of_staff(language: LetterLanguage) -> None:
    rendered = render(make_letter("resolved", language, by_similarity=True, solution="给王总换了硒鼓"))
    assert "王总" not in rendered.text + rendered.html


@every_language
def test_a_desk_without_commands_does_not_speak_of_them(language: LetterLanguage) -> None:
    assert "!note" in render(make_letter("assigned", language)).text
    rendered = render(make_letter("assigned", language, commands=False))
    assert "!" not in rendered.text + rendered.html.replace("<!DOCTYPE", "")


def test_an_alert_has_nobody_to_answer() -> None:
    text = render(make_letter("assigned", "en", is_alert=True, requester=None)).text
    assert "Monitoring has raised an alert" in text
    assert "requester" not in text.lower()


def test_who_healed_an_alert_ticket_reads_it_in_the_thread_of_staff() -> None:
    assert render(make_letter("over", is_alert=True)).subject == "[202611-042] P2 三樓印表機 E-203"


def test_what_is_not_known_leaves_no_line() -> None:
    text = render(make_letter("receipt", "en", respond_by=None, resolve_by=None)).text
    assert "First answer by" not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("template", ["assigned", "message"])
@pytest.mark.parametrize(
    ("language", "inside", "outside"),
    [
        ("en", "stays inside the desk; please", "as a letter from the desk"),
        ("zh-CN", "只在内部留存；如需答复", "以服务台的名义"),
        ("zh-TW", "只在內部留存；如需答覆", "以服務台的名義"),
    ],
)
def test_where_nothing_proves_who_writes_staff_are_told_that_replies_stay_inside(
    template: Template, language: LetterLanguage, inside: str, outside: str
) -> None:
    rendered = render(make_letter(template, language, commands=False))
    assert inside in rendered.text
    assert inside in rendered.html
    assert outside not in rendered.text + rendered.html
    assert outside in render(make_letter(template, language)).text


def test_a_subject_that_is_missing_leaves_no_gap_for_staff() -> None:
    assert render(make_letter("assigned", ticket_subject="")).subject == "[202611-042] P2"


def test_quoted_lines_are_marked_and_wrapped() -> None:
    text = render(make_letter("message", text="short\n" + "word " * 40 + "\n" + "字" * 60)).text
    quoted = [line for line in text.split("\n") if line.startswith("> ")]
    assert quoted[0] == "> short"
    assert max(map(len, quoted)) <= 74
    assert "> " + "字" * 38 in quoted
    assert "> " + "字" * 22 in quoted


def test_quoted_chinese_is_cut_between_characters_and_neither_in_a_word_nor_before_a_comma() -> None:
    line = (
        "今天早上开始 VPN 一直连不上，提示“连接超时”，我重启过电脑也没有什么用处啊，下午三点要演示 Powerpoint 给客户看"
    )
    text = render(make_letter("message", text=line)).text
    assert [quoted for quoted in text.split("\n") if quoted.startswith("> ")] == [
        "> 今天早上开始 VPN 一直连不上，提示“连接超时”，我重启过电脑也没有什么用",
        "> 处啊，下午三点要演示 Powerpoint 给客户看",
    ]


def test_a_text_is_cut_at_twenty_thousand_characters() -> None:
    text = render(make_letter("answer", text="字" * 30_000)).text
    assert text.count("字") == LONGEST_TEXT - 1


def test_a_fact_stays_on_one_line() -> None:
    text = render(make_letter("undelivered", reason="no\r\nsuch\u2028user\x00")).text
    assert "原因：no such user\N{REPLACEMENT CHARACTER}\n" in text


@settings(deadline=None)  # the first example also compiles the templates
@given(text=st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_text_can_be_written(text: str) -> None:
    rendered = render(make_letter("message", "en", text=text, author=text, ticket_subject=text))
    (rendered.subject + rendered.text + rendered.html).encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", rendered.text + rendered.html)


@every_language
def test_every_term_of_the_desk_has_a_name(language: LetterLanguage) -> None:
    terms = {*STATUSES, *KINDS, *IMPACTS, *URGENCIES, *(f"letter {template}" for template in TEMPLATES)}
    unnamed = {term for term in terms if name_term(term, language) == term}
    assert not unnamed or (language == "en" and not any(" " in term for term in unnamed))
