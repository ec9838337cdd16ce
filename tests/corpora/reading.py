"""The shipped rulebook, an empty desk, and mails read as the mailbox would read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.config.rulebooks import read_rulebook_file, rulebook_path
from daemon.config.tables import DEFAULT_RULEBOOK
from daemon.explain.knowledge import knows_nothing
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.facts import Facts
    from rules.report import Mail
    from rules.rulebook import Rulebook

NOW: Final = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

#: Beside the mails lie their expected results, attachments, keys and pages about them.
NO_MAILS: Final = frozenset({
    ".json", ".yml", ".xml", ".out", ".md", ".tsv", ".cfg", ".sh",
    ".key", ".crt", ".pem", ".pfx", ".der", ".p7b", ".asc", ".bin", ".png", ".pdf", ".xls", ".wav",
})  # fmt: skip
NO_MAIL_NAMES: Final = frozenset({"COPYING", "README", ".gitattributes", "dir", "size-2"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One file that holds a mail."""

    path: Path
    name: str
    """Below the folder of all collections."""


def samples(corpora: Path, pattern: str) -> Iterator[Sample]:
    """The mails of the collections whose folder matches, in order."""
    for path in sorted(corpora.glob(f"{pattern}/**/*")):
        is_mail = path.suffix.lower() not in NO_MAILS and "_decoded" not in path.name
        if is_mail and path.name not in NO_MAIL_NAMES and path.is_file():
            yield Sample(path, str(path.relative_to(corpora)))


def read_sample(original: bytes, name: str = "sample") -> Mail:
    """A mail as the daemon would read it; nothing proves its sender."""
    return read_mail(original, source="corpora", key=name, received_at=NOW, ourselves=Ourselves())


@cache
def shipped_rulebook() -> Rulebook:
    """The rulebook of a desk that names none."""
    return read_rulebook_file(rulebook_path(DEFAULT_RULEBOOK, Path()))


@cache
def empty_desk() -> Facts:
    """What a desk knows on its first day."""
    return knows_nothing(shipped_rulebook(), NOW).gather(())
