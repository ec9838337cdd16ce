"""`deskd rulebook`: the shipped rulebooks, their text, and whether a rulebook does what its examples want."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from rules.examples import Miss
    from rules.rulebook import Rulebook


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three words and what may stand behind them."""
    words = parser.add_subparsers(dest="word", metavar="WORD", required=True)
    words.add_parser("list", help="name the shipped ones")
    show = words.add_parser("show", help="print one")
    check = words.add_parser("check", help="tell every mistake with its line, and try its examples")
    for subparser in (show, check):
        subparser.add_argument("rulebook", metavar="NAME-OR-FILE", help="a shipped one, or a file")


def run(arguments: argparse.Namespace) -> int:
    """Print what is asked for; 1 where a check finds a mistake or a miss, 2 where there is no such rulebook."""
    from daemon.cli.layout import write
    from daemon.config.rulebooks import find_rulebook
    from daemon.config.toml_file import read_text

    if arguments.word == "list":
        write("".join(f"{line}\n" for line in _shipped()))
        return 0
    path = find_rulebook(arguments.rulebook, option=f"rulebook {arguments.word}")
    if arguments.word == "show":
        write(read_text(path))
        return 0
    return _check(path)


def _shipped() -> Iterator[str]:
    from daemon.cli.layout import align
    from daemon.config.rulebooks import find_rulebook, read_rulebook_file, shipped_rulebooks

    books = [read_rulebook_file(find_rulebook(name)) for name in shipped_rulebooks()]
    return align([(book.name, book.title.get("en", ""), book.title.get("zh-CN", "")) for book in books])


def _check(path: Path) -> int:
    from datetime import UTC, datetime

    from daemon.cli.layout import write
    from daemon.config.problems import ConfigError
    from daemon.config.rulebooks import read_rulebook_file
    from rules.examples import check_examples

    try:
        rulebook = read_rulebook_file(path)
    except ConfigError as error:
        write("".join(f"{problem}\n" for problem in error.problems))
        return 1
    now = datetime.now(UTC)
    misses = check_examples(rulebook, now)
    write("".join(f"{line}\n" for line in _findings(path, rulebook, misses, now)))
    return int(bool(misses))


def _findings(path: Path, rulebook: Rulebook, misses: Sequence[Miss], now: datetime) -> Iterator[str]:
    from itertools import groupby

    from daemon.cli.layout import one_line
    from daemon.config.toml_file import read_toml
    from rules.problems import Complaint
    from rules.rulebook_doubts import calendar_doubts

    source = read_toml(path)
    yield from map(str, source.problems(calendar_doubts(rulebook, (now.year, now.year + 1))))
    for _, of_one in groupby(misses, key=lambda each: each.index):
        missed = list(of_one)
        yield from (
            one_line(str(problem)) for problem in source.problems(Complaint(miss.at, miss.says) for miss in missed)
        )
        yield from (f"    because {one_line(reason)}" for reason in missed[0].reasons)
    wanted = len(rulebook.examples)
    kept = wanted - len({miss.index for miss in misses})
    yield (
        f"{rulebook.name}: {kept} of {wanted} examples come out as wanted"
        if wanted
        else f"{rulebook.name}: no examples"
    )
