"""Which alerts are one: the identity of an episode and of a ticket, the same for what is pushed and what is fetched."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from rules.alerts.heartbeat import FINGERPRINT as HEARTBEAT
from rules.report import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from rules.episode import Episode
    from rules.report import Alert
    from rules.rulebook import Rulebook

KEY_VERSION: Final = "am:1:"
"""Before every ticket key, so that a later way to make keys cannot split or join old tickets by accident."""

#: Labels that say what an alert is about, the most telling first.
_TARGETS: Final = ("instance", "host", "hostname", "node", "pod", "container", "device")
_LONGEST_TARGET: Final = 200
_MOST_SHOWN: Final = 60
_MOST_LINKS: Final = 10
#: The query of a graph stands in its link, so that one may be long; a part of one leads nowhere.
_LONGEST_LINK: Final = 4_000
#: Bytes. An index of PostgreSQL takes no more than 2,704.
_LONGEST_KEY: Final = 1_000


def fingerprint_of(labels: Mapping[str, str]) -> str:
    """An identity for an alert whose sender gave none: 16 hexadecimal digits over all its labels, in any order."""
    digest = hashlib.sha256()
    for name, value in sorted(labels.items()):
        digest.update(f"{name}\0{value}\0".encode())
    return digest.hexdigest()[:16]


def report_key(fingerprint: str, starts_at: datetime, status: str) -> str:
    """The key of a report of an alert by its sender's fingerprint: one for each state of each firing."""
    return f"{fingerprint}.{starts_at.isoformat()}.{status}"


def end_key(alert: Alert) -> str:
    """The key of the report that tells the end of a firing alert."""
    return report_key(alert.fingerprint, alert.starts_at, "resolved")


def firing_keys(episode: Episode) -> tuple[str, ...]:
    """The keys of the reports that tell an episode fires: with its earliest start, and the newest where it moved."""
    starts = dict.fromkeys((episode.starts_at, episode.newest_start))
    series = episode.series or (episode.fingerprint,)
    return tuple(report_key(fingerprint, start, "firing") for fingerprint in series for start in starts)


def identify(alert: Alert, rulebook: Rulebook) -> str:
    """The fingerprint that tells the episodes of one alert from those of another, within its source.

    It is the sender's own. Where the rulebook leaves labels out (`ignore_labels`), it is made of the other labels, so
    that replicas, or a label that holds a measured value, are one alert. What reads mails has chosen its labels itself.
    """
    if alert.episode:
        return alert.episode
    ignored = rulebook.alerts.ignore_labels
    # A heartbeat is the desk's own.
    if not ignored or alert.monitor or alert.fingerprint == HEARTBEAT:
        return alert.fingerprint
    return fingerprint_of({name: value for name, value in alert.labels.items() if name not in ignored})


def ticket_key(alert: Alert, rulebook: Rulebook) -> str:
    """The key of the one open ticket that an alert belongs to, from the labels that the rulebook names.

    An alert that has none of them belongs to no other.
    """
    values = []
    for choice in rulebook.alerts.key:
        found = (f"{label}={alert.labels[label]}" for label in choice.split("|") if alert.labels.get(label))
        values.append(next(found, ""))
    if not any(values):
        values = [f"fingerprint={identify(alert, rulebook)}"]
    return make_key(KEY_VERSION, (alert.source, *values))


def make_key(version: str, parts: Iterable[str]) -> str:
    """The key that these parts make; where they are too long for an index, a digest of them."""
    key = "\n".join(parts)
    told = key.encode()
    return version + (key if len(told) <= _LONGEST_KEY else f"sha256:{hashlib.sha256(told).hexdigest()}")


def target_of(alert: Alert) -> str:
    """What an alert is about, for people: its instance, host, node ... or its summary where no label tells."""
    named = next((alert.labels[label] for label in _TARGETS if alert.labels.get(label)), alert.summary)
    return named[:_LONGEST_TARGET]


def subject_of(alert: Alert) -> str:
    """What the ticket of an alert is called: its name, and the service or job that it is about."""
    where = alert.labels.get("service") or alert.labels.get("job") or ""
    return f"{alert.name} ({where[:LONGEST_NAME]})" if where else alert.name


def labels_to_show(alert: Alert) -> tuple[tuple[str, str], ...]:
    """The labels of an alert for a letter: so many, and of each so much, as anybody reads."""
    return tuple((name, value[:LONGEST_NAME]) for name, value in sorted(alert.labels.items())[:_MOST_SHOWN])


def links_to_show(alert: Alert) -> tuple[tuple[str, str], ...]:
    """Where an alert says that more is to be read: annotations such as `runbook_url`, and the graph of its rule."""
    named = (*sorted(alert.annotations.items()), ("generatorURL", alert.generator_url))
    return tuple((name, value.strip()) for name, value in named if _is_link(value.strip()))[:_MOST_LINKS]


def _is_link(value: str) -> bool:
    return (
        value.startswith(("http://", "https://"))
        and len(value) <= _LONGEST_LINK
        and not any(character.isspace() for character in value)
    )
