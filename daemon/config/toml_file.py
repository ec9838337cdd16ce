"""A TOML file somebody wrote: its values, and on which line each stands."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.config.problems import ConfigError, FileProblem
from rules.toml_files.lines import key_lines
from rules.toml_files.problems import located, toml_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rules.toml_files.lines import Place
    from rules.toml_files.problems import Complaint

LARGEST_FILE: Final = 1 << 20
NOT_THERE: Final = "cannot be read: no such file or directory"


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says, and where."""

    name: str
    raw: dict[str, Any]
    lines: Mapping[Place, int]

    def problems(self, complaints: Iterable[Complaint]) -> list[FileProblem]:
        """The complaints with this file's name and their lines, in the order of the file."""
        return located(complaints, self.lines, file=self.name)


def read_toml(path: Path, missing: str = NOT_THERE) -> TomlFile:
    """Read a file. Raises ConfigError, with the line, for what cannot be read or is no TOML.

    `missing` is what to say of a file that is not there.
    """
    text = read_text(path, missing)
    try:
        return TomlFile(str(path), tomllib.loads(text), key_lines(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError([toml_problem(error, text, file=str(path))]) from error


def read_text(path: Path, missing: str = NOT_THERE) -> str:
    """Read a file of UTF-8 text. Raises ConfigError where that cannot be done."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise _unreadable(path, missing) from error
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(content) > LARGEST_FILE:
        raise _unreadable(path, "is larger than 1 MiB")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, "this line is not UTF-8 text", line) from error


def _unreadable(path: Path, says: str, line: int | None = None) -> ConfigError:
    return ConfigError([FileProblem(file=str(path), line=line, key="", says=says)])
