"""The rungs of the ladder: each can be taken, and does something that can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.rulebook_files.checking.written import named_twice, names_in, tables, texts, undeclared
from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.rulebook_files.checking.written import Table
    from rules.toml_files.lines import Place

_EFFECTS: Final = ("raises", "lines", "tell", "owes", "approval", "reminds", "assigns", "closes")
_OF_CLOCKS: Final = ("overdue", "warning")
_COUNTED: Final = {"repeat": "repeat", "reopened": "reopening"}


def check_rungs(rulebook: Table) -> Iterator[Complaint]:
    """What is wrong with `[[escalations]]`."""
    rungs = tables(rulebook, "escalations")
    clocks, owed = names_in(rulebook, "clocks"), names_in(rulebook, "owed")
    yield from named_twice(rungs, ("escalations",))
    for index, rung in rungs:
        at: Place = ("escalations", index)
        yield from _trigger(rung, at, clocks, owed)
        yield from _count(rung, at)
        yield from _effects(rung, at, owed, rulebook)


def _trigger(rung: Table, at: Place, clocks: Table, owed: Table) -> Iterator[Complaint]:
    trigger, name = rung.get("on"), rung.get("clock")
    if trigger not in _OF_CLOCKS:
        if isinstance(trigger, str) and name is not None:
            yield Complaint((*at, "clock"), 'it is for on = "overdue" and on = "warning" only')
        return
    if name is None:
        which = "is overdue" if trigger == "overdue" else "will be due"
        yield Complaint((*at, "clock"), f"it is missing: the clock that {which}")
    yield from undeclared({(*at, "clock"): name}, [*clocks, *owed], "is no clock of [[clocks]], nor of [[owed]]")
    if not isinstance(name, str):
        return
    clock = clocks.get(name, {})
    if trigger == "overdue" and clock.get("repeats") is True:
        yield Complaint((*at, "clock"), f"{name!r} repeats: the desk keeps it itself, and it is never overdue")
    if trigger == "warning" and name in {*clocks, *owed} and clock.get("warns") is None:
        advice = "give the clock warns = ..." if name in clocks else "only [[clocks]] warn"
        yield Complaint((*at, "clock"), f"{name!r} never warns: {advice}")


def _count(rung: Table, at: Place) -> Iterator[Complaint]:
    trigger, count = rung.get("on"), rung.get("count")
    if not isinstance(trigger, str):
        return
    if trigger in _COUNTED and count is None:
        yield Complaint((*at, "count"), f"it is missing: 2 for the second {_COUNTED[trigger]}")
    if trigger not in _COUNTED and count is not None:
        yield Complaint((*at, "count"), 'it is for on = "repeat" and on = "reopened" only')


def _effects(rung: Table, at: Place, owed: Table, rulebook: Table) -> Iterator[Complaint]:
    if not any(rung.get(effect) for effect in _EFFECTS):
        yield Complaint(at, f"it does nothing: give {', '.join(_EFFECTS[:-1])} or {_EFFECTS[-1]}")
    for name in texts(rung.get("owes")):
        yield from undeclared({(*at, "owes"): name}, owed, "is not of [[owed]]")
    if rung.get("lines") and len(tables(rulebook, "lines")) < 2:
        yield Complaint((*at, "lines"), "there is no line to go up to: [[lines]] needs two or more")
    if rung.get("on") in _OF_CLOCKS:
        return
    for effect in ("reminds", "assigns", "closes"):
        if rung.get(effect) is True and isinstance(rung.get("on"), str):
            yield Complaint((*at, effect), f'it is for on = "{_OF_CLOCKS[0]}" and on = "{_OF_CLOCKS[1]}" only')
