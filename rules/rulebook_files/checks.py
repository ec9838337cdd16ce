"""What the sections of a rulebook must agree on: names that are used are declared, and promises can be kept.

The sections are looked at as they were written, whether or not each is right by itself, so that every mistake is told
at once. What is of the wrong kind is passed over here; the sections complain of it themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.rulebook_files.checking.answers import check_answers
from rules.rulebook_files.checking.levels import check_levels
from rules.rulebook_files.checking.mails import check_mails
from rules.rulebook_files.checking.names import check_names
from rules.rulebook_files.checking.numbers import check_numbers
from rules.rulebook_files.checking.promises import check_promises
from rules.rulebook_files.checking.rungs import check_rungs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.rulebook_files.checking.written import Table
    from rules.toml_files.problems import Complaint


def disagreements(rulebook: Table) -> Iterator[Complaint]:
    """Everything on which the sections of a rulebook, as TOML gives them, do not agree."""
    yield from check_numbers(rulebook)
    yield from check_names(rulebook)
    yield from check_levels(rulebook)
    yield from check_promises(rulebook)
    yield from check_rungs(rulebook)
    yield from check_answers(rulebook)
    yield from check_mails(rulebook)
