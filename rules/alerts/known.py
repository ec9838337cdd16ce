"""The episode that a word of an alert is about, also where another rulebook made its identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.identity import identify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.episode import Episode
    from rules.facts import Facts
    from rules.report import Alert
    from rules.rulebook import Rulebook


def find_episode(alert: Alert, facts: Facts, rulebook: Rulebook) -> Episode | None:
    """The newest episode of an alert's identity, unless another that fires has its series.

    An episode keeps its identity until it ends: where the rulebook makes another one meanwhile (`ignore_labels`), the
    sender's fingerprint tells which it is. Only what fires in none belongs to the identity that is made now.
    """
    own = facts.episodes.get((alert.source, identify(alert, rulebook)))
    if alert.episode or (own is not None and fires_in(alert, own)):
        return own
    return find_by_series(alert, facts.episodes, facts.series) or own


def find_by_series(
    alert: Alert, episodes: Mapping[tuple[str, str], Episode], series: Mapping[tuple[str, str], str]
) -> Episode | None:
    """The firing episode of an alert's series; None where none has it.

    It is one under the sender's own fingerprint, or under the identity that `series` names.
    """
    for identity in (alert.fingerprint, series.get((alert.source, alert.fingerprint))):
        episode = episodes.get((alert.source, identity)) if identity is not None else None
        if episode is not None and fires_in(alert, episode):
            return episode
    return None


def fires_in(alert: Alert, episode: Episode) -> bool:
    """Tell whether an episode fires, and with the series of this alert."""
    if episode.resolved_at is not None:
        return False
    return alert.fingerprint in episode.series if episode.series else alert.fingerprint == episode.fingerprint
