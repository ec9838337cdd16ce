"""`deskd due`: when a promise falls due, or how much time counted, and the intervals that were counted to get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the calendar, the start, and a limit or an end."""
    parser.add_argument("--rulebook", metavar="NAME-OR-FILE", help="whose calendar; left out: enterprise-itsm")
    parser.add_argument("--calendar", required=True, metavar="NAME", help="one of its [calendars.NAME]")
    parser.add_argument(
        "--from", dest="start", required=True, metavar="TIME", help="RFC 3339; without an offset in the calendar's zone"
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--limit", metavar="DURATION", help="such as 4h, 90wm or 3wd: when is it reached?")
    asked.add_argument("--to", dest="end", metavar="TIME", help="how much time counts until then?")
    parser.add_argument(
        "--paused",
        action="append",
        default=[],
        metavar="FROM/TO",
        help="does not count; may be given often; TO may be left out",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object: due, working_seconds, counted")


def run(arguments: argparse.Namespace) -> int:
    """Reckon and print; 0. A question that cannot be understood is a ConfigError that names its option."""
    from daemon.cli.due_answer import doubts, tell_as_json, tell_as_text
    from daemon.cli.due_question import read_question
    from daemon.cli.layout import warn, write

    question = read_question(arguments)
    answer = question.answer()
    warn(doubts(question, answer))
    write(tell_as_json(question, answer) if arguments.json else tell_as_text(question, answer))
    return 0
