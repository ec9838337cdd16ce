"""What people are asked, and what tells their answers apart: needs, closing, satisfaction, senders and patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rules.language.automaton import LARGEST_TOGETHER, Pattern
from rules.language.words import plain
from rules.rulebook_files.checking.written import named_twice, table, tables, texts
from rules.rulebook_files.weights import HEAVIEST
from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.rulebook_files.checking.written import Table
    from rules.toml_files.lines import Place


def check_answers(rulebook: Table) -> Iterator[Complaint]:
    """What is wrong with what tells needs, answers and categories."""
    for name, need in table(rulebook, "needs").items():
        if isinstance(need, Mapping) and not any(need.get(key) for key in ("words", "patterns", "known")):
            yield Complaint(("needs", name), "nothing could tell it: give words, patterns or known")
    yield from _closing(table(rulebook, "closing"))
    yield from _satisfaction(table(rulebook, "satisfaction"))
    yield from _senders(table(rulebook, "categories"))
    yield from _patterns_together(rulebook)


def _closing(closing: Table) -> Iterator[Complaint]:
    confirms = set(map(plain, texts(closing.get("confirms"))))
    for word in texts(closing.get("refuses")):
        if plain(word) in confirms:
            yield Complaint(("closing", "refuses"), f"{word!r} cannot mean both: it stands in confirms too")


def _satisfaction(satisfaction: Table) -> Iterator[Complaint]:
    steps = tables(satisfaction, "steps")
    if satisfaction.get("ask", "never") != "never" and len(steps) < 2:
        yield Complaint(("satisfaction", "steps"), "the question needs two answers or more")
    for key in ("steps", "aspects"):
        listed = tables(satisfaction, key)
        yield from named_twice(listed, ("satisfaction", key))
        yield from _said_twice(listed, ("satisfaction", key))


def _said_twice(listed: list[tuple[int, Table]], at: Place) -> Iterator[Complaint]:
    """Words that mean two things: an answer in them would tell nothing."""
    first: dict[str, int] = {}
    for index, each in listed:
        names = [name for name in table(each, "names").values() if isinstance(name, str)]
        for word in dict.fromkeys(map(plain, [*names, *texts(each.get("words"))])):
            if first.setdefault(word, index) != index:
                yield Complaint((*at, index), f"{word!r} means {'.'.join(map(str, at))}[{first[word]}] already")


def _senders(categories: Table) -> Iterator[Complaint]:
    for name in categories:
        for sender, weight in table(categories, name, "senders").items():
            at = ("categories", name, "senders", sender)
            if "@" not in sender or sender.endswith("@") or " " in sender:
                yield Complaint(at, f"{sender!r} is no sender: write a@b.example, or @b.example for a domain")
            if isinstance(weight, int | float) and not 0 < weight <= HEAVIEST:
                yield Complaint(at, f"its weight must be above 0, up to {HEAVIEST}")


def _patterns_together(rulebook: Table) -> Iterator[Complaint]:
    """Each pattern is small enough; a desk with very many large ones would still be slow."""
    total = 0
    for at, written in _patterns(rulebook):
        before, total = total, total + _size(written)
        if before <= LARGEST_TOGETHER < total:
            says = (
                f"the patterns of the rulebook are too large together, from here on: RE2 may make {LARGEST_TOGETHER:,}"
            )
            yield Complaint(at, f"{says} instructions of all")


def _patterns(rulebook: Table) -> Iterator[tuple[Place, Any]]:
    for path in (
        ("categories",),
        ("classification", "kinds"),
        ("priority", "impact"),
        ("priority", "urgency"),
        ("needs",),
    ):
        for name in table(rulebook, *path):
            each = table(rulebook, *path, name)
            weighted = table(each, "patterns")
            yield from (((*path, name, "patterns", written), written) for written in weighted)
            listed = texts(each.get("patterns"))
            yield from (((*path, name, "patterns", number), written) for number, written in enumerate(listed))


def _size(written: Any) -> int:
    try:
        return Pattern(written).size if isinstance(written, str) else 0
    except ValueError:
        return 0  # the section tells what is wrong with it
