"""What `deskd due` answers, for people and as JSON. All times are told in the zone of the calendar."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from daemon.cli.due_question import Question
    from rules.calendar.working_time import Due

_SHOWN: Final = "%a %Y-%m-%d %H:%M:%S %z"


def tell_as_json(question: Question, answer: Due) -> str:
    """One line: `due` (null where it was not asked for, or an open pause holds it), `working_seconds`, `counted`."""
    zone = question.calendar.zone
    reached = answer.at if question.asks_for_due else None
    told: dict[str, Any] = {
        "due": reached and reached.astimezone(zone).isoformat(),
        "working_seconds": _seconds(answer),
        "counted": [[at.astimezone(zone).isoformat() for at in (span.start, span.end)] for span in answer.counted],
    }
    return json.dumps(told) + "\n"


def tell_as_text(question: Question, answer: Due) -> str:
    """The moment, how much counted, and a line for each interval."""
    return "".join(f"{line}\n" for line in _lines(question, answer))


def doubts(question: Question, answer: Due) -> tuple[str, ...]:
    """A sentence for each year of the answer whose official days are not known yet."""
    zone = question.calendar.zone
    first = question.start.astimezone(zone).year
    last = answer.at.astimezone(zone).year if answer.at else first
    return question.calendar.warnings(range(first, last + 1))


def _lines(question: Question, answer: Due) -> Iterator[str]:
    zone = question.calendar.zone

    def shown(at: datetime) -> str:
        return at.astimezone(zone).strftime(_SHOWN)

    if question.asks_for_due:
        yield f"due {shown(answer.at)}" if answer.at else "held: a pause has not ended"
    yield f"counted {_hours(_seconds(answer))}"
    for span in answer.counted:
        yield f"  {shown(span.start)} - {shown(span.end)}  {_hours(span.length.total_seconds())}"


def _seconds(answer: Due) -> float:
    """The length of all intervals; a whole number where it is one."""
    seconds = sum(span.length.total_seconds() for span in answer.counted)
    return int(seconds) if seconds == int(seconds) else seconds


def _hours(seconds: float) -> str:
    """Hours, minutes and seconds: a day of working time is no day of the clock."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
