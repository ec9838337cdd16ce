"""Commands about visits and what is written: `!arrived`, `!left`, `!report`, `!owe`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.commands.answers import explain, name_of, not_done, pick, work
from rules.commands.authority import is_on_site
from rules.commands.terms import called, take_term, terms
from rules.language.sayings import Saying, say, say_all
from rules.letters.correspondence import write_time
from rules.work.moments import reach
from rules.work.owed import find_owed, owe, write_down
from rules.work.status import start_work

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person


def arrived(change: Change, person: Person, text: str) -> Saying:
    """Record that somebody is on site; `text` tells where."""
    if is_on_site(change.ticket):
        since = write_time(change.ticket.milestones["arrived"], change.rulebook)
        return not_done(say("there-since", since=since or ""))
    owed = _pending(change)
    work(change, person)
    start_work(change)
    reach(change, "arrived", by=person.address, text=text)
    return _with_debts(change, say("arrived"), owed)


def left(change: Change, person: Person, text: str) -> Saying:
    """Record that somebody has left the site; `text` tells which parts were used."""
    there, owed = is_on_site(change.ticket), _pending(change)
    work(change, person)
    reach(change, "left", by=person.address, text=text)
    return _with_debts(change, say("left") if there else say("left-unseen"), owed)


def report(change: Change, person: Person, text: str) -> Saying:
    """Write down what is owed; its name may be left out where only one thing is."""
    pending = _pending(change)
    if not pending:
        return not_done(say("nothing-owed", number=change.ticket.number))
    found = take_term(text, _names(change), joined=True)
    if found is not None and found.key not in pending:
        return not_done(say("not-owed", owed=found.key, known=called("owed", pending)))
    if found is None and len(pending) > 1:
        return explain(change, "report", say("none-named", known=called("owed", pending)))
    name, words = (found.key, found.rest) if found else (pending[0], text)
    owed = find_owed(change, name)
    if owed is None or not words:
        return explain(change, "report", say("no-report", owed=name))
    work(change, person, reassesses=False)
    write_down(change, owed, person, words)
    return say("written", owed=name)


def owes(change: Change, person: Person, text: str) -> Saying:
    """Have something written, such as an article: it is owed from now on, by its clock."""
    rules = {rule.name: rule for rule in change.rulebook.owed}
    if not rules:
        return not_done(say("no-owed"))
    found = pick(change, "owe", text, _names(change), "owed")
    if isinstance(found, Saying):
        return found
    if found.key in _pending(change):
        return not_done(say("owed-before", owed=found.key))
    rule = rules[found.key]
    if not rule.when.holds(change.ticket):
        return not_done(say("owed-elsewhere", owed=rule.name))
    work(change, person, reassesses=False)
    owe(change, rule, reason=found.rest or say("asked-by", person=name_of(person)))
    owed = find_owed(change, rule.name)
    writer = change.facts.staff.find(owed.by if owed else None)
    return say("owed-by", owed=rule.name, person=name_of(writer)) if writer else say("now-owed", owed=rule.name)


def _pending(change: Change) -> tuple[str, ...]:
    """What is owed and not written yet, by name."""
    return tuple(owed.name for owed in change.ticket.owed if owed.written_at is None)


def _names(change: Change) -> dict[str, str]:
    return terms({rule.name: rule.names for rule in change.rulebook.owed} | {name: {} for name in _old(change)})


def _old(change: Change) -> tuple[str, ...]:
    """What is owed by an earlier rulebook that this one no longer knows."""
    known = {rule.name for rule in change.rulebook.owed}
    return tuple(name for name in _pending(change) if name not in known)


def _with_debts(change: Change, done: Saying, before: tuple[str, ...]) -> Saying:
    """What came of a command, and what it leaves to be written."""
    new = [name for name in _pending(change) if name not in before]
    return say_all((done, *(say("now-owed", owed=name) for name in new)))
