"""`deskd due`: when a promise falls due, or how much time counted, and the intervals that were counted to get there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rules.calendars import Calendar, Interval
    from rules.duration import Duration
    from rules.working_time import Due, Pause

_SHOWN: Final = "%a %Y-%m-%d %H:%M:%S %z"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the calendar, the start, and a limit or an end."""
    parser.add_argument("--rulebook", metavar="NAME-OR-FILE", help="whose calendar; left out: enterprise-itsm")
    parser.add_argument("--calendar", required=True, metavar="NAME", help="one of its [calendars.NAME]")
    parser.add_argument(
        "--from", dest="start", required=True, metavar="TIME", help="RFC 3339; in the calendar's zone without an offset"
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--limit", metavar="DURATION", help="such as 4h, 90wm or 3wd: when is it reached?")
    asked.add_argument("--to", dest="end", metavar="TIME", help="how much time counts until then?")
    parser.add_argument(
        "--paused",
        action="append",
        default=[],
        metavar="FROM/TO",
        help="does not count; repeatable; no TO: still paused",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object: due, working_seconds, counted")


def run(arguments: argparse.Namespace) -> int:
    """Reckon and print; 0, or 2 where the question cannot be understood."""
    from daemon.cli.layout import write

    calendar = _find_calendar(arguments.rulebook, arguments.calendar)
    answer = _answer(arguments, calendar)
    _warn(calendar, [_moment(arguments.start, "--from", calendar), *([answer.at] if answer.at else [])])
    write(_as_json(answer, calendar, arguments) if arguments.json else _as_text(answer, calendar, arguments))
    return 0


def _answer(arguments: argparse.Namespace, calendar: Calendar) -> Due:
    """The limit and where it is reached, or the end that was given and what counted until then."""
    from rules.working_time import Due, due, worked

    start = _moment(arguments.start, "--from", calendar)
    pauses = [_pause(written, calendar) for written in arguments.paused]
    try:
        if arguments.end is None:
            return due(start, _duration(arguments.limit), calendar, pauses)
        end = _moment(arguments.end, "--to", calendar)
        return Due(end, worked(start, end, calendar, pauses).counted)
    except ValueError as error:
        _refuse("--limit" if arguments.end is None else "--to", str(error))


def _find_calendar(rulebook: str | None, name: str) -> Calendar:
    from daemon.config.rulebooks import find_rulebook, read_rulebook_file
    from daemon.config.tables import DEFAULT_RULEBOOK
    from rules.problems import did_you_mean

    book = read_rulebook_file(find_rulebook(rulebook or DEFAULT_RULEBOOK))
    calendar = book.calendar(name) if name in book.calendars else None
    if calendar is None:
        hint = did_you_mean(name, book.calendars) or f"; it has {', '.join(book.calendars) or 'none'}"
        _refuse("--calendar", f"{name!r} is no calendar of {book.name}{hint}")
    return calendar


def _moment(text: str, option: str, calendar: Calendar) -> datetime:
    """An instant in UTC."""
    from datetime import UTC, datetime

    from rules.wall_clock import instant

    try:
        at = datetime.fromisoformat(text.strip())
        return at.astimezone(UTC) if at.tzinfo else instant(at, calendar.zone)
    except (ValueError, OverflowError):
        _refuse(option, f"{text!r} is no time: write 2026-11-23T09:30 or 2026-11-23T09:30:00+08:00")


def _pause(written: str, calendar: Calendar) -> Pause:
    from rules.working_time import Pause

    start, slash, end = written.partition("/")
    if not slash:
        _refuse("--paused", f"{written!r} is no pause: write FROM/TO, or FROM/ for one that has not ended")
    since = _moment(start, "--paused", calendar)
    until = _moment(end, "--paused", calendar) if end.strip() else None
    if until is not None and until < since:
        _refuse("--paused", f"{written!r} ends before it starts")
    return Pause(since, until)


def _duration(written: str) -> Duration:
    from rules.duration import Duration

    return Duration.parse(written)


def _refuse(option: str, says: str) -> NoReturn:
    from daemon.config.problems import ConfigError, FileProblem

    raise ConfigError([FileProblem(file=option, line=None, key="", says=says)])


def _warn(calendar: Calendar, moments: Iterable[datetime]) -> None:
    import sys

    years = sorted({at.astimezone(calendar.zone).year for at in moments})
    for doubt in calendar.warnings(range(years[0], years[-1] + 1)):
        sys.stderr.write(f"warning: {doubt}\n")


def _as_json(answer: Due, calendar: Calendar, arguments: argparse.Namespace) -> str:
    import json

    reached = answer.at if arguments.end is None else None
    told: dict[str, Any] = {
        "due": reached and _local(reached, calendar).isoformat(),
        "working_seconds": _seconds(answer.counted),
        "counted": [[_local(each, calendar).isoformat() for each in (span.start, span.end)] for span in answer.counted],
    }
    return json.dumps(told) + "\n"


def _as_text(answer: Due, calendar: Calendar, arguments: argparse.Namespace) -> str:
    return "".join(f"{line}\n" for line in _lines(answer, calendar, arguments))


def _lines(answer: Due, calendar: Calendar, arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.end is None:
        yield f"due {_local(answer.at, calendar):{_SHOWN}}" if answer.at else "held: a pause has not ended"
    yield f"counted {_hours(_seconds(answer.counted))}"
    for span in answer.counted:
        start, end = _local(span.start, calendar), _local(span.end, calendar)
        yield f"  {start:{_SHOWN}} - {end:{_SHOWN}}  {_hours(span.length.total_seconds())}"


def _hours(seconds: float) -> str:
    """Hours, minutes and seconds: a day of working time is no day of the clock."""
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes // 60)}:{int(minutes % 60):02}:{int(rest):02}"


def _seconds(counted: Iterable[Interval]) -> float:
    """The length of all intervals; a whole number where it is one."""
    seconds = sum(span.length.total_seconds() for span in counted)
    return int(seconds) if seconds == int(seconds) else seconds


def _local(at: datetime, calendar: Calendar) -> datetime:
    return at.astimezone(calendar.zone)
