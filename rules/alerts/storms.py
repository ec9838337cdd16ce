"""Very many different alerts of one source in a short time: what would open further tickets joins one.

Nothing is dropped: each alert has its ledger entry, its episode and its events. Only tickets and letters are bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.alerts.events import StormBegan
from rules.alerts.heartbeat import FINGERPRINT as HEARTBEAT
from rules.alerts.identity import make_key
from rules.alerts.joining import Joining, join_ticket, note_report
from rules.alerts.severity import severity_of, tell_rise, worst_level
from rules.deciding.conversation import reopen
from rules.deciding.opening import open_ticket
from rules.judging.priority import higher, judge, severity_level
from rules.language.sayings import Saying, say, speak
from rules.letters.correspondence import people_to_tell, tell_staff, write_time
from rules.work.dispatch import give_to_somebody

if TYPE_CHECKING:
    from datetime import datetime

    from rules.change import Change
    from rules.decision import Decision
    from rules.episode import Episode
    from rules.facts import Facts
    from rules.letter import Value
    from rules.report import Alert
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

KEY_VERSION: Final = "storm:1:"
"""Before every key of a storm's ticket."""

_FIRST_TOLD: Final = 100
"""People hear of a storm when it begins, when so many alerts have joined, and whenever they have doubled since."""

_SHOWN: Final = 15
"""So many alertnames a letter shows."""


def storm_keys(alert: Alert, rulebook: Rulebook) -> tuple[str, ...]:
    """The keys of the tickets that a storm may put this alert on: by the rulebook's labels, and of its whole source."""
    rules = rulebook.alerts.storm
    if not rules.tickets:
        return ()
    whole = make_key(KEY_VERSION, (alert.source,))
    if not rules.key:
        return (whole,)
    told = ([alert.labels[one] for one in choice.split("|") if alert.labels.get(one)] for choice in rules.key)
    return make_key(KEY_VERSION, (alert.source, *(values[0] if values else "" for values in told))), whole


def why_storm(alert: Alert, change: Change) -> Saying | None:
    """Why an alert opens no ticket of its own: its source opened too many lately, or its storm goes on."""
    rules = change.rulebook.alerts.storm
    if not rules.tickets or alert.fingerprint == HEARTBEAT:
        return None
    if change.facts.opened_lately.get(alert.source, 0) >= rules.tickets:
        return say("storm", source=alert.source, count=rules.tickets, window=str(rules.within))
    known = (_known(key, change.facts) for key in storm_keys(alert, change.rulebook))
    if any(ticket is not None and _goes_on(ticket, change.rulebook, change.now) for ticket in known):
        return say("storm-goes-on", source=alert.source, window=str(rules.within))
    return None


def find_storm(alert: Alert, change: Change) -> Ticket | None:
    """The ticket that takes the alerts of a storm: open, closed while they fire, or to be opened again; or None."""
    ticket = _known(_key(alert, change), change.facts)
    if ticket is None or ticket.open or ticket.alerts.muted:
        return ticket
    return ticket if ticket.ended_at + change.rulebook.alerts.reopen_window.length() >= change.now else None


def join_storm(alert: Alert, episode: Episode | None, change: Change, storm: Ticket | None, why: Saying) -> Decision:
    """Put an alert on the ticket of a storm, which is opened where there is none (`storm`). Nobody is told of each.

    `episode` is the one before it of the same alert; `why` says why it opens no ticket of its own.
    """
    again = storm is not None and episode is not None and episode.ticket == storm.id
    if storm is None:
        _open(alert, change, why)
    else:
        change = change.on(storm)
    was = worst_level(change.ticket, change.rulebook)
    join_ticket(alert, episode, change, again=again)
    if storm is None:
        _give(change, why)
        return change.decide("opened")
    verdict: Joining = "repeated" if again else "appended" if storm.open or storm.alerts.muted else "reopened"
    note_report(change, alert, verdict, why, counts=False)
    _go_on(change, why)
    if higher(severity_level(severity_of(alert), change.rulebook), was or change.ticket.priority, change.rulebook):
        tell_rise(alert, change, was=was)
    return change.decide(verdict)


def _open(alert: Alert, change: Change, reason: Saying) -> None:
    """Open the ticket of a storm. The alert that began it is still to join."""
    language = change.rulebook.language
    subject, summary = (
        speak(each, language, lambda _, value: value) for each in (say("storm-subject", source=alert.source), reason)
    )
    judgement = judge(alert, change.rulebook, people=0)
    key = _key(alert, change)
    open_ticket(change, alert, judgement, subject=subject, summary=summary, language="und", key=key)
    change.happen(StormBegan(at=change.now, source=alert.source, reason=reason), because=reason)


def _give(change: Change, reason: Saying) -> None:
    """Have somebody named for the ticket of a new storm, and tell the lead too."""
    give_to_somebody(change, requester=None, text=change.ticket.summary, is_alert=True, labels=())
    _tell(change, reason)


def _go_on(change: Change, reason: Saying) -> None:
    """What follows when an alert has joined a storm: its ticket is worked on again, and its doubled size is told."""
    if not change.ticket.open and not change.ticket.alerts.muted:
        reopen(change, by=None, reason=reason)
        _tell(change, reason)
    elif change.ticket.open and is_told(_folded(change.ticket)):
        _tell(change, reason)


def _folded(ticket: Ticket) -> int:
    """How many alerts have joined the storm of a ticket; 0 where it has none."""
    return ticket.storm.folded if ticket.storm is not None else 0


def is_told(count: int) -> bool:
    """Tell whether a storm of so many alerts is told of: 100, 200, 400, 800 ..."""
    times, rest = divmod(count, _FIRST_TOLD)
    return rest == 0 and times.bit_count() == 1


def _tell(change: Change, reason: Saying) -> None:
    for person in people_to_tell(change, ("assignee", "lead")):
        tell_staff(change, person, "storm", reason=reason, count=change.ticket.firing, **_table(change))


def _table(change: Change) -> dict[str, Value]:
    """The alerts of the storm by name, those of which most fire first, and how many more fire that are not shown."""
    storm = change.ticket.storm
    rows = sorted((row for row in storm.rows if row.firing > 0), key=lambda row: -row.firing) if storm else []
    shown = rows[:_SHOWN]
    pairs = tuple((f"{row.firing:,} × {row.name}", write_time(row.since, change.rulebook) or "") for row in shown)
    return {"firing": pairs, "more": change.ticket.firing - sum(row.firing for row in shown)}


def _key(alert: Alert, change: Change) -> str:
    """Of the keys the narrower one, unless labels with very many values make as many storms as there were tickets."""
    keys = storm_keys(alert, change.rulebook)
    known = _known(keys[0], change.facts)
    if known is not None and known.open:
        return keys[0]
    too_many = 2 * change.rulebook.alerts.storm.tickets
    return keys[-1] if change.facts.opened_lately.get(alert.source, 0) >= too_many else keys[0]


def _known(key: str, facts: Facts) -> Ticket | None:
    number = facts.by_key.get(key)
    return facts.tickets.get(number) if number is not None else None


def _goes_on(ticket: Ticket, rulebook: Rulebook, now: datetime) -> bool:
    if ticket.storm is None or not (ticket.open or ticket.alerts.muted):
        return False
    return ticket.storm.last_at + rulebook.alerts.storm.within.length() > now
