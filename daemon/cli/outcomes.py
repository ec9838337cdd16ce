"""What became of mails, a line each."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from daemon.cli.layout import one_line, write
from daemon.errands.errand import ErrandError, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells outcomes, for a person or as JSON."""

    as_json: bool

    def tell_all(self, told: Iterable[tuple[str, Outcome | str]]) -> int:
        """Tell each mail by its name with what became of it, or why nothing did; returns the exit status."""
        failed = False
        try:
            for name, outcome in told:
                failed |= isinstance(outcome, str) or outcome.verdict == "quarantined"
                write(self._line(name, outcome) + "\n")
        except ErrandError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        return int(failed)

    def _line(self, name: str, outcome: Outcome | str) -> str:
        if self.as_json:
            told = {"error": outcome} if isinstance(outcome, str) else asdict(outcome)
            return json.dumps({"mail": name} | told, ensure_ascii=False)
        return f"{one_line(name)}: {one_line(outcome if isinstance(outcome, str) else in_words(outcome))}"


def in_words(outcome: Outcome) -> str:
    """The verdict, the ticket and the reason on one line."""
    ticket = f" ticket {outcome.ticket}" if outcome.ticket else ""
    again = "known already: " if outcome.seen_before else ""
    return f"{again}{outcome.verdict}{ticket} ({outcome.reason})"
