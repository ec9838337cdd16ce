"""Commands about what a ticket is and how urgent: `!priority`, `!category`, `!diagnose`, `!review`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from immutables import Map

from rules.commands.answers import explain, name_of, not_done, pick, tell_colleague, work
from rules.commands.terms import Found, called, closest, first_word, take_term, terms
from rules.events import Judged
from rules.language.sayings import Saying, say, say_all
from rules.language.writing import fold
from rules.work.clocks import change_limits
from rules.work.dispatch import follow_category
from rules.work.moments import reach
from rules.work.status import start_work

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person
    from rules.rulebook import Rulebook

#: A single word behind `!review` is a name that nobody knows, unless it is one of these.
_AGREED: Final = frozenset(
    ("ok", "okay", "fine", "right", "correct", "agreed", "同意", "正确", "无误", "可以", "没问题")
)
_STEPS: Final = Map(
    dict.fromkeys(("up", "raise", "higher", "升", "升级", "提高", "调高", "上调", "+"), "up")
    | dict.fromkeys(("down", "lower", "降", "降级", "降低", "调低", "下调", "-"), "down")
)


def priority(change: Change, person: Person, text: str) -> Saying:
    """Give the ticket another level, higher or lower; its clocks follow."""
    found = _take_level(change, text)
    if isinstance(found, Saying):
        return found
    was = change.ticket.priority
    if found.key == was:
        return not_done(say("level-same", level=was))
    work(change, person)
    return _judge(change, person, level=found.key, why=found.rest)


def category(change: Change, person: Person, text: str) -> Saying:
    """Give the ticket another category; it goes to that one's team, and its clocks follow."""
    found = pick(change, "category", text, _categories(change.rulebook), "category")
    if isinstance(found, Saying):
        return found
    if found.key == change.ticket.category:
        return not_done(say("category-same", category=found.key))
    work(change, person)
    return _judge(change, person, category=found.key, why=found.rest)


def diagnose(change: Change, person: Person, text: str) -> Saying:
    """Record what is wrong; with a category and a colon before it (`network: bad cable`) the category follows."""
    if not text:
        return explain(change, "diagnose", say("no-diagnosis"))
    names = _categories(change.rulebook)
    found = _take_told_category(text, names, anyhow=change.rulebook.classification.after_diagnosis)
    if found is None and (guess := _misspelt(text, names)) is not None:
        return not_done(say("meant", word=first_word(text), guess=say("a-category", category=guess)))
    work(change, person)
    start_work(change)
    reach(change, "diagnosed", by=person.address, text=found.rest or text if found else text)
    if found is None:
        return say_all((say("diagnosed"), *_hint(change, text, take_term(text, names))))
    if found.key == change.ticket.category:
        return say("diagnosed")
    return say_all((say("diagnosed"), _judge(change, person, category=found.key, why="")))


def review(change: Change, person: Person, text: str) -> Saying:
    """Look a second time at level and category: both stay, or become what is given; what follows is kept with it."""
    levels, categories = _levels(change.rulebook), _categories(change.rulebook)
    level = take_term(text, levels)
    kind = take_term(level.rest if level else text, categories)
    level = level or (take_term(kind.rest, levels) if kind else None)
    rest = min((found.rest for found in (level, kind) if found), key=len, default=text)
    if not (level or kind) and len(text.split()) == 1 and fold(text.strip(".!。！")) not in _AGREED:
        known = called("level", change.rulebook.priority.levels), called("category", change.rulebook.categories)
        return explain(change, "review", say("none-such", word=first_word(text), known=say_all(known)))
    work(change, person)
    reach(change, "reviewed", by=person.address, text=rest)
    changed = _judge(change, person, level=level.key if level else "", category=kind.key if kind else "", why=rest)
    return say_all((say("reviewed"), changed))


def _judge(change: Change, person: Person, *, level: str = "", category: str = "", why: str) -> Saying:
    """Give the ticket a level, a category or both; returns what it now is, and tells the assignee."""
    before = change.ticket
    level, category = level or before.priority, category or before.category
    told = _changes(before.priority, level, before.category, category)
    if not told:
        return say("all-stays")
    change.happen(
        Judged(
            at=change.now,
            ticket_kind=before.kind,
            category=category,
            impact=before.impact,
            urgency=before.urgency,
            priority=level,
            reason=say_all((say("judges", person=name_of(person)), *((why,) if why else ()))),
        ),
        because=say_all(told),
    )
    if change.ticket.open:
        change_limits(change, reason=say_all(told))
        told += _follow_team(change)
    tell_colleague(change, before.assignee, person, say_all(told))
    return say_all(told)


def _changes(level: str, new_level: str, category: str, new_category: str) -> tuple[Saying, ...]:
    return (
        *((say("leveled", was=level, level=new_level),) if level != new_level else ()),
        *((say("categorised", category=new_category),) if category != new_category else ()),
    )


def _follow_team(change: Change) -> tuple[Saying, ...]:
    was = change.ticket.assignee
    if not follow_category(change):
        return ()
    team, given = change.ticket.team, change.facts.staff.find(change.ticket.assignee)
    if given is None:
        return (say("team-waits", team=team),)
    if given.address == was:
        return (say("stays-with", team=team, person=given.address),)
    return (say("team-has", team=team, person=name_of(given)),)


def _take_level(change: Change, text: str) -> Found | Saying:
    levels = change.rulebook.priority.levels
    names = _levels(change.rulebook)
    step = take_term(text, _STEPS, joined=True)
    if step is None or take_term(text, names, joined=True) is not None:
        return pick(change, "priority", text, names, "level")
    at = levels.index(change.ticket.priority) if change.ticket.priority in levels else len(levels) - 1
    there = at + (-1 if step.key == "up" else 1)
    if not 0 <= there < len(levels):
        return not_done(say("level-end", level=change.ticket.priority))
    return Found(levels[there], step.rest)


def _take_told_category(text: str, names: dict[str, str], *, anyhow: bool) -> Found | None:
    """The category before a colon or on a line of its own; `anyhow` also where it is the first word of a sentence."""
    found = take_term(text, names)
    told = found is not None and (anyhow or not found.rest or any(mark in found.between for mark in ":：\n"))
    return found if told else None


def _hint(change: Change, text: str, mentioned: Found | None) -> tuple[Saying, ...]:
    """How the category is set too, where the diagnosis begins with one, or is meant to set it."""
    if mentioned is not None and mentioned.key != change.ticket.category:
        return (say("category-hint", category=mentioned.key),)
    rules = change.rulebook.classification
    if mentioned is None and rules.after_diagnosis and (word := _before_colon(text)):
        known = called("category", change.rulebook.categories)
        return (say("none-such", word=word, known=known),)
    return (say("category-open"),) if rules.after_diagnosis and change.ticket.category == rules.otherwise else ()


def _misspelt(text: str, names: dict[str, str]) -> str | None:
    word = _before_colon(text)
    return closest(word, names) if word else None


def _before_colon(text: str) -> str:
    """The one word before a colon at the beginning, where a category may stand; empty where there is none."""
    word, colon, _ = text[:40].replace("：", ":").partition(":")
    return word.strip() if colon and len(word.split()) == 1 else ""


def _categories(rulebook: Rulebook) -> dict[str, str]:
    return terms({name: each.names for name, each in rulebook.categories.items()})


def _levels(rulebook: Rulebook) -> dict[str, str]:
    return terms({level: rulebook.priority.names.get(level, {}) for level in rulebook.priority.levels})
