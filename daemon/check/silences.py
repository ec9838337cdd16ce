"""Whether the silences that tickets want at Alertmanager could be set, extended and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines, write_moment
from daemon.check.records import read_records
from daemon.store.alerts.silences import find_failing_silences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.config.settings import Config
    from daemon.store.alerts.silences import FailingSilence
    from rules.rulebook import Rulebook

#: So many are named one by one.
_SHOWN = 5


def check_silences(config: Config, lines: Lines) -> list[Finding]:
    """Name the silences that the desk tries in vain to keep as their tickets want them."""
    return list(_findings(config, lines))


def _findings(config: Config, lines: Lines) -> Iterator[Finding]:
    failing = read_records(config, find_failing_silences)
    where = {source.name: lines.where("alertmanagers", at, "api") for at, source in enumerate(config.alert_sources)}
    for each in failing[:_SHOWN]:
        yield Finding("warn", "silences", _tell(each, config.rulebook), where.get(each.source, lines.file))
    if len(failing) > _SHOWN:
        yield Finding("warn", "silences", f"and {len(failing) - _SHOWN} more that fail")
    if not failing:
        yield Finding("ok", "silences", "each stands at Alertmanager as its ticket wants it")


def _tell(failing: FailingSilence, rulebook: Rulebook) -> str:
    done = "ended" if failing.state == "ending" else "extended" if failing.state == "active" else "set"
    since = write_moment(failing.failing_since, rulebook)
    return f"that of {failing.number} could not be {done} at {failing.source} since {since}"
