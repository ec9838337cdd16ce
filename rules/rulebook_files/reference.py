"""The reference of a rulebook for the README, made from the sections that check it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from rules.rulebook import Rulebook
from rules.rulebook_files.moments import MEANINGS
from rules.sections.section import Condition
from rules.ticket import Moment
from rules.toml_files.complaints import model_in
from rules.toml_files.reference_tables import choices, folded, key_table, toml_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

MEBIBYTE: Final = 1 << 20

#: What many tables hold is described once.
_WHEN: Final = "when = { ... }"
_MOMENTS: Final = "MOMENT"
_A_CONDITION: Final = {"kinds": ["incident"], "levels": ["P1", "P2"]}


def rulebook_reference() -> str:
    """A Markdown table for the keys at the top of the file and one for each of its tables, in the order of the file.

    What many of them hold stands at the end.
    """
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield from folded("name = ...", "The keys that stand first, above every table.", _keys_of(Rulebook))
    for key, field in _tables_of(Rulebook):
        heading, *lines = _table((key,), field)
        yield from folded(heading, lines[0], lines[1:])
    yield from folded(_WHEN, " ".join((inspect.getdoc(Condition) or "").split()), _keys_of(Condition))
    yield from folded(_MOMENTS, "Moments of a ticket, with which clocks start and stop.", _moments())


def _moments() -> Iterator[str]:
    yield "| moment | meaning |"
    yield "|---|---|"
    yield from (f"| `{toml_value(moment)}` | {meaning} |" for moment, meaning in MEANINGS.items())
    yield ""


def _table(path: tuple[str, ...], field: FieldInfo) -> Iterator[str]:
    """The heading of a table, what it is for, its keys, and the tables in it with their headings."""
    section = model_in(field.annotation)
    if section is None:
        return
    here = (*path, "NAME") if get_origin(field.annotation) is dict else path
    name = ".".join(here)
    yield f"[[{name}]]" if get_origin(field.annotation) is tuple else f"[{name}]"
    yield _about(section, field)
    yield from _keys_of(section)
    for key, inner in _tables_of(section):
        heading, about, *lines = _table((*here, key), inner)
        yield from (f"**`{heading}`** {about}", "", *lines)


def _about(section: type[BaseModel], field: FieldInfo) -> str:
    sentences = [inspect.getdoc(section) or "", field.description or "", _names(field.annotation)]
    if field.is_required():
        sentences.append("It must be given.")
    return " ".join(" ".join(sentences).split())


def _names(annotation: Any) -> str:
    """What may stand for NAME in the heading, where that is not free."""
    of_key = choices(get_args(annotation)[0]) if get_origin(annotation) is dict else ()
    return f"NAME is one of {', '.join(of_key)}." if of_key else ""


def _keys_of(section: type[BaseModel]) -> Iterator[str]:
    fields = ((field.alias or key, field) for key, field in section.model_fields.items() if not _is_table(field))
    return key_table(fields, _written, _shared)


def _written(value: object) -> str:
    """A value as the file would hold it; sizes have been counted already."""
    if isinstance(value, int) and value >= MEBIBYTE:
        return f'"{value // MEBIBYTE}MiB"'
    return toml_value(value)


def _shared(field: FieldInfo) -> str:
    """The words for what is described once."""
    if field.annotation is Condition:
        return f"as in `{_WHEN}`, such as `{toml_value(_A_CONDITION)}`"
    if set(choices(field.annotation)) == set(choices(Moment)):
        examples = ", ".join(f"`{toml_value(example)}`" for example in field.examples or ())
        return f"one `{_MOMENTS}` or a list of them, such as {examples}"
    return ""


def _tables_of(section: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    return ((key, field) for key, field in section.model_fields.items() if _is_table(field))


def _is_table(field: FieldInfo) -> bool:
    return model_in(field.annotation) not in (None, Condition)
