"""What is wrong with a file somebody wrote: where it stands, and a sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import tomllib
    from collections.abc import Iterable, Mapping, Sequence

    from rules.toml_files.lines import Place


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong with a file, at its place."""

    at: Place
    says: str
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """One thing wrong in a file. A warning does not keep the desk from starting."""

    file: str
    line: int | None
    key: str
    """`mailboxes[0].port`; empty where it concerns the whole file."""
    says: str
    severity: Literal["error", "warning"] = "error"

    @property
    def where(self) -> str:
        """The file, with the line where there is one."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    @property
    def told(self) -> str:
        """The key and what is wrong with it."""
        return ": ".join(part for part in (self.key, self.says) if part)

    def __str__(self) -> str:
        says = self.says if self.severity == "error" else f"warning: {self.says}"
        return ": ".join(part for part in (self.where, self.key, says) if part)


def located(complaints: Iterable[Complaint], lines: Mapping[Place, int], *, file: str) -> list[FileProblem]:
    """The complaints about one file with their lines (`rules.toml_files.lines.key_lines`), in the order of the file."""
    found = [
        FileProblem(
            file=file,
            line=_line_of(complaint.at, lines),
            key=key_of(complaint.at),
            says=complaint.says,
            severity=complaint.severity,
        )
        for complaint in complaints
    ]
    return sorted(found, key=lambda problem: problem.line or 0)


def toml_problem(error: tomllib.TOMLDecodeError | RecursionError, text: str, *, file: str) -> FileProblem:
    """Why a text is no TOML, and where: `tomllib` tells its line only in its message, as `(at line 3, column 5)`."""
    if isinstance(error, RecursionError):
        return FileProblem(file=file, line=None, key="", says="its values are nested too deep")
    says, _, position = str(error).rpartition(" (at ")
    line = text.count("\n") + 1 if position.startswith("end of document") else None
    if position.startswith("line "):
        line = int(position.removeprefix("line ").partition(",")[0])
    return FileProblem(file=file, line=line, key="", says=says or str(error))


def key_of(at: Place) -> str:
    """The place as a person writes it: `mailboxes[0].port`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in at)
    return "".join(parts).removeprefix(".")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question to add to a complaint about an unknown word, or nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def one_of(choices: Sequence[str]) -> str:
    """`"tls", "starttls" or "plain"`."""
    quoted = [f'"{choice}"' for choice in choices]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _line_of(at: Place, lines: Mapping[Place, int]) -> int | None:
    """The line of a key; of what is missing, the line of the table it is missing from."""
    return next((lines[at[:length]] for length in range(len(at), 0, -1) if at[:length] in lines), None)
