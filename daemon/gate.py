"""Every letter that was decided goes through the one gate before it is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daemon.store.posted import find_past
from daemon.store.record import Decided
from rules.deciding.decide_letter import decide_held
from rules.facts import apply
from rules.letters.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from daemon.store.database import Connection
    from daemon.store.gather import Standing
    from rules.facts import Facts
    from rules.letter import Letter
    from rules.rulebook import Rulebook


def pass_gate(
    connection: Connection,
    decided: Sequence[Decided],
    facts: Facts,
    rulebook: Rulebook,
    standing: Standing,
    now: datetime,
) -> tuple[Sequence[Decided], Facts]:
    """Judge the letters of a batch, in their order, and tell staff of those held back.

    Returns the decisions with their letters as they leave, those about held letters behind them, and the facts then.
    """
    letters = [letter for item in decided for letter in item.decision.letters]
    if not letters:
        return decided, facts
    gate = Gate(
        past=find_past(connection, {letter.to for letter in letters}, standing.staff.people, now),
        rules=rulebook.letters,
        staff=standing.staff,
        directory=standing.directory,
        own=standing.own,
        now=now,
    )
    judged = [_judge(item, gate) for item in decided]
    told = []
    for ticket, letter in _held(judged):
        if not gate.is_news(letter):
            continue
        decision = decide_held(letter, facts.tickets[ticket], facts, rulebook, now)
        facts = apply(facts, None, decision)
        told.append(Decided(None, decision))
    return [*judged, *told], facts


def _judge(item: Decided, gate: Gate) -> Decided:
    decision = item.decision
    if decision.ticket is None or not decision.letters:
        return item
    ticket = decision.ticket.id
    return replace(
        item, decision=replace(decision, letters=tuple(gate.judge(each, ticket) for each in decision.letters))
    )


def _held(judged: Sequence[Decided]) -> list[tuple[int, Letter]]:
    decisions = [item.decision for item in judged]
    return [(each.ticket.id, letter) for each in decisions if each.ticket for letter in each.letters if letter.held]
