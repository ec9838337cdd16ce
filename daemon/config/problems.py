"""Why a configuration cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.toml_files.problems import FileProblem, did_you_mean, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ConfigError", "FileProblem", "did_you_mean", "one_of"]


class ConfigError(Exception):
    """The configuration cannot be used. `problems` are all of them, in the order of the file."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
