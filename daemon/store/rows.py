"""Rows to the data of `rules`, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from immutables import Map
from pydantic import TypeAdapter

from daemon.store.alerts.rows import alert_values, read_alerts
from daemon.store.alerts.storms import read_storm, storm_values
from daemon.store.instants import from_microseconds, to_microseconds
from rules.alerts.heartbeat import Heartbeat
from rules.attachment import TicketAttachment
from rules.calendar.working_time import Pause
from rules.events import AnyEvent, Event
from rules.letter import Letter
from rules.silences.kept import KeptSilence
from rules.ticket import Clock, Owed, Participant, Suggestion, Ticket

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

Values = dict[str, Any]

_EVENTS: TypeAdapter[Event] = TypeAdapter(AnyEvent)

#: The fields of a ticket that are columns of its row, under the same names.
TICKET_FIELDS = [
    "id",
    "number",
    "channel",
    "source",
    "kind",
    "category",
    "impact",
    "urgency",
    "priority",
    "status",
    "waiting_for",
    "team",
    "assignee",
    "line",
    "subject",
    "summary",
    "language",
    "requester",
    "relation",
    "zone",
    "forwarded_from",
    "key",
    "merged_into",
    "firing",
    "silence",
    "reports",
    "repeats",
    "counted_repeats",
    "reopened",
    "raised",
    "approval",
    "expected_at",
    "complaint",
    "solution",
    "imported",
    "flooded",
    "opened_at",
    "reported_at",
    "changed_at",
    "responded_at",
    "resolved_at",
    "closed_at",
    "last_event",
]
_ATTACHMENT_FIELDS = ["source", "key", "number", "name", "type", "size", "refused"]
_SUGGESTION_FIELDS = ["ticket", "number", "likeness", "reason"]
_PARTICIPANT_FIELDS = [
    "address",
    "name",
    "subject",
    "language",
    "counted",
    "by_similarity",
    "named",
    "silent",
    "came_with",
    "confirmed",
]
_HEARTBEAT_FIELDS = ["source", "last_seen", "starts_at", "due_at", "missing_since"]
_SILENCE_FIELDS = [
    "source",
    "by",
    "until",
    "state",
    "ends_at",
    "attempts",
    "failing_since",
    "told_failing",
    "due_at",
]
_CLOCK_FIELDS = [
    "name",
    "cycle",
    "started_at",
    "limit",
    "calendar",
    "due_at",
    "warn_at",
    "warned_at",
    "overdue_at",
    "stopped_at",
    "outcome",
]


def ticket_values(ticket: Ticket) -> Values:
    """The row of a ticket."""
    values = {field: getattr(ticket, field) for field in TICKET_FIELDS}
    return values | {
        "milestones": {moment: to_microseconds(at) for moment, at in ticket.milestones.items()},
        "missing": list(ticket.missing) or None,
        "owed": [_owed_values(owed) for owed in ticket.owed] or None,
        "owed_open": " ".join(owed.name for owed in ticket.owed if owed.written_at is None) or None,
        "attachments": [attachment_values(each) for each in ticket.attachments] or None,
        "ratings": [list(rating) for rating in ticket.ratings] or None,
        "concerns": list(ticket.concerns) or None,
        "suggested": _suggestion_values(ticket.suggested),
        "absorbed": list(ticket.absorbed) or None,
        "parted": [list(each) for each in ticket.parted] or None,
        "next_due_at": ticket.next_due,
        **alert_values(ticket.alerts),
        "storm": storm_values(ticket.storm),
    }


def read_ticket(
    row: Row[Any], *, participants: Sequence[Participant], clocks: Sequence[Clock], rungs: frozenset[str]
) -> Ticket:
    """The ticket of a row and of the rows that belong to it."""
    values = row._mapping
    fields = {field: values[field] for field in TICKET_FIELDS}
    return Ticket(
        **fields,
        participants=tuple(participants),
        clocks=tuple(clocks),
        rungs=rungs,
        alerts=read_alerts(values["alerts"]),
        storm=read_storm(values["storm"]),
        milestones=Map({moment: from_microseconds(at) for moment, at in values["milestones"].items()}),
        missing=tuple(values["missing"] or ()),
        owed=tuple(_read_owed(*owed) for owed in values["owed"] or ()),
        attachments=tuple(read_attachment(each) for each in values["attachments"] or ()),
        ratings=tuple((aspect, step) for aspect, step in values["ratings"] or ()),
        concerns=tuple(values["concerns"] or ()),
        suggested=_read_suggestion(values["suggested"]),
        absorbed=tuple(values["absorbed"] or ()),
        parted=tuple((address, ticket) for address, ticket in values["parted"] or ()),
    )


def attachment_values(attachment: TicketAttachment) -> list[Any]:
    """An attachment as a list, in which many are kept."""
    return [getattr(attachment, field) for field in _ATTACHMENT_FIELDS]


def read_attachment(values: Sequence[Any]) -> TicketAttachment:
    """The attachment of such a list."""
    return TicketAttachment(**dict(zip(_ATTACHMENT_FIELDS, values, strict=True)))


def _suggestion_values(suggestion: Suggestion | None) -> list[Any] | None:
    return None if suggestion is None else [getattr(suggestion, field) for field in _SUGGESTION_FIELDS]


def _read_suggestion(values: Sequence[Any] | None) -> Suggestion | None:
    return None if values is None else Suggestion(**dict(zip(_SUGGESTION_FIELDS, values, strict=True)))


def _owed_values(owed: Owed) -> list[Any]:
    written_at = None if owed.written_at is None else to_microseconds(owed.written_at)
    return [owed.name, owed.by, to_microseconds(owed.since), written_at]


def _read_owed(name: str, by: str | None, since: int, written_at: int | None) -> Owed:
    written = None if written_at is None else from_microseconds(written_at)
    return Owed(name=name, by=by, since=from_microseconds(since), written_at=written)


def participant_values(ticket: int, position: int, person: Participant) -> Values:
    """The row of a participant."""
    values = {field: getattr(person, field) for field in _PARTICIPANT_FIELDS}
    return values | {"ticket_id": ticket, "position": position, "threads": list(person.threads)}


def read_participant(row: Mapping[str, Any]) -> Participant:
    """The participant of a row."""
    fields = {field: row[field] for field in _PARTICIPANT_FIELDS}
    return Participant(**fields, threads=tuple(row["threads"]))


def clock_values(ticket: int, position: int, clock: Clock) -> Values:
    """The row of a clock."""
    values = {field: getattr(clock, field) for field in _CLOCK_FIELDS}
    pauses = [[to_microseconds(p.start), None if p.end is None else to_microseconds(p.end)] for p in clock.pauses]
    return values | {"ticket_id": ticket, "position": position, "pauses": pauses}


def read_clock(row: Mapping[str, Any]) -> Clock:
    """The clock of a row."""
    fields = {field: row[field] for field in _CLOCK_FIELDS}
    pauses = tuple(
        Pause(from_microseconds(start), None if end is None else from_microseconds(end)) for start, end in row["pauses"]
    )
    return Clock(**fields, pauses=pauses)


def event_values(ticket: int, sequence: int, event: Event) -> Values:
    """The row of an event: its kind and time as columns, all of it as JSON."""
    data = _EVENTS.dump_json(event).decode()
    return {"ticket_id": ticket, "sequence": sequence, "at": event.at, "kind": event.kind, "data": data}


def read_event(data: str) -> Event:
    """The event of a row's JSON."""
    return _EVENTS.validate_json(data)


