"""Reading a rulebook from TOML, and telling its writer everything that is wrong with it at once."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rules.complaints import complaints_of
from rules.problems import located, toml_problem
from rules.rulebook import Rulebook
from rules.toml_lines import key_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.problems import FileProblem


class RulebookError(Exception):
    """A rulebook cannot be used. `problems` are all of them, in the order of the file."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def read_rulebook(text: str, *, name: str) -> Rulebook:
    """Read a rulebook; `name` is the file that the problems name. Raises RulebookError with every problem."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RulebookError([toml_problem(error, text, file=name)]) from error
    try:
        return Rulebook.model_validate(raw)
    except ValidationError as error:
        raise RulebookError(located(complaints_of(error, Rulebook), key_lines(text), file=name)) from error
