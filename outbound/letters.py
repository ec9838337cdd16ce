"""Render a letter: its frozen data and the template of its language become subject, text and HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import PackageLoader, StrictUndefined, Template, TemplateError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from outbound.keys import missing_keys
from outbound.words import name_clock, name_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.letter import Letter, LetterLanguage, Value

LONGEST_TEXT = 20_000
LONGEST_LINE = 1_000
LONGEST_LIST = 100
LONGEST_SUBJECT = 140
LONGEST_PREVIEW = 120
#: Columns of a quoted line. With the mark before it, it is as long as RFC 5322, 2.1.1 wants a line at most.
QUOTED_WIDTH = 76

#: What keeps its line breaks; everything else is one line.
_TEXTS = frozenset({"text", "quoted", "solution", "findings"})

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, lone surrogates, and the bidirectional overrides that make a text read otherwise than it is.
_UNFIT = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_PREFIXES = re.compile(r"(?:(?:re|fw|fwd|aw|sv|回复|回覆|答复|答覆|转发|轉寄|轉發)[ ]?[:：][ ]?)+", re.IGNORECASE)
#: From here on (CJK radicals) a line may be cut between any two characters, but for these punctuation marks.
_CHINESE = "\u2e80"
_CLOSING = frozenset("，。！？；：、”’）】》」』…")
_OPENING = frozenset("“‘（【《「『")
#: Ticket numbers, dates and commands. Browsers break a line behind a hyphen, and anywhere in a word of Chinese.
_WHOLE = re.compile(
    r"((?<![A-Za-z0-9-])[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,2}-[0-9]{1,9}(?![A-Za-z0-9-])|(?<!\w)!\w{1,12}(?!\w))"
)
_GAPS = re.compile(r"\n{3,}")


class LetterError(ValueError):
    """A letter cannot be rendered or composed; the text says why. No later attempt would go better."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of a letter, not yet a mail."""

    subject: str
    text: str
    html: str


def render(letter: Letter) -> Rendered:
    """Fill the letter's templates with its data; the first line of the text template is the subject.

    The same letter gives the same result. Raises LetterError where a key is missing or a value does not fit.
    """
    if missing := missing_keys(letter):
        raise LetterError(f"template {letter.template}: the data lacks {', '.join(missing)}")
    context = {key: _clean(key, value) for key, value in letter.data.items()}
    context["language"] = letter.language
    name = f"{letter.template}.{letter.language}"
    try:
        text = _template(f"{name}.txt").render(context)
        subject, _, body = text.partition("\n")
        html = _template(f"{name}.html").render(context, preview=_preview(body))
    except (TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise LetterError(f"template {name}: {error}") from error
    return Rendered(subject.strip(), _GAPS.sub("\n\n", body), html)


@cache
def _template(name: str) -> Template:
    return template_environment().get_template(name)


@cache
def template_environment() -> ImmutableSandboxedEnvironment:
    """The one environment of the process: sandboxed, HTML escaped, an unknown name an error."""
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("outbound"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "bare": _bare,
        "lines": _lines,
        "named": name_term,
        "named_letters": _named_letters,
        "named_clocks": _named_clocks,
        "quoted": _quoted,
        "unbroken": _unbroken,
    }
    return environment


def _clean(key: str, value: Value) -> Value:
    match value:
        case str():
            return _clean_text(value) if key in _TEXTS else _one_line(value)
        case tuple():
            return tuple(_clean_row(row) for row in value[:LONGEST_LIST])  # type: ignore[return-value]
        case _:
            return value


def _clean_row(row: str | tuple[str, str]) -> str | tuple[str, ...]:
    return _one_line(row) if isinstance(row, str) else tuple(_one_line(cell) for cell in row)


def _clean_text(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text[: LONGEST_TEXT + 1])
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", _cut(text, LONGEST_TEXT)).strip("\n")


def _one_line(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", " ".join(_cut(text, LONGEST_LINE).split()))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _bare(subject: str) -> str:
    """The subject without `Re:` and its like, short enough that the ticket number behind it is never cut off."""
    return _cut(_PREFIXES.sub("", subject, count=1) if _PREFIXES.match(subject) else subject, LONGEST_SUBJECT)


def _preview(body: str) -> str:
    """What a list of mails shows beneath the subject: the letter's words behind the greeting.

    Without it mail programs show the head of the page, which is the same for all letters of a ticket.
    """
    _, _, words = body.rpartition("\n-- \n")[0].partition("\n")
    return _cut(" ".join(words[: 2 * LONGEST_PREVIEW].replace("\n> ", "\n").split()), LONGEST_PREVIEW)


def _lines(text: str) -> Markup:
    """Escape a text and keep its line breaks; Outlook's Word engine knows no `white-space: pre-wrap`."""
    return Markup(str(escape(text)).replace("\n", "<br>\n").replace("  ", "&nbsp; "))  # noqa: S704 - escaped here


def _unbroken(text: str | int) -> Markup:
    """Escape a text and keep ticket numbers, dates and commands on one line; what is copied stays as it is."""
    return Markup().join(  # the first and every second piece stand between them
        Markup('<span style="white-space:nowrap">{}</span>').format(piece) if place % 2 else piece
        for place, piece in enumerate(_WHOLE.split(str(text)))
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {piece}" for line in text.split("\n") for piece in _wrap(line.rstrip()))


def _wrap(line: str) -> Iterator[str]:
    """Cut a line where its scripts allow it; textwrap takes quadratic time on long runs."""
    start = 0
    while (reach := _reach(line, start)) < len(line):
        end = next((end for end in range(reach, start, -1) if _may_end(line, end)), reach)
        yield line[start:end]
        start = end + (line[end] == " ")
    yield line[start:]


def _reach(line: str, start: int) -> int:
    """How far a line may go from there; Chinese takes two columns."""
    farthest = start + QUOTED_WIDTH
    if line[start:farthest].isascii():
        return farthest
    columns = 0
    for end, character in enumerate(line[start:farthest], start):
        columns += 2 if character >= _CHINESE else 1
        if columns > QUOTED_WIDTH:
            return end
    return farthest


def _may_end(line: str, end: int) -> bool:
    """Tell whether a line may be cut there: at a space, or beside Chinese that is no punctuation on the wrong side."""
    left, right = line[end - 1], line[end]
    return right == " " or (max(left, right) >= _CHINESE and right not in _CLOSING and left not in _OPENING)


def _named_clocks(due: tuple[tuple[str, str], ...], language: LetterLanguage) -> list[tuple[str, str]]:
    return [(name_clock(clock, language), at) for clock, at in due]


def _named_letters(pairs: tuple[tuple[str, str], ...], language: LetterLanguage) -> list[tuple[str, str | None]]:
    return [(about, name_term(f"letter {template}", language)) for about, template in pairs]
