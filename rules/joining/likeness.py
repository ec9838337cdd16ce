"""How likely it is that a person tells of what an open alert's ticket is about, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rules.joining.concerns import mail_concerns, mail_services, related_services, services_of, systems_of
from rules.joining.repeats import describe
from rules.judging.classify import classify, split_name
from rules.language.problem_words import FAILING_MEANINGS
from rules.language.sayings import Saying, say, say_all
from rules.language.similarity import similarity, terms
from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

#: What each sign adds. Where neither service nor system is named all others together stay below any sensible threshold.
NAMED: Final = 0.5
NEEDED: Final = 0.35
FAILS: Final = 0.15
SAME_FAILURE: Final = 0.1
SAME_CATEGORY: Final = 0.1
FRESH: Final = 0.1
SAME_WORDS: Final = 0.2
#: What is left where somebody asks for something or how something is done, and tells of no failure.
ASKED: Final = 0.5

#: The part of the window in which a ticket is fresh: people write soon after something breaks.
_FRESH_PART: Final = 0.25
#: Likeness of words below this tells nothing.
_TOLD_WORDS: Final = 0.2
#: How monitoring calls what people call slow, or failing.
_SLOW: Final = ("latency", "duration", "slow", "timeout", "p95", "p99", "延迟", "耗时", "响应时间")
_FAILING: Final = (
    "down",
    "error",
    "fail",
    "unavailable",
    "unreachable",
    "5xx",
    "absent",
    "crash",
    "故障",
    "异常",
    "宕机",
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely it is, from 0 to 1, and everything that tells it."""

    score: float
    signs: tuple[Saying, ...]

    @property
    def reason(self) -> Saying:
        """It in words."""
        return say("like", likeness=f"{self.score:.2f}", signs=say_all(self.signs))


NOTHING: Final = Likeness(0.0, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a mail tells, as far as it is likened to the tickets of alerts: read once, compared with several."""

    services: Mapping[str, str]
    """Those that it names, each with the word that names it."""
    systems: frozenset[str]
    failing: frozenset[str]
    """What it says is wrong, by meaning; empty where it says nothing of the kind."""
    category: str
    asks: bool
    """It is a request, a question or the like, by its words."""
    terms: frozenset[str]


def read_claim(mail: Mail, rulebook: Rulebook) -> Claim:
    """Read what a mail claims."""
    told, said = classify(mail, rulebook), terms(describe(mail))
    return Claim(
        services=mail_services(mail, rulebook),
        systems=systems_of(mail_concerns(mail, rulebook)),
        failing=said & FAILING_MEANINGS,
        category=told.category,
        asks=told.kind_told and told.kind not in ("incident", "complaint"),
        terms=said,
    )


def liken(claim: Claim, ticket: Ticket, rulebook: Rulebook, now: datetime) -> Likeness:
    """Compare what a mail claims with the ticket of an alert that is open and may still fire.

    Nothing is likened to a ticket of which neither a service nor a system is named, or that nothing was heard of
    within the rulebook's window.
    """
    age = (now - ticket.reported_at) / rulebook.joining.window.length()
    named = _named(claim, ticket, rulebook)
    if named is None or age > 1:
        return NOTHING
    score, sign = named
    signs = [sign]
    for points, told in _further(claim, ticket, rulebook, age):
        score += points
        signs.append(told)
    if claim.asks and not claim.failing:
        score *= ASKED
        signs.append(say("like-asks"))
    return Likeness(min(1.0, round(score, 4)), tuple(signs))


def _named(claim: Claim, ticket: Ticket, rulebook: Rulebook) -> tuple[float, Saying] | None:
    """What of the ticket a mail names: a service, a system of it, or a service that needs it."""
    known = services_of(ticket.concerns)
    if found := next((name for name in claim.services if name in known), None):
        return NAMED, say("like-service", service=found, word=claim.services[found])
    if systems := claim.systems & systems_of(ticket.concerns):
        return NAMED, say("like-system", system=min(systems))
    for name, word in claim.services.items():
        if needed := next((each for each in related_services((name,), rulebook) if each in known), None):
            return NEEDED, say("like-needed", service=name, word=word, needed=needed)
    return None


def _further(claim: Claim, ticket: Ticket, rulebook: Rulebook, age: float) -> Iterator[tuple[float, Saying]]:
    """What else speaks for it, once something of the ticket is named."""
    if claim.failing:
        yield FAILS, say("like-fails")
    if claim.failing & _failures_told(ticket):
        yield SAME_FAILURE, say("like-same-failure")
    if claim.category == ticket.category != rulebook.classification.otherwise:
        yield SAME_CATEGORY, say("like-category", category=ticket.category)
    if age <= _FRESH_PART:
        yield FRESH, say("like-fresh")
    words = similarity(claim.terms, terms(_told(ticket)))
    if words >= _TOLD_WORDS:
        yield SAME_WORDS * words, say("like-words", likeness=f"{words:.2f}")


def _failures_told(ticket: Ticket) -> frozenset[str]:
    """What monitoring says is wrong, in the meanings of people's words."""
    text = fold(_told(ticket))
    told = {"#slow": _SLOW, "#failing": _FAILING}
    return frozenset(meaning for meaning, words in told.items() if any(word in text for word in words))


def _told(ticket: Ticket) -> str:
    return f"{split_name(ticket.subject)}\n{ticket.summary}"
