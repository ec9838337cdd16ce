"""The reference of a file for the README: a Markdown table made from the fields that check it."""

from __future__ import annotations

import re
from datetime import date, datetime
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydantic.fields import FieldInfo

    WriteValue = Callable[[Any], str]

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def folded(heading: str, about: str, table: Iterable[str]) -> Iterator[str]:
    """The lines of one table of the file, closed until its line is clicked."""
    yield "<details>"
    yield f"<summary><code>{heading}</code> {about}</summary>"
    yield ""
    yield from table
    yield "</details>"
    yield ""


def key_table(
    fields: Iterable[tuple[str, FieldInfo]], written: WriteValue, shared: Callable[[FieldInfo], str] | None = None
) -> Iterator[str]:
    """The lines of a table with a row for each key. `written` says how the file holds a value.

    `shared` gives the words for values that many keys have and one place describes; nothing for others.
    """
    yield "| key | values | default | meaning |"
    yield "|---|---|---|---|"
    yield from (_row(key, field, written, shared(field) if shared else "") for key, field in fields)
    yield ""


def toml_value(value: object) -> str:
    """A value as a TOML file holds it, on one line; what TOML has no type for is text."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_key(key)} = {toml_value(inner)}' for key, inner in value.items())} }}"
        case _:
            return f'"{value}"'


def choices(annotation: Any) -> tuple[Any, ...]:
    """What `Literal`s allow, also as one of several types or inside a list; what is in a dict does not count."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) is dict:
        return ()
    return tuple(dict.fromkeys(found for inner in get_args(annotation) for found in choices(inner)))


def _row(key: str, field: FieldInfo, written: WriteValue, values: str) -> str:
    meaning = " ".join((field.description or "").split())
    cells = (f"`{key}`", values or _values(field, written), _default(field, written), meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _values(field: FieldInfo, written: WriteValue) -> str:
    """The choices where there are some, and examples that are none of them."""
    if field.annotation is bool:
        return "`true`, `false`"
    allowed = choices(field.annotation)
    words = [f"`{written(choice)}`" for choice in allowed]
    if words and _is_list(field.annotation):
        words[0] = f"any of {words[0]}"
    if words and _may_be(int, field.annotation):
        words.append("a whole number")
    if examples := ", ".join(f"`{written(example)}`" for example in _examples(field) if example not in allowed):
        words.append(f"such as {examples}")
    return ", ".join(words) or "text"


def _default(field: FieldInfo, written: WriteValue) -> str:
    if field.is_required():
        return "**must be given**"
    if field.default in (None, (), {}, "") or isinstance(field.default, BaseModel):
        return ""
    return f"`{written(field.default)}`"


def _examples(field: FieldInfo) -> list[Any]:
    """Examples of the whole value; those of a list may be given item by item."""
    if field.examples:
        by_item = _is_list(field.annotation) and not all(isinstance(example, list) for example in field.examples)
        return [field.examples] if by_item else field.examples
    is_plain = isinstance(field.default, (str, int, float)) and not choices(field.annotation)
    return [field.default] if is_plain else []


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(get_origin(inner) is tuple for inner in _alternatives(annotation))


def _may_be(kind: type, annotation: Any) -> bool:
    return any(kind in (inner, *get_args(inner)[:1]) for inner in _alternatives(annotation))


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()


def _key(key: object) -> str:
    return str(key) if _BARE_KEY.fullmatch(str(key)) else f'"{key}"'
