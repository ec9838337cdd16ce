"""What is wrong with a file somebody wrote: where it stands, and a sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """One thing wrong in a file. A warning does not keep the desk from starting."""

    file: str
    line: int | None
    key: str
    """`mailboxes[0].port`; empty where it concerns the whole file."""
    says: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        says = self.says if self.severity == "error" else f"warning: {self.says}"
        return ": ".join(part for part in (where, self.key, says) if part)


class ConfigError(Exception):
    """The configuration cannot be used. `problems` are all of them, in the order of the file."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question to add to a complaint about an unknown word, or nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def one_of(choices: Sequence[str]) -> str:
    """`"tls", "starttls" or "plain"`."""
    quoted = [f'"{choice}"' for choice in choices]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