def heartbeat_values(heartbeat: Heartbeat) -> Values:
    """The row of a heartbeat."""
    return {field: getattr(heartbeat, field) for field in _HEARTBEAT_FIELDS}


def read_heartbeat(row: Row[Any]) -> Heartbeat:
    """The heartbeat of a row."""
    return Heartbeat(**{field: row._mapping[field] for field in _HEARTBEAT_FIELDS})


def silence_values(silence: KeptSilence) -> Values:
    """The row of a silence, without who has claimed it."""
    values = {field: getattr(silence, field) for field in _SILENCE_FIELDS}
    labels = [[list(label) for label in each] for each in silence.labels]
    return values | {"ticket_id": silence.ticket, "labels": labels, "ids": list(silence.ids) or None}


def read_silence(row: Row[Any]) -> KeptSilence:
    """The silence of a row."""
    fields = {field: row._mapping[field] for field in _SILENCE_FIELDS}
    labels = tuple(tuple((name, value) for name, value in each) for each in row.labels)
    return KeptSilence(**fields, ticket=row.ticket_id, labels=labels, ids=tuple(row.ids or ()))


def letter_values(letter: Letter) -> Values:
    """The row of a letter, as far as the decision says it."""
    return {
        "recipient": letter.to,
        "name": letter.name,
        "template": letter.template,
        "language": letter.language,
        "thread": list(letter.references),
        "data": dict(letter.data),
        "enclosed": [attachment_values(each) for each in letter.enclosed] or None,
    }


def read_letter(row: Row[Any]) -> Letter:
    """The letter of a row."""
    return Letter(
        to=row.recipient,
        name=row.name,
        template=row.template,
        language=row.language,
        references=tuple(row.thread),
        data=Map({key: _as_tuple(value) for key, value in row.data.items()}),
        enclosed=read_enclosed(row),
    )


def read_enclosed(row: Row[Any]) -> tuple[TicketAttachment, ...]:
    """What goes along with the letter of a row."""
    return tuple(read_attachment(each) for each in row.enclosed or ())


def labels_key(labels: Sequence[str]) -> str:
    """Label values as the key of a tally."""
    return json.dumps(labels, ensure_ascii=False)


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list) else value
