"""Which labels tell the alerts of a ticket from all others.

They are those that the keys of its alerts are made of, with those of the keys that the alerts lack: every alert on
which they hold would join this very ticket. So a silence covers a new host of the same trouble and nothing of any
other, whatever else the alerts are labelled with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.identity import KEY_VERSION

if TYPE_CHECKING:
    from rules.rulebook import Rulebook
    from rules.silences.kept import Labels
    from rules.ticket import Ticket


def silenced_labels(ticket: Ticket, rulebook: Rulebook) -> tuple[Labels, ...]:
    """The labels of each key of a ticket's alerts at its own source; none where its own key does not say."""
    own = _labels_of(ticket.key or "", ticket.source, rulebook)
    related = (_labels_of(each.key, ticket.source, rulebook) for each in ticket.alerts.related)
    return (own, *(each for each in related if each)) if own else ()


def _labels_of(key: str, source: str, rulebook: Rulebook) -> Labels:
    start = f"{KEY_VERSION}{source}\n"
    values, choices = key.removeprefix(start).split("\n"), rulebook.alerts.key
    if not key.startswith(start) or len(values) != len(choices):
        return ()
    labels: dict[str, str] = {}
    for value, choice in zip(values, choices, strict=True):
        given, _, text = value.partition("=")
        for label in choice.split("|"):
            if label == given:
                labels[label] = text
                break
            labels.setdefault(label, "")
        else:
            if value:  # the rulebook makes its keys of other labels now
                return ()
    return tuple(labels.items()) if any(labels.values()) else ()
