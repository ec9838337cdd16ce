"""A TOML file somebody wrote: its values, and on which line each stands."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.config.complaints import key_of
from daemon.config.problems import ConfigError, FileProblem
from rules.toml_lines import key_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from daemon.config.complaints import Complaint
    from rules.toml_lines import Place

LARGEST_FILE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says, and where."""

    name: str
    raw: dict[str, Any]
    lines: Mapping[Place, int]

    def problems(self, complaints: Iterable[Complaint]) -> list[FileProblem]:
        """The complaints with this file's name and their lines, in the order of the file."""
        found = [
            FileProblem(
                file=self.name,
                line=_line_of(complaint.at, self.lines),
                key=key_of(complaint.at),
                says=complaint.says,
                severity=complaint.severity,
            )
            for complaint in complaints
        ]
        return sorted(found, key=lambda problem: problem.line or 0)


def read_toml(path: Path) -> TomlFile:
    """Read a file. Raises ConfigError, with the line, for what cannot be read or is no TOML."""
    text = _read_text(path)
    try:
        return TomlFile(str(path), tomllib.loads(text), key_lines(text))
    except tomllib.TOMLDecodeError as error:
        says, line = _where(str(error), text)
        raise _unreadable(path, says, line) from error
    except RecursionError:
        raise _unreadable(path, "its values are nested too deep") from None


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(content) > LARGEST_FILE:
        raise _unreadable(path, "is larger than 1 MiB")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, "this line is not UTF-8 text", line) from error


def _where(message: str, text: str) -> tuple[str, int | None]:
    """Take `(at line 3, column 5)` off tomllib's message, which has no other way to tell."""
    says, _, position = message.rpartition(" (at ")
    if position.startswith("line "):
        return says, int(position.removeprefix("line ").partition(",")[0])
    return says or message, text.count("\n") + 1 if position.startswith("end of document") else None


def _unreadable(path: Path, says: str, line: int | None = None) -> ConfigError:
    return ConfigError([FileProblem(file=str(path), line=line, key="", says=says)])


def _line_of(at: Place, lines: Mapping[Place, int]) -> int | None:
    """The line of a key; of what is missing, the line of the table it is missing from."""
    return next((lines[at[:length]] for length in range(len(at), 0, -1) if at[:length] in lines), None)
