"""Names of teams, categories, zones and lines: what is used is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from rules.rulebook_files.checking.written import named_twice, table, tables, texts, undeclared
from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.rulebook_files.checking.written import Table
    from rules.toml_files.lines import Place

_NO_TEAM: Final = "is no team of [teams]"
_NO_CATEGORY: Final = "is no category"


def check_names(rulebook: Table) -> Iterator[Complaint]:
    """Every name that is used and not declared."""
    if isinstance(teams := rulebook.get("teams"), Mapping):
        yield from undeclared(dict(_teams(rulebook)), teams, _NO_TEAM)
    if categories := table(rulebook, "categories"):
        yield from undeclared(dict(_categories(rulebook)), categories, _NO_CATEGORY)
    yield from named_twice(tables(rulebook, "lines"), ("lines",))
    yield from named_twice(tables(rulebook, "services"), ("services",))
    yield from _services(rulebook)
    for at, condition in _conditions(rulebook):
        yield from _condition(condition, at, rulebook)


def _teams(rulebook: Table) -> Iterator[tuple[Place, Any]]:
    yield ("desk_team",), rulebook.get("desk_team")
    yield ("requesters", "external_team"), table(rulebook, "requesters").get("external_team")
    for name, category in table(rulebook, "categories").items():
        yield ("categories", name, "team"), category.get("team") if isinstance(category, Mapping) else None
    for index, line in tables(rulebook, "lines"):
        yield ("lines", index, "team"), line.get("team")
        yield from ((("lines", index, "teams", name), team) for name, team in table(line, "teams").items())


def _categories(rulebook: Table) -> Iterator[tuple[Place, Any]]:
    yield ("classification", "otherwise"), table(rulebook, "classification").get("otherwise")
    for index, line in tables(rulebook, "lines"):
        yield from ((("lines", index, "teams", name), name) for name in table(line, "teams"))


def _services(rulebook: Table) -> Iterator[Complaint]:
    services = list(tables(rulebook, "services"))
    names = [str(service.get("name")) for _, service in services]
    for index, service in services:
        for name in texts(service.get("depends_on")):
            yield from undeclared({("services", index, "depends_on"): name}, names, "is no service of [[services]]")
    joining = table(rulebook, "joining")
    suggest, join = joining.get("suggest", 0.0), joining.get("join", 1.0)
    if isinstance(suggest, int | float) and isinstance(join, int | float) and join < suggest:
        yield Complaint(("joining", "join"), "is below suggest: nothing would ever be suggested")


def _conditions(rulebook: Table) -> Iterator[tuple[Place, Table]]:
    """Every `when` of the rulebook."""
    yield ("review", "when"), table(rulebook, "review", "when")
    for name in table(rulebook, "needs"):
        yield ("needs", name, "when"), table(rulebook, "needs", name, "when")
    for section in ("clocks", "owed", "escalations"):
        for index, each in tables(rulebook, section):
            yield (section, index, "when"), table(each, "when")
            for number, variant in tables(each, "variants"):
                yield (section, index, "variants", number, "when"), table(variant, "when")


def _condition(condition: Table, at: Place, rulebook: Table) -> Iterator[Complaint]:
    lines = [str(line.get("name")) for _, line in tables(rulebook, "lines")]
    levels = texts(table(rulebook, "priority").get("levels"))
    declared = (
        ("categories", table(rulebook, "categories"), _NO_CATEGORY),
        ("levels", levels, "is none of priority.levels"),
        ("zones", table(rulebook, "zones"), "is no zone of [zones]"),
        ("lines", lines, "is no line of [[lines]]"),
    )
    for key, known, says in declared:
        for name in texts(condition.get(key)):
            yield from undeclared({(*at, key): name}, known, says)
