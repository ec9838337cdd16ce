"""Reading a rulebook from TOML, and telling its writer everything that is wrong with it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from rules.rulebook import Rulebook
from rules.rulebook_files.extending import compose
from rules.rulebook_files.text import RulebookError, RulebookText
from rules.toml_files.complaints import complaints_of

if TYPE_CHECKING:
    from rules.rulebook_files.text import FindBase

__all__ = ["RulebookError", "read_rulebook"]


def _find_no_base(written: str, _of: str) -> RulebookText:
    raise ValueError(f"{written!r} cannot be found from here")


def read_rulebook(text: str, *, name: str, find_base: FindBase = _find_no_base) -> Rulebook:
    """Read a rulebook; `name` is the file that the problems name, `find_base` gives the text of what it extends.

    Raises RulebookError with every problem, and whatever `find_base` raises beside its ValueError.
    """
    written = compose(RulebookText(name, text), find_base)
    try:
        rulebook = Rulebook.model_validate(written.raw)
    except ValidationError as error:
        raise RulebookError(written.located(complaints_of(error, Rulebook))) from error
    if written.problems:
        raise RulebookError(written.problems)
    return rulebook
