"""A rulebook as it was written, with the place of each of its keys, before anything is checked."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rules.toml_files.lines import key_lines
from rules.toml_files.problems import FileProblem, key_of, toml_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rules.toml_files.lines import Place
    from rules.toml_files.problems import Complaint


class RulebookError(Exception):
    """A rulebook cannot be used. `problems` are all of them, in the order of the file."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class RulebookText:
    """The text of a rulebook, and the file that its problems name."""

    name: str
    text: str


#: Gives the text that `extends = "..."` means, in the rulebook with the name that is the second argument; raises
#: ValueError with a sentence for its writer.
FindBase = Callable[[str, str], RulebookText]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody wrote a key."""

    file: str
    line: int
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRulebook:
    """The values of a rulebook, its own and those it took over, as TOML gives them."""

    name: str
    raw: dict[str, Any]
    origins: Mapping[Place, Origin]
    """Of each place in `raw`."""
    problems: tuple[FileProblem, ...] = field(default=())
    """What is wrong with the taking over."""

    def located(self, complaints: Iterable[Complaint]) -> list[FileProblem]:
        """What was found so far together with these complaints, in the order of the file.

        What is wrong with something taken over stands where it was taken over, as that is the writer's own file.
        """
        found = [*self.problems, *(self._problem(complaint) for complaint in complaints)]
        return sorted(found, key=lambda problem: problem.line or 0)

    def _problem(self, complaint: Complaint) -> FileProblem:
        at, says, line = _as_written(complaint.at, self.raw), complaint.says, None
        known = next((length for length in range(len(at), 0, -1) if at[:length] in self.origins), None)
        if known is not None:
            origin = self.origins[at[:known]]
            at, line = (*origin.at, *at[known:]), origin.line
            if origin.file != self.name:
                says, line = f"{says} (taken over from {origin.file}:{origin.line})", self._line_of_extends()
        return FileProblem(file=self.name, line=line, key=key_of(at), says=says, severity=complaint.severity)

    def _line_of_extends(self) -> int | None:
        origin = self.origins.get(("extends",))
        return origin.line if origin else None


def _as_written(at: Place, raw: Any) -> Place:
    """The place without what its section made of a single value: a list of one, or a table for every level."""
    holder = raw
    for depth, part in enumerate(at):
        match holder:
            case dict():
                holder = holder.get(part)
            case list() if isinstance(part, int) and part < len(holder):
                holder = holder[part]
            case None | list():
                return at
            case _:
                return at[:depth]
    return at


def parse(written: RulebookText) -> WrittenRulebook:
    """Read one text by itself. Raises RulebookError where it is no TOML."""
    try:
        raw = tomllib.loads(written.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RulebookError([toml_problem(error, written.text, file=written.name)]) from error
    origins = {at: Origin(written.name, line, at) for at, line in key_lines(written.text).items()}
    return WrittenRulebook(name=written.name, raw=raw, origins=origins)
