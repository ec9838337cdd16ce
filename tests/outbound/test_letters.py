from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import PackageLoader
from jinja2.meta import find_undeclared_variables

from outbound.keys import EVERY_LETTER, KEYS, OPTIONAL
from outbound.letters import LONGEST_TEXT, LetterError, render, template_environment
from outbound.words import name_term
from rules.commands.parsing import parse_command
from rules.letter import LETTER_LANGUAGES, Letter
from rules.ticket import IMPACTS, KINDS, STATUSES, URGENCIES
from tests.outbound.samples import ASPECTS, COMMON, DATA, EXTRAS, STEPS, TEMPLATES, make_letter

if TYPE_CHECKING:
    from rules.letter import LetterLanguage, Template, Value

every_template = pytest.mark.parametrize("template", TEMPLATES)
every_language = pytest.mark.parametrize("language", LETTER_LANGUAGES)

#: Those that go to the people of a ticket; `over` goes to staff too.
_TO_PEOPLE: tuple[Template, ...] = (
    "receipt",
    "asked",
    "handed_over",
    "expected",
    "reminder",
    "joined",
    "parted",
    "again",
    "rating",
    "closed",
    "complained",
    "decision",
    "answer",
    "progress",
    "resolved",
    "over",
)
_TO_STAFF = tuple(template for template in TEMPLATES if template not in (*_TO_PEOPLE, "digest"))
_WITH_TIMES: tuple[Template, ...] = (
    "receipt",
    "expected",
    "again",
    "progress",
    "over",
    "assigned",
    "escalated",
    "warning",
    "owed",
)

_COMMAND = re.compile(r"![\w]+")
_MAINLAND_WORDS = re.compile(
    "軟件|硬件|網絡|信息|打印|屏幕|用戶|反饋|登錄|服務器|郵件|郵箱|默認|質量|優先級(?! \\+)|影響范圍"
)
#: What may stand in Latin letters in a Chinese letter: commands, codes, addresses and the zone of the times.
_LATIN = re.compile(r"![a-z]+|\bUTC\b|\bP[0-9]\b|\bE-203\b|\bRe:|\bdb1\b|\S+@\S+|runbook_url|https://\S+")
_ONLY_SIMPLIFIED = set("这们处单优务将还为对应误报现复发进问题开请经从监级给类围紧缓")
_ONLY_TRADITIONAL = set("這們處單優務將還為對應誤報現復發進問題開請經從監級給類圍緊緩")


