"""Alerts that the rulebook names to be ignored, and those of them that it names no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.identity import end_key
from rules.deciding.heartbeats import is_heartbeat
from rules.report import Alert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.facts import Entry
    from rules.report import Report
    from rules.rulebook import Rulebook


def why_ignored(alert: Alert) -> str:
    """The reason that the ledger has for an alert which the rulebook ignores. `is_taken_up` finds it again by this."""
    return f"the rulebook ignores {alert.name}"


def is_left_out(report: Report, ledger: Mapping[tuple[str, str], Entry], rulebook: Rulebook) -> bool:
    """Tell whether the ledger has an alert as ignored that fires, and that the rulebook does not ignore now.

    It may have been a late word, or dropped from the quarantine: the reason tells.
    """
    entry = ledger.get((report.source, report.key))
    if entry is None or entry.verdict != "ignored" or not isinstance(report, Alert) or report.status != "firing":
        return False
    return report.name not in rulebook.alerts.ignore and not is_heartbeat(report, rulebook)


def is_taken_up(report: Report, ledger: Mapping[tuple[str, str], Entry], rulebook: Rulebook) -> bool:
    """Tell whether a word that is known is to be decided as if it were new, as the rulebook ignores it no more.

    Its sender sends what fires again and again and never anew. Where the end was told meanwhile, it is a late word.
    `ledger` has the reason of what `is_left_out`, and the end where that was told.
    """
    if not is_left_out(report, ledger, rulebook) or not isinstance(report, Alert):
        return False
    told = ledger[report.source, report.key].reason
    return told == why_ignored(report) and (report.source, end_key(report)) not in ledger
