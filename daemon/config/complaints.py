"""What pydantic found in deskd.toml, and walking its tables before they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rules.toml_files.complaints import complaints_of, model_in
from rules.toml_files.problems import Complaint, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Complaint", "complaints_of", "key_of", "model_in", "tables_in"]


def tables_in(raw: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The tables of an array such as `[[people]]` that are tables at all, with their index."""
    array = raw.get(key)
    for index, table in enumerate(array if isinstance(array, list) else ()):
        if isinstance(table, Mapping):
            yield index, table
