"""What came of each command of a member of staff."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Protocol

from rules.commands.answers import keep_words, not_done, usage
from rules.commands.approving import approve, decide, findings, reject
from rules.commands.assigning import assign, line, take
from rules.commands.authority import is_offered, refuse
from rules.commands.ending import close, resolve
from rules.commands.joining import join, split
from rules.commands.judging import category, diagnose, priority, review
from rules.commands.parsing import MOST_COMMANDS, find_stray
from rules.commands.progress import escalate, eta, note, wait
from rules.commands.represent import represent
from rules.commands.silencing import silence
from rules.commands.terms import listed
from rules.commands.verbs import BY_WORD, VERBS, Verb
from rules.commands.writing import arrived, left, owes, report
from rules.language.sayings import Saying, say, say_all
from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.change import Change
    from rules.commands.parsing import Command
    from rules.people import Person


class _Handler(Protocol):
    """Does one command, or nothing where it cannot; returns what came of it, in one line."""

    def __call__(self, change: Change, person: Person, text: str, /) -> str: ...


def show_help(change: Change, person: Person, text: str) -> Saying:  # noqa: ARG001 - one form for all commands
    """What may be done here by command, in one sentence."""
    return say_all(say("helps", example=example, does=does) for example, does in _offered(change, person))


_HANDLERS: Final[dict[Verb, _Handler]] = {
    "take": take,
    "resolve": resolve,
    "assign": assign,
    "wait": wait,
    "line": line,
    "priority": priority,
    "category": category,
    "eta": eta,
    "diagnose": diagnose,
    "note": note,
    "escalate": escalate,
    "approve": approve,
    "reject": reject,
    "review": review,
    "findings": findings,
    "decide": decide,
    "arrived": arrived,
    "left": left,
    "report": report,
    "owe": owes,
    "close": close,
    "silence": silence,
    "for": represent,
    "join": join,
    "split": split,
    "help": show_help,
}


def obey_all(change: Change, commands: Sequence[Command], person: Person) -> tuple[tuple[str, str], ...]:
    """Do what commands say, one after the other; returns each as it was written and what came of it, in one line.

    One that cannot be done changes nothing, and the others are done all the same.
    """
    return tuple(_lines(change, commands, person))


def obey(change: Change, command: Command, person: Person) -> str:
    """Do what a command says; returns what came of it, in one line."""
    if command.verb is None:
        return not_done(_unknown(change, command))
    refused = refuse(change, command.verb, person, word=command.word)
    if refused:
        return not_done(refused)
    keep_words(change, person, command.below)
    return _HANDLERS[command.verb](change, person, command.text)


def _lines(change: Change, commands: Sequence[Command], person: Person) -> Iterator[tuple[str, str]]:
    for command in commands[:MOST_COMMANDS]:
        if command.verb == "help":
            yield from _offered(change, person)
            continue
        yield f"!{command.word}", obey(change, command, person)
        if (stray := find_stray(command)) is not None:
            yield f"!{stray}", not_done(say("stray"))
    if len(commands) > MOST_COMMANDS:
        yield f"!{commands[MOST_COMMANDS].word}", not_done(say("too-many", count=MOST_COMMANDS))


def _offered(change: Change, person: Person) -> tuple[tuple[Saying, Saying], ...]:
    """How each command is written that somebody may give here, and what it does."""
    verbs = (verb for verb in VERBS if is_offered(change, verb, person))
    return tuple((usage(change, verb), say(f"does-{verb}")) for verb in verbs)


def _unknown(change: Change, command: Command) -> Saying:
    word, shown = fold(command.word[:20]), command.word[:20]
    near = get_close_matches(word, list(BY_WORD), n=3, cutoff=0.7 if word.isascii() else 0.5)
    meant = [usage(change, verb) for verb in dict.fromkeys(BY_WORD[word] for word in near)]
    return say("meant-command", word=shown, guess=listed(meant)) if meant else say("no-command", word=shown)
