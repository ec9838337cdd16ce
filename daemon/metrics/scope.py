"""Which label values there are, and how many of them: at most 2,000 series, whatever a file declares."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.metrics.catalogue import DURATIONS, GAUGES, OTHER, TOTALS, WHOLE, Configured, Domain
from daemon.metrics.targets import duration_edges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rules.rulebook import Rulebook

MOST_SERIES = 2_000

#: Kept free for the process, the workers and the build; and what each of these has in process (live.py).
_OWN_SERIES = 120
_SERIES_OF_A_SOURCE = 27
_SERIES_OF_A_MAILBOX = 22
_SERIES_OF_A_LISTENER = 18

#: More values of one label are never shown, which also bounds the search for what fits.
_MOST_VALUES = 200

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the rulebook and the configuration declare."""

    rulebook: Rulebook
    sources: tuple[str, ...] = ()
    """The names of the configured senders of webhooks."""
    mailing: tuple[str, ...] = ()
    """Those of them that mail as well."""
    mailboxes: tuple[str, ...] = ()
    listeners: tuple[str, ...] = ()
    objective: float = 0.95
    """The share of its clocks that the desk means to keep, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class LabelSpace:
    """The values that labels have on `/metrics`; every other value is shown as `other`."""

    configured: Mapping[Configured, tuple[str, ...]]

    def values(self, domain: Domain) -> tuple[str, ...]:
        """The declared values of a domain, without `other`."""
        return domain if isinstance(domain, tuple) else self.configured[domain]

    def known(self, labels: Mapping[str, Domain]) -> Iterator[Labels]:
        """Every combination of declared values: these exist from the start."""
        return itertools.product(*(self.values(domain) for domain in labels.values()))

    def fold(self, labels: Mapping[str, Domain], values: Iterable[str]) -> Labels:
        """Label values as they are shown.

        Where one of those that a file declares is gone, all of them are `other`: it would cost the desk a series for
        each team, level and clock together to tell what was left of an earlier file.
        Raises ValueError where their number is not the number of labels.
        """
        domains = list(labels.values())
        shown = [
            value if value in self.values(domain) else OTHER for domain, value in zip(domains, values, strict=True)
        ]
        declared = [place for place, domain in enumerate(domains) if not isinstance(domain, tuple)]
        if any(shown[place] == OTHER for place in declared):
            for place in declared:
                shown[place] = OTHER
        return tuple(shown)


def fit(scope: Scope, most: int = MOST_SERIES) -> LabelSpace:
    """The label values of a desk, so few that no more than `most` series come of them.

    Where they are too many, the last ones of the longest list are shown as `other`.
    """
    edges = {durations.name: len(duration_edges(durations, scope.rulebook)) for durations in DURATIONS}
    lists = {domain: values[:_MOST_VALUES] for domain, values in _declared(scope).items()}
    while _count(lists, edges) > most and any(lists.values()):
        longest = max(lists, key=lambda domain: len(lists[domain]))
        lists[longest] = lists[longest][:-1]
    return LabelSpace(lists)


def _declared(scope: Scope) -> dict[Configured, tuple[str, ...]]:
    satisfaction, monitors = scope.rulebook.satisfaction, scope.rulebook.alerts.mails
    mailboxes = (*scope.mailboxes, *scope.listeners)
    return {
        "team": tuple(scope.rulebook.teams),
        "priority": scope.rulebook.priority.levels,
        "clock": tuple(scope.rulebook.promises),
        "line": tuple(line.name for line in scope.rulebook.lines),
        "owed": tuple(owed.name for owed in scope.rulebook.owed),
        "aspect": (WHOLE, *(aspect.name for aspect in satisfaction.aspects)) if satisfaction.steps else (),
        "step": tuple(step.name for step in satisfaction.steps),
        "source": scope.sources,
        "alert_source": tuple(dict.fromkeys((*scope.sources, *(mailboxes if monitors else ())))),
        "mailbox": mailboxes,
        "listener": scope.listeners,
        "monitor": (*(monitor.name for monitor in monitors), *scope.mailing),
    }


def _count(lists: Mapping[Configured, tuple[str, ...]], edges: Mapping[str, int]) -> int:
    """The most series that can come of these values and of `other`."""

    def size(labels: Mapping[str, Domain]) -> int:
        fixed = math.prod(len(each) for each in labels.values() if isinstance(each, tuple))
        declared = [len(lists[each]) for each in labels.values() if not isinstance(each, tuple)]
        return fixed * (math.prod(declared) + bool(declared))

    plain = sum(size(total.labels) for total in TOTALS) + sum(size(gauge.labels) for gauge in GAUGES)
    buckets = sum(size(durations.labels) * (edges[durations.name] + 3) for durations in DURATIONS)
    live = _SERIES_OF_A_SOURCE * (len(lists["source"]) + 1) + _SERIES_OF_A_MAILBOX * (len(lists["mailbox"]) + 1)
    return _OWN_SERIES + plain + buckets + live + _SERIES_OF_A_LISTENER * len(lists["listener"])
