"""What `deskd due` is asked, read from its command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from daemon.config.problems import ConfigError, FileProblem
from daemon.config.rulebooks import find_rulebook, read_rulebook_file
from daemon.config.tables import DEFAULT_RULEBOOK
from rules.calendar.duration import Duration
from rules.calendar.wall_clock import instant
from rules.calendar.working_time import Due, Pause, due, worked
from rules.toml_files.problems import did_you_mean

if TYPE_CHECKING:
    import argparse

    from rules.calendar.calendars import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """When is a limit reached, or how much counts until an end?"""

    calendar: Calendar
    start: datetime
    until: Duration | datetime
    pauses: tuple[Pause, ...] = ()

    @property
    def asks_for_due(self) -> bool:
        """Whether a limit was given, and not an end."""
        return isinstance(self.until, Duration)

    def answer(self) -> Due:
        """Where the limit is reached or the end that was given, and what counted until then.

        Raises ConfigError for a time that no calendar reaches.
        """
        try:
            if isinstance(self.until, Duration):
                return due(self.start, self.until, self.calendar, self.pauses)
            return Due(self.until, worked(self.start, self.until, self.calendar, self.pauses).counted)
        except ValueError as error:
            _refuse("--limit" if self.asks_for_due else "--to", str(error))


def read_question(arguments: argparse.Namespace) -> Question:
    """The question of a command line; raises ConfigError, naming the option, where it cannot be understood."""
    calendar = _find_calendar(arguments.rulebook, arguments.calendar)
    return Question(
        calendar=calendar,
        start=_moment(arguments.start, "--from", calendar),
        until=_duration(arguments.limit) if arguments.end is None else _moment(arguments.end, "--to", calendar),
        pauses=tuple(_pause(written, calendar) for written in arguments.paused),
    )


def _find_calendar(rulebook: str | None, name: str) -> Calendar:
    book = read_rulebook_file(find_rulebook(rulebook or DEFAULT_RULEBOOK))
    calendar = book.calendar(name) if name in book.calendars else None
    if calendar is None:
        hint = did_you_mean(name, book.calendars) or f"; it has {', '.join(book.calendars) or 'none'}"
        _refuse("--calendar", f"{name!r} is no calendar of {book.name}{hint}")
    return calendar


def _moment(text: str, option: str, calendar: Calendar) -> datetime:
    """The instant in UTC; a time without an offset is what the wall shows in the calendar's zone."""
    try:
        at = datetime.fromisoformat(text.strip())
        return at.astimezone(UTC) if at.tzinfo else instant(at, calendar.zone)
    except (ValueError, OverflowError):
        _refuse(option, f"{text!r} is no time: write 2026-11-23T09:30 or 2026-11-23T09:30:00+08:00")


def _pause(written: str, calendar: Calendar) -> Pause:
    start, slash, end = written.partition("/")
    if not slash:
        _refuse("--paused", f"{written!r} is no pause: write FROM/TO, or FROM/ for one that has not ended")
    since = _moment(start, "--paused", calendar)
    until = _moment(end, "--paused", calendar) if end.strip() else None
    if until is not None and until < since:
        _refuse("--paused", f"{written!r} ends before it starts")
    return Pause(since, until)


def _duration(written: str) -> Duration:
    try:
        return Duration.parse(written)
    except ValueError as error:
        _refuse("--limit", str(error))


def _refuse(option: str, says: str) -> NoReturn:
    raise ConfigError([FileProblem(file=option, line=None, key="", says=says)])
