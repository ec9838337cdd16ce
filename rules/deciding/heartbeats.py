"""What the heartbeat of a source tells: by its coming that the whole way works, by its silence that it does not.

A missing heartbeat is an alert that the desk raises itself, and its return is the resolve of that alert. So it has a
ticket, an episode, letters and a reopening like every other alert, and none of that is made twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from immutables import Map

from rules.alerts.heartbeat import FINGERPRINT, Heartbeat
from rules.alerts.identity import report_key
from rules.decision import Decision
from rules.language.sayings import Saying, say, speak
from rules.letters.correspondence import write_time
from rules.report import Alert

if TYPE_CHECKING:
    from datetime import datetime

    from rules.facts import Facts
    from rules.rulebook import Rulebook

MISSING: Final = "HeartbeatMissing"
"""The alertname of what the desk raises."""


#: What ends has not ended at the instant of its beginning.
_STEP: Final = timedelta(milliseconds=1)


class Judged(NamedTuple):
    """What a look at a heartbeat came to."""

    heartbeat: Heartbeat
    alert: Alert | None
    """What the desk tells itself, to be decided like a source's alert; None where there is nothing to tell."""


def is_heartbeat(alert: Alert, rulebook: Rulebook) -> bool:
    """Tell whether an alert is the one that always fires."""
    return alert.name == rulebook.alerts.heartbeat.alertname


def hear_heartbeat(alert: Alert, facts: Facts, rulebook: Rulebook) -> Decision:
    """Take in one word of a heartbeat: it becomes no ticket, and moves the moment at which its silence is one."""
    known = facts.heartbeats.get(alert.source)
    seen = (alert.source, alert.key) in facts.ledger
    heard = _beat(alert, known, rulebook) if alert.status == "firing" else _end(alert, known, seen=seen)
    why = f"heartbeat of {alert.source}"
    return Decision(verdict="ignored", reasons=(why,), seen_before=seen, heartbeat=heard)


def judge_heartbeat(heartbeat: Heartbeat, rulebook: Rulebook, now: datetime) -> Judged:
    """Decide on a heartbeat that is due: it is missing from now on, or it is back."""
    if heartbeat.missing_since is None:
        missing = replace(heartbeat, due_at=None, missing_since=heartbeat.due_at or now)
        return Judged(missing, _raise(missing, rulebook) if rulebook.alerts.heartbeat.alertname else None)
    back = replace(heartbeat, due_at=heartbeat.last_seen + _interval(heartbeat.source, rulebook), missing_since=None)
    return Judged(back, _alert(heartbeat, "resolved", say("heartbeat-back", source=heartbeat.source), rulebook))


def forgive_absence(heartbeat: Heartbeat, rulebook: Rulebook, now: datetime) -> Heartbeat:
    """Give a heartbeat one more interval from now: while the desk was away it could not hear it."""
    due = now + _interval(heartbeat.source, rulebook)
    if heartbeat.missing or heartbeat.due_at is None or heartbeat.due_at >= due:
        return heartbeat
    return replace(heartbeat, due_at=due)


def _beat(alert: Alert, known: Heartbeat | None, rulebook: Rulebook) -> Heartbeat:
    seen = max(alert.received_at, known.last_seen) if known else alert.received_at
    started = max(alert.starts_at, known.starts_at) if known else alert.starts_at
    if known is not None and known.missing:
        return replace(known, last_seen=seen, starts_at=started, due_at=seen)
    return Heartbeat(
        source=alert.source, last_seen=seen, starts_at=started, due_at=seen + _interval(alert.source, rulebook)
    )


def _end(alert: Alert, known: Heartbeat | None, *, seen: bool) -> Heartbeat | None:
    """A heartbeat that its sender says has ended is missing at once; a late word of an earlier one changes nothing."""
    if known is None or seen or known.missing or alert.starts_at < known.starts_at:
        return None
    return replace(known, due_at=alert.received_at)


def _interval(source: str, rulebook: Rulebook) -> timedelta:
    rules = rulebook.alerts.heartbeat
    return rules.intervals.get(source, rules.interval).length()


def _raise(heartbeat: Heartbeat, rulebook: Rulebook) -> Alert:
    since = write_time(heartbeat.last_seen, rulebook) or ""
    return _alert(heartbeat, "firing", say("heartbeat-missing", source=heartbeat.source, since=since), rulebook)


def _alert(heartbeat: Heartbeat, status: Literal["firing", "resolved"], says: Saying, rulebook: Rulebook) -> Alert:
    """One alert of the desk itself, in the words of the rulebook's language; `job` makes each source a ticket."""
    since = heartbeat.missing_since or heartbeat.last_seen
    return Alert(
        source=heartbeat.source,
        key=report_key(FINGERPRINT, since, status),
        received_at=heartbeat.due_at or since,
        status=status,
        fingerprint=FINGERPRINT,
        starts_at=since,
        ends_at=max(heartbeat.last_seen, since + _STEP) if status == "resolved" else None,
        labels=Map(alertname=MISSING, job=heartbeat.source, severity=rulebook.alerts.heartbeat.severity),
        annotations=Map(summary=speak(says, rulebook.language, lambda _, value: value)),
    )
