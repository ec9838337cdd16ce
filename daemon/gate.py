"""Every letter that was decided goes through the one gate before it is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from immutables import Map

from daemon.store.letters.posted import find_past
from daemon.store.letters.reach import find_reach
from daemon.store.record import Decided
from rules.deciding.decide_letter import decide_held
from rules.facts import apply
from rules.letters.gate import Gate
from rules.letters.resting import Reach, why_resting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from daemon.store.database import Connection
    from daemon.store.gather import Standing
    from rules.decision import Decision
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
    letters = [letter for item in decided for each in item.decision.whole for letter in each.letters]
    if not letters:
        return decided, facts
    people = {letter.to for letter in letters}
    past = find_past(connection, people, standing.staff.people, now)
    reach = find_reach(connection, people).update(facts.reach)
    resting = {one: why for one in people if (why := why_resting(one, reach.get(one, Reach()), rulebook.letters, now))}
    gate = Gate(
        past=replace(past, resting=Map(resting)),
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
    decision = _judge_letters(item.decision, gate)
    beside = tuple(_judge_letters(each, gate) for each in decision.beside)
    if beside:
        decision = replace(decision, beside=beside)
    return item if decision is item.decision else replace(item, decision=decision)


def _judge_letters(decision: Decision, gate: Gate) -> Decision:
    if decision.ticket is None or not decision.letters:
        return decision
    ticket = decision.ticket.id
    letters = tuple(gate.judge(each, ticket) for each in decision.letters)
    if all(judged is letter for judged, letter in zip(letters, decision.letters, strict=True)):
        return decision
    return replace(decision, letters=letters)


def _held(judged: Sequence[Decided]) -> list[tuple[int, Letter]]:
    decisions = [each for item in judged for each in item.decision.whole]
    return [(each.ticket.id, letter) for each in decisions if each.ticket for letter in each.letters if letter.held]
