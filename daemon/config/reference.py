"""The reference of `deskd.toml` for the README, made from the tables that check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from daemon.config.complaints import model_in
from daemon.config.tables import ConfigFile, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo


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
    choices = _choices(field.annotation)
    if choices:
        listed = ", ".join(f"`{_toml(choice)}`" for choice in choices)
        return f"list of {listed}" if _is_list(field.annotation) else listed
    if field.annotation is bool:
        return "`true`, `false`"
    example = field.examples[0] if field.examples else field.default
    if not field.examples and (example is None or field.is_required()):
        return "a path" if str(field.description).startswith(("A file", "Certificates")) else "text"
    return f"such as `{_toml([example] if _is_list(field.annotation) and not isinstance(example, tuple) else example)}`"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be given**"
    match field.default:
        case None | ():
            return ""
        case str() | bool() | tuple():
            return f"`{_toml(field.default)}`"
        case _ if field.examples:
            return f"`{_toml(field.examples[0])}`"
        case _:
            return f"`{_toml(field.default)}`"


def _choices(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for inner in get_args(annotation) if (found := _choices(inner))), ())


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(get_origin(inner) is tuple for inner in get_args(annotation))


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return f'"{value}"'
