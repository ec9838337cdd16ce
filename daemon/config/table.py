"""What all tables of `deskd.toml` have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from pydantic import ValidationInfo


class Table(BaseModel):
    """One table of the file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    about: ClassVar[str] = ""


def refuse_both(value: object, info: ValidationInfo) -> object:
    """A secret stands in the file or in one of its own, not both."""
    twin = str(info.field_name).rpartition("_file")[0]
    if value is not None and info.data.get(twin) is not None:
        raise ValueError(f"{twin} and {info.field_name} are both given: keep one")
    return value
