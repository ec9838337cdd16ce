"""The reference of `deskd.toml` for the README, made from the tables that check it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, get_origin

from daemon.config.complaints import model_in
from daemon.config.oauth_table import OAuth2Table
from daemon.config.table import Table
from daemon.config.tables import ConfigFile
from rules.toml_files.reference_tables import folded, key_table, toml_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

MEBIBYTE = 1 << 20


def config_reference() -> str:
    """A Markdown table for each table of the file, in the order of the file."""
    return "\n".join(line for name, field in ConfigFile.model_fields.items() for line in _section(name, field))


def _section(name: str, field: FieldInfo) -> Iterator[str]:
    table = model_in(field.annotation)
    if table is None or not issubclass(table, Table):
        return
    heading = f"[[{name}]]" if get_origin(field.annotation) is tuple else f"[{name}]"
    yield from folded(heading, table.about, key_table(_keys(table), _written))
    if name == "mailboxes":
        yield from folded("[mailboxes.oauth2]", OAuth2Table.about, key_table(_keys(OAuth2Table), _written))


def _keys(table: type[Table]) -> Iterator[tuple[str, FieldInfo]]:
    return ((field.alias or name, field) for name, field in table.model_fields.items())


def _written(value: object) -> str:
    """A value as the file would hold it; `Size` and `Seconds` have been counted already."""
    match value:
        case int() if value >= MEBIBYTE:
            return f'"{value // MEBIBYTE}MiB"'
        case timedelta():
            return f'"{value.days}d"'
        case float():
            return f'"{value:g}s"'
        case _:
            return toml_value(value)
