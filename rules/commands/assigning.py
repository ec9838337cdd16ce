"""Commands about whose work a ticket is: `!take`, `!assign`, `!line`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from immutables import Map

from rules.commands.answers import explain, keep_words, name_of, not_done, pick, tell_colleague, told, work
from rules.commands.colleagues import take_person
from rules.commands.terms import Found, take_term, terms
from rules.language.sayings import Saying, say, say_all
from rules.work.dispatch import give_to, hand_over, tell_assigned
from rules.work.lines import find_line, next_line
from rules.work.status import start_work

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person
    from rules.sections.desk import Line

_UP: Final = Map(dict.fromkeys(("up", "next", "higher", "上一级", "下一线", "上一线", "向上"), "up"))


def take(change: Change, person: Person, text: str) -> Saying:
    """Make the ticket one's own, and tell who had it."""
    number, was = change.ticket.number, change.ticket.assignee
    if was != person.address:
        give_to(change, person, team=change.ticket.team, reason=say("takes", person=name_of(person)))
    work(change, person)
    start_work(change)
    keep_words(change, person, text)
    if was == person.address:
        return say("taken-before", number=number)
    tell_colleague(change, was, person, say("takes", person=name_of(person)))
    return say("taken", number=number)


def assign(change: Change, person: Person, text: str) -> Saying:
    """Give the ticket to a colleague, with the reason, and tell him and who had it."""
    named = take_person(text, change.facts.staff)
    if isinstance(named, Saying):
        return not_done(named) if named.key == "meant" else explain(change, "assign", named)
    colleague, reason = named
    was = change.ticket.assignee
    if was == colleague.address:
        return not_done(say("has-it", person=name_of(colleague)))
    work(change, person)
    why = reason or say("gives", person=name_of(person))
    give_to(change, colleague, team=_team_of(change, colleague), reason=why)
    if colleague.address != person.address:
        tell_assigned(change, colleague)
    tell_colleague(change, was, person, say("went-to", person=name_of(colleague)))
    given = say("given", person=name_of(colleague))
    return say_all((given, say("is-away"))) if colleague.is_away(change.now) else given


def line(change: Change, person: Person, text: str) -> Saying:
    """Hand the ticket to another line of support."""
    wanted = _take_line(change, text)
    if isinstance(wanted, Saying):
        return wanted
    to, reason = wanted
    if to.name == change.ticket.line:
        return not_done(say("on-it", line=to.name))
    was = change.ticket.assignee
    work(change, person)
    hand_over(change, to, by=person.address, reason=reason or say("gives", person=name_of(person)))
    now = change.facts.staff.find(change.ticket.assignee)
    if change.ticket.assignee != was:
        tell_colleague(change, was, person, say("goes-to", line=to.name))
    if now is None or to.vendor:
        return told(change, say("handed", line=to.name))
    return told(change, say("handed-to", line=to.name, person=name_of(now)))


def _team_of(change: Change, person: Person) -> str:
    """The team that the ticket belongs to when this person has it: it stays with its own where he works in that."""
    team = change.ticket.team
    return team if team in person.teams else next(iter(person.teams), team)


def _take_line(change: Change, text: str) -> tuple[Line, str] | Saying:
    lines = change.rulebook.lines
    if not lines:
        return not_done(say("no-lines"))
    if (up := take_term(text, _UP, joined=True)) is not None:
        above = next_line(change.rulebook, change.ticket, 1)
        return (above, up.rest) if above else not_done(say("last-line", line=change.ticket.line))
    numbers = {str(number): each.name for number, each in enumerate(lines, 1)}
    found = pick(change, "line", text, numbers | terms({each.name: each.names for each in lines}), "line")
    if not isinstance(found, Found):
        return found
    named = find_line(change.rulebook, found.key)
    return (named, found.rest) if named else not_done(say("no-lines"))