class _Words(HTMLParser):
    """Collects what a reader sees, the row headers of its tables, and what only the list of his mails shows."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.row_headers: list[str] = []
        self.preview = ""
        self.tags: set[str] = set()
        self._attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._attributes = dict(attrs)

    def handle_data(self, data: str) -> None:
        if not data.strip() or self.lasttag == "style":
            return
        if "display:none" in (self._attributes.get("style") or ""):
            self.preview = data
            return
        self.seen.append(data.strip())
        if self._attributes.get("scope") == "row":
            self.row_headers.append(data.strip())


def _read_html(html: str) -> _Words:
    words = _Words()
    words.feed(_without_spans(html))
    return words


def _without_spans(html: str) -> str:
    """The same words without what keeps some of them on one line."""
    return re.sub("</?span[^>]*>", "", html)


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


def _extras(template: Template) -> dict[str, Value]:
    return {key: value for key, value in EXTRAS.items() if key not in DATA[template]}


def _source(template: Template, language: LetterLanguage) -> str:
    loader, environment = PackageLoader("outbound"), template_environment()
    files = (f"{template}.{language}.{suffix}" for suffix in ("txt", "html"))
    return "\n".join(loader.get_source(environment, file)[0] for file in files)


@every_template
@every_language
def test_every_template_takes_all_that_a_rulebook_may_add(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language, **_extras(template)))
    assert "{" not in rendered.text
    assert "None" not in rendered.text + rendered.html


def _empty(value: Value) -> Value:
    match value:
        case bool() | int():
            return value
        case tuple():
            return ()
        case _:
            return None


@every_template
@every_language
def test_what_is_empty_leaves_no_trace(template: Template, language: LetterLanguage) -> None:
    kept = (
        "line",
        "team",
        "author",
        "template",
        "was",
        "repeats",
        "reporters",
        "reporter",
        "clock",
        "owed",
        "text",
        "address",
    )
    values = {key: value for key, value in (EXTRAS | DATA[template]).items() if key not in kept}
    rendered = render(make_letter(template, language, **{key: _empty(value) for key, value in values.items()}))
    assert "None" not in rendered.text + rendered.html
    assert "\n\n\n" not in rendered.text


@every_template
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_no_english_is_left_in_chinese_letters(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language, **_extras(template)))
    shown = "\n".join((rendered.subject, rendered.text, *_read_html(rendered.html).seen))
    assert re.findall("[A-Za-z]+", _LATIN.sub("", shown)) == []


@every_template
@pytest.mark.parametrize(
    ("language", "charset"),
    [pytest.param("zh-CN", "gb2312", id="the mainland"), pytest.param("zh-TW", "big5", id="Taiwan")],
)
def test_the_texts_fit_the_old_character_set_of_their_region(
    template: Template, language: LetterLanguage, charset: str
) -> None:
    _source(template, language).encode(charset)


@every_template
def test_taiwan_reads_the_words_of_taiwan(template: Template) -> None:
    assert _MAINLAND_WORDS.findall(_source(template, "zh-TW")) == []


@every_template
def test_no_chinese_is_left_in_english_letters_but_the_other_form_of_a_command(template: Template) -> None:
    assert _COMMAND.sub("", _source(template, "en")).isascii()


@every_template
@every_language
def test_every_command_a_letter_names_is_one_that_the_desk_knows(template: Template, language: LetterLanguage) -> None:
    source = _source(template, language).replace("!= ", "")
    known = [parse_command(word) for word in _COMMAND.findall(source)]
    assert all(command and command.verb for command in known)


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


@pytest.mark.parametrize("template", _TO_PEOPLE)
def test_people_are_answered_in_their_own_thread(template: Template) -> None:
    assert render(make_letter(template)).subject == "Re: 三樓印表機 E-203 [202611-042]"


@pytest.mark.parametrize("template", _TO_PEOPLE)
@every_language
def test_people_without_a_subject_get_a_sentence_of_ours(template: Template, language: LetterLanguage) -> None:
    subject = render(make_letter(template, language, ticket_subject="")).subject
    assert re.fullmatch(r"[^:]{4,60} \[202611-042\]", subject)


@every_language
def test_a_digest_tells_of_many_tickets_and_keeps_to_no_subject(language: LetterLanguage) -> None:
    rendered = render(make_letter("digest", language))
    assert re.fullmatch(r"[^:]{4,60} \[202611-042\]", rendered.subject)
    assert "202611-043" in rendered.text
    assert "202611-043" in rendered.html


@pytest.mark.parametrize("template", _TO_STAFF)
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


@pytest.mark.parametrize("template", _TO_STAFF)
@every_language
def test_no_letter_names_a_command_where_commands_are_off(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language, commands=False, lines=(), **_extras(template)))
    assert not _COMMAND.search(rendered.text + rendered.html.replace("<!DOCTYPE", ""))


@pytest.mark.parametrize(
    ("template", "command"),
    [
        ("approval", "!approve / !批准"),
        ("approval", "!reject / !驳回"),
        ("review", "!review / !复核"),
        ("complaint", "!findings / !核实"),
        ("findings", "!decide / !决定"),
        ("warning", "!eta / !预计"),
        ("assigned", "!resolve / !解决"),
        ("unassigned", "!assign（或 !转给）"),
        ("owed", "第一行写 !report 投诉分析报告（也可以写 !报告 投诉分析报告）"),
    ],
)
def test_staff_read_which_command_answers(template: Template, command: str) -> None:
    rendered = render(make_letter(template))
    assert command in rendered.text
    assert command in _without_spans(rendered.html)


def test_the_lead_who_is_asked_for_a_name_sees_who_would_do_and_what_to_write() -> None:
    text = render(make_letter("unassigned", "en")).text
    assert "Please name somebody" in text
    assert "- li@example.com: 会修打印机" in text
    assert "such as: !assign li@example.com\n" in text


def test_without_proposals_the_lead_reads_that_nobody_is_free() -> None:
    text = render(make_letter("unassigned", "en", proposals=())).text
    assert "nobody is free" in text
    assert "such as" not in text
    assert "!assign" in text


@every_language
def test_an_alert_that_opens_a_ticket_again_waits_for_no_answer(language: LetterLanguage) -> None:
    answer = {"zh-CN": "答复", "zh-TW": "回覆", "en": "answer"}[language]
    by_somebody, by_an_alert = (
        render(make_letter("reopened", language, author=author, text="", reason="")) for author in ("Ada", None)
    )
    assert answer in by_somebody.text.partition("\n\n-- ")[0]
    assert answer not in by_an_alert.text + by_an_alert.html


@every_language
def test_a_receipt_asks_for_what_is_missing_and_for_nothing_else(language: LetterLanguage) -> None:
    plain = render(make_letter("receipt", language))
    asking = render(make_letter("receipt", language, missing=("哪一台打印机？", "从什么时候起？")))
    assert "- 哪一台打印机？\n- 从什么时候起？\n" in asking.text
    more = {"zh-CN": "截图", "zh-TW": "截圖", "en": "screenshot"}[language]
    assert more in plain.text
    assert more not in asking.text + asking.html


@pytest.mark.parametrize("template", ["resolved", "reminder"])
@every_language
def test_a_solution_is_answered_with_one_word(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language, confirms="done!", refuses="<no>"))
    assert "done!" in rendered.text
    assert "<no>" in rendered.text
    assert "<strong>&lt;no&gt;</strong>" in rendered.html


@pytest.mark.parametrize("template", ["resolved", "rating", "closed"])
@every_language
def test_several_aspects_are_rated_with_one_number_each(template: Template, language: LetterLanguage) -> None:
    rendered = render(make_letter(template, language, steps=STEPS, aspects=ASPECTS))
    assert " 4 3 4" in rendered.text
    assert "<strong>4 3 4</strong>" in rendered.html
    assert "- 响应速度\n- 服务态度\n- 处理结果\n" in rendered.text
    colon = ": " if language == "en" else "："
    assert "".join(f"- {number}{colon}{step}\n" for number, step in STEPS) in rendered.text


@pytest.mark.parametrize("template", ["resolved", "rating", "closed"])
@every_language
def test_the_whole_is_rated_with_a_number_or_a_word(template: Template, language: LetterLanguage) -> None:
    text = render(make_letter(template, language, steps=STEPS, aspects=())).text
    assert ("- 4: 非常满意\n" if language == "en" else "- 4：非常满意\n") in text
    assert "4 3" not in text


@pytest.mark.parametrize("template", ["resolved", "closed"])
@every_language
def test_nobody_is_asked_how_satisfied_he_is_without_the_steps(template: Template, language: LetterLanguage) -> None:
    text = render(make_letter(template, language)).text
    assert not re.search("满意|滿意|satisfied", text)


@pytest.mark.parametrize("template", _WITH_TIMES)
@pytest.mark.parametrize(
    ("language", "zone"),
    [("zh-CN", "\n时间均为 UTC+08:00\n"), ("zh-TW", "\n時間皆為 UTC+08:00\n"), ("en", "\nTimes are UTC+08:00\n")],
)
def test_letters_with_times_say_once_where_they_hold(template: Template, language: LetterLanguage, zone: str) -> None:
    rendered = render(make_letter(template, language, zone="UTC+08:00"))
    assert rendered.text.count(zone) == 1
    assert _read_html(rendered.html).seen.count(zone.strip()) == 1
    assert "UTC" not in render(make_letter(template, language)).text


@every_template
@every_language
def test_a_letter_without_times_names_no_zone(template: Template, language: LetterLanguage) -> None:
    times: tuple[str, ...] = ("respond_by", "resolve_by", "expected_by", "since", "ended_at", "until", "due_by")
    none: dict[str, Value] = {key: None for key in times if key in DATA[template]}
    due: dict[str, Value] = {key: () for key in ("due", "firing") if key in DATA[template]}
    rendered = render(make_letter(template, language, zone="UTC+08:00", **none, **due))
    assert "UTC" not in rendered.text + rendered.html


@every_language
def test_a_refused_approval_reads_otherwise_than_a_granted_one(language: LetterLanguage) -> None:
    granted = render(make_letter("approved", language)).text
    refused = render(make_letter("approved", language, granted=False)).text
    assert granted.splitlines()[2] != refused.splitlines()[2]


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


def _quoted(text: str) -> list[str]:
    return [line for line in render(make_letter("message", text=text)).text.split("\n") if line.startswith("> ")]


def test_quoted_lines_are_marked_and_wrapped() -> None:
    quoted = _quoted("short\n" + "word " * 40 + "\n" + "字" * 60)
    assert quoted[0] == "> short"
    assert max(map(len, quoted)) <= 78
    assert "> " + "字" * 38 in quoted
    assert "> " + "字" * 22 in quoted


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("x" * 76, id="as long as mail programs make lines"),
        pytest.param("I can’t open it – Excel says “file in use”, and Zoë from controlling", id="some beyond ASCII"),
        pytest.param("请求 https://intra.example/app/report?id=4711&from=2026-11-01 一直超时", id="half of it Chinese"),
    ],
)
def test_a_quoted_line_is_left_whole_as_long_as_it_is_narrow_enough(line: str) -> None:
    assert _quoted(line) == [f"> {line}"]


def test_quoted_chinese_is_cut_between_characters_and_neither_in_a_word_nor_before_a_comma() -> None:
    line = (
        "今天早上开始 VPN 一直连不上，提示“连接超时”，我重启过电脑也没有什么用处啊，下午三点要演示 Powerpoint 给客户看"
    )
    assert _quoted(line) == [
        "> 今天早上开始 VPN 一直连不上，提示“连接超时”，我重启过电脑也没有什么用处啊，",
        "> 下午三点要演示 Powerpoint 给客户看",
    ]


def test_a_text_is_cut_at_twenty_thousand_characters() -> None:
    text = render(make_letter("answer", text="字" * 30_000)).text
    assert text.count("字") == LONGEST_TEXT - 1


@pytest.mark.parametrize(("template", "key"), [("message", "text"), ("resolved", "solution"), ("findings", "findings")])
def test_what_somebody_wrote_keeps_its_lines(template: Template, key: str) -> None:
    assert "> first\n> second\n" in render(make_letter(template, **{key: "first\nsecond"})).text


def test_a_fact_stays_on_one_line() -> None:
    text = render(make_letter("undelivered", reason="no\r\nsuch\u2028user\x00")).text
    assert "原因：no such user\N{REPLACEMENT CHARACTER}\n" in text


@pytest.mark.parametrize(
    ("template", "preview"),
    [
        ("assigned", "工单 202611-042 交给您处理，请在期限内跟进。 标题："),
        ("answer", "关于您的工单 202611-042，李伟 回复如下： 请先重启打印机。 还不行的话，下午两点我过来。"),
        ("message", "王芳 就工单 202611-042 补充了新的内容。 来信内容： 打印机今天早上开始打不了。 屏幕上显示 E-203。"),
    ],
)
def test_the_list_of_mails_shows_what_the_letter_says(template: Template, preview: str) -> None:
    assert _read_html(render(make_letter(template)).html).preview.startswith(preview)


@every_template
@every_language
def test_every_preview_is_short_and_holds_neither_greeting_nor_signature(
    template: Template, language: LetterLanguage
) -> None:
    preview = _read_html(render(make_letter(template, language, desk_name="the desk's name")).html).preview
    assert 20 < len(preview) <= 120
    assert not re.search("^(Hello|您好)|the desk's name", preview)


@pytest.mark.parametrize(
    ("rank", "colour"),
    [(0, "#b42318"), (1, "#b54708"), (2, "#175cd3"), (3, "#475467"), (None, "#475467")],
)
def test_the_colour_tells_how_urgent_it_is_whatever_the_level_is_called(rank: int | None, colour: str) -> None:
    html = render(make_letter("assigned", priority="紧急", rank=rank)).html
    assert f'background-color:{colour};color:#ffffff;font-weight:bold;padding:2px 8px">&nbsp;紧急' in html


def test_a_screen_reader_finds_headings_lists_and_what_each_row_is_about() -> None:
    words = _read_html(render(make_letter("assigned")).html)
    assert words.row_headers[:3] == ["标题", "报告人", "类别"]
    assert {"实例", "!take / !认领"} <= {*words.row_headers}
    assert {"h2", "ul", "li"} <= words.tags


@every_template
def test_the_cells_of_a_table_do_not_touch_where_styles_are_taken_out(template: Template) -> None:
    html = render(make_letter(template, **_extras(template))).html
    tables = [table.partition(">")[0] for table in html.split("<table ")[1:]]
    assert all('role="presentation"' in table or 'cellpadding="3"' in table for table in tables)


@every_template
@every_language
def test_no_ticket_number_breaks_at_its_hyphen(template: Template, language: LetterLanguage) -> None:
    html = render(make_letter(template, language)).html.partition("<p>")[2]
    bare = html.replace('<span style="white-space:nowrap">202611-0', "")
    assert "202611-0" not in bare


def test_a_number_on_one_line_is_copied_as_it_is() -> None:
    html = render(make_letter("digest", notices=(("202611-007 a<b, room E-203 of 2026-11-16", "receipt"),))).html
    kept = '<span style="white-space:nowrap">{}</span>'
    number, room, day = map(kept.format, ("202611-007", "E-203", "2026-11-16"))
    assert f">{number} a&lt;b, room {room} of {day}</th>" in html
    assert "202611-007 a&lt;b, room E-203 of 2026-11-16</th>" in _without_spans(html)


def test_a_command_in_chinese_is_not_broken_on_a_phone() -> None:
    html = render(make_letter("assigned", "zh-CN")).html
    kept = '<span style="white-space:nowrap">{}</span>'
    assert f">{kept.format('!resolve')} / {kept.format('!解决')} + 解决办法</th>" in html


@pytest.mark.parametrize("text", ["a-b", "-1", "10.0.0.1", "db-1-primary", "1-", "123456789-1", "ok!yes"])
def test_what_is_no_number_may_break_anywhere(text: str) -> None:
    html = render(make_letter("digest", notices=((text, "receipt"),))).html
    assert f">{text}</th>" in html


@every_template
def test_what_belongs_together_is_joined_by_a_colon_of_the_readers_script(template: Template) -> None:
    pair = re.compile("^- [^\n]*?(: |：)", re.MULTILINE)
    for language in LETTER_LANGUAGES:
        text = render(make_letter(template, language, **_extras(template))).text
        assert set(pair.findall(text)) <= {": " if language == "en" else "："}


def test_a_long_left_side_leaves_the_right_one_its_half_of_a_phone() -> None:
    long = (("alexandra.konstantinopoulou@example.com", "手上 3 个工单"),)
    half = '<th scope="row" align="left" valign="top" width="45%"'
    assert half in render(make_letter("unassigned", proposals=long)).html
    assert half not in render(make_letter("unassigned")).html


@pytest.mark.parametrize("template", ["firing", "storm"])
@every_language
def test_what_fires_is_listed_by_its_beginning(template: Template, language: LetterLanguage) -> None:
    firing = (("HostDown ip-10-0-117-203.eu-central-1.compute.internal:9100", "2026-11-23 10:00"),)
    rendered = render(make_letter(template, language, firing=firing))
    assert "\n- 2026-11-23 10:00 HostDown ip-10" in rendered.text
    assert 'white-space:nowrap">2026-11-23 10:00</td>' in rendered.html


def test_a_storm_is_counted_in_thousands() -> None:
    text = render(make_letter("storm", "en", more=1_020)).text
    assert "12,400 firing now" in text
    assert "And 1,020 more." in text


@pytest.mark.parametrize(
    ("language", "clock", "written"),
    [
        pytest.param("zh-CN", "resolution", "解决期限：", id="one that the rulebook does not name"),
        pytest.param("zh-CN", "解决", "解决期限：", id="one that it does: a bare name reads as what has happened"),
        pytest.param("zh-TW", "到場", "到場期限：", id="in Taiwan"),
        pytest.param("zh-CN", "服务时限", "服务时限：", id="a name that says so itself"),
        pytest.param("en", "resolution", "Resolve by: ", id="in English"),
        pytest.param("en", "handling on site", "Handling on site by: ", id="in English, named by the rulebook"),
        pytest.param("en", "audit deadline", "audit deadline: ", id="in English, saying so itself"),
    ],
)
@pytest.mark.parametrize("template", ["assigned", "escalated", "warning"])
def test_a_due_time_is_told_as_one(template: Template, language: LetterLanguage, clock: str, written: str) -> None:
    data: dict[str, Value] = (
        {"clock": clock, "until": "11-23 14:30"} if template == "warning" else {"due": ((clock, "11-23 14:30"),)}
    )
    assert f"\n{written}11-23 14:30\n" in render(make_letter(template, language, **data)).text


# the first example also compiles the templates
@given(text=st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_text_can_be_written(text: str) -> None:
    rendered = render(make_letter("message", "en", text=text, author=text, ticket_subject=text))
    (rendered.subject + rendered.text + rendered.html).encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", rendered.text + rendered.html)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        pytest.param({}, "转给对方", id="the requester wrote: a reply goes back to him"),
        pytest.param({"colleague": True}, "转给报告人", id="a colleague did something: a reply does not reach him"),
        pytest.param(
            {"rating": "不满意"}, "满意度：不满意", id="the requester is not satisfied: the lead reads what with"
        ),
    ],
)
def test_a_message_says_what_it_is_and_where_a_reply_goes(told: dict[str, Value], words: str) -> None:
    assert words in render(make_letter("message", "zh-CN", **told)).text


@every_language
def test_every_term_of_the_desk_has_a_name(language: LetterLanguage) -> None:
    clocks = {
        "acceptance",
        "assignment",
        "acknowledgement",
        "response",
        "diagnosis",
        "progress",
        "arrival",
        "handling",
        "resolution",
        "confirmation",
        "reassessment",
        "review",
        "verification",
        "decision",
        "answer",
    }
    assert not {clock for clock in clocks if name_term(clock, language) == clock}
    terms = {*STATUSES, *KINDS, *IMPACTS, *URGENCIES, *(f"letter {template}" for template in TEMPLATES)}
    unnamed = {term for term in terms if name_term(term, language) == term}
    assert not unnamed or (language == "en" and not any(" " in term for term in unnamed))


@pytest.mark.parametrize("template", ["assigned", "unassigned"])
def test_the_links_of_an_alert_can_be_followed_and_hide_nothing(template: Template) -> None:
    url = 'https://wiki.example.org/a?b=1&c="><script>'
    rendered = render(make_letter(template, "en", links=(("runbook_url", url),)))
    escaped = "https://wiki.example.org/a?b=1&amp;c=&#34;&gt;&lt;script&gt;"
    assert f'<a href="{escaped}">{escaped}</a>' in rendered.html
    assert f"- runbook_url: {url}" in rendered.text
