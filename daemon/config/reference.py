"""The reference of `deskd.toml` for the README, made from the tables that check it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from daemon.config.complaints import model_in
from daemon.config.table import Table
from daemon.config.tables import ConfigFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

MEBIBYTE = 1 << 20


def config_reference() -> str:
    """A heading and a Markdown table for each table of the file, in the order of the file."""
    return "\n".join(line for name, field in ConfigFile.model_fields.items() for line in _section(name, field))


def _section(name: str, field: FieldInfo) -> Iterator[str]:
    table = model_in(field.annotation)
    if table is None or not issubclass(table, Table):
        return
    is_array = get_origin(field.annotation) is tuple
    yield f"### `[[{name}]]`" if is_array else f"### `[{name}]`"
    yield f"\n{table.about}\n"
    yield "| key | values | default | meaning |"
    yield "|---|---|---|---|"
    yield from (_row(key, described) for key, described in table.model_fields.items())
    yield ""


def _row(key: str, field: FieldInfo) -> str:
    cells = (f"`{key}`", _values(field), _default(field), field.description or "")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _values(field: FieldInfo) -> str:
    """The choices where there are some, otherwise an example."""
    if field.annotation is bool:
        return "`true`, `false`"
    words = [f"`{_toml(choice)}`" for choice in _choices(field.annotation)]
    words += [f"such as `{_toml(example)}`" for example in _examples(field)]
    return ", ".join(words) or "text"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be given**"
    return "" if field.default in {None, ()} else f"`{_toml(field.default)}`"


def _examples(field: FieldInfo) -> list[Any]:
    if field.examples:
        return [field.examples] if _is_list(field.annotation) else field.examples
    is_plain = isinstance(field.default, (str, int)) and not _choices(field.annotation)
    return [field.default] if is_plain else []


def _choices(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for inner in get_args(annotation) if (found := _choices(inner))), ())


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(get_origin(inner) is tuple for inner in get_args(annotation))


def _toml(value: object) -> str:
    """A value as the file would hold it; `Size` and `Seconds` have been counted already."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return f'"{value // MEBIBYTE}MiB"' if value >= MEBIBYTE else str(value)
        case float():
            return f'"{value:g}s"'
        case datetime():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return f'"{value}"'
