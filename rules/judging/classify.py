"""What a report is about: category, kind and place, and how wide and how urgent it says it is.

Words, patterns and, for a category, the sender tell it. Every word and pattern counts once, where it tells most: in the
subject, `classification.subject_factor` times what it tells in the text. The best category that reaches the threshold
wins, on a tie the one the rulebook names first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from rules.language.sayings import Saying, say
from rules.language.words import Purpose, Telling
from rules.report import Alert, Mail
from rules.ticket import IMPACTS, URGENCIES, Impact, Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rules.rulebook import Rulebook

#: What is wrong is said early; the rest of a long mail is logs and signatures.
LONGEST_TEXT: Final = 4_000
LONGEST_SUBJECT: Final = 500

#: Impact and urgency are told by one plain word, or by several weak ones.
ENOUGH: Final = 1.0

_REMEMBERED: Final = 2_000
_SHOWN_SIGNS: Final = 5
_SHOWN_PATTERN: Final = 30
_TELLING_LABELS: Final = ("service", "job", "component", "app")
_TELLING_ANNOTATIONS: Final = ("summary", "description", "message")
_CAMEL_CASE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_-]+")
_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What the words of a report tell, and which words they were."""

    kind: Kind
    category: str
    impact: Impact | None
    """By words; None where no word tells it."""
    urgency: Urgency | None
    """By words; None where no word tells it."""
    zone: str | None = None
    """By words; None where no word tells it."""
    kind_told: bool = False
    """False where `kind` is the rulebook's default."""
    evidence: tuple[str, ...]
    """One sentence each, such as `category network: vpn (6, subject), 网络 (2)`."""


class _Sign(NamedTuple):
    """A word, pattern or sender that tells something. A mail has fifty, and a tuple is made fast."""

    text: str
    points: float
    in_subject: bool = False
    by: str = ""
    """The pattern that found the text, where it is short enough to be read; empty for a word."""


@lru_cache(maxsize=_REMEMBERED)
def _describe(sign: _Sign, *, weighed: bool) -> Saying:
    """A sign with its points, where points are counted, and how it was found. Mails share most of them."""
    if not weighed:
        return say("sign-by", sign=sign.text, pattern=sign.by) if sign.by else say("sign-plain", sign=sign.text)
    key, points = "sign-subject" if sign.in_subject else "sign", f"{sign.points:g}"
    if sign.by:
        return say(f"{key}-found", sign=sign.text, points=points, pattern=sign.by)
    return say(key, sign=sign.text, points=points)


_Found = dict[tuple[Purpose, str], dict[str, _Sign]]


def classify(report: Mail | Alert, rulebook: Rulebook) -> Classification:
    """Classify a report by the words, patterns and senders of the rulebook.

    Of an alert they tell the category only: it is an incident, and its severity tells impact and urgency.
    """
    if isinstance(report, Mail):
        sender = report.sender.address if report.sender else None
        return classify_text(report.subject, report.text, sender, rulebook)
    found = _read(split_name(report.name), " \n".join(_said_by(report)), rulebook)
    category, category_told = _category(found, rulebook)
    return Classification(kind="incident", category=category, impact=None, urgency=None, evidence=(category_told,))


def classify_text(subject: str, text: str, sender: str | None, rulebook: Rulebook) -> Classification:
    """Classify what a person wrote; `sender` is his address, None where it is not known."""
    found = _read(subject, text, rulebook)
    _note_sender(found, (sender or "").lower(), rulebook)
    settings = rulebook.classification
    category, category_told = _category(found, rulebook)
    kind = _best(found, "kind", settings.kinds, settings.threshold)
    impact, urgency = _widest(found, "impact", IMPACTS), _widest(found, "urgency", URGENCIES)
    zone = _best(found, "zone", rulebook.zones, ENOUGH)
    told: tuple[tuple[Purpose, str | None], ...] = (("impact", impact), ("urgency", urgency), ("zone", zone))
    return Classification(
        kind=kind or settings.default_kind,
        category=category,
        impact=impact,
        urgency=urgency,
        zone=zone,
        kind_told=kind is not None,
        evidence=(
            category_told,
            _sentence("kind", kind, found) if kind else say("kind-default", kind=settings.default_kind),
            *(_sentence(purpose, name, found) for purpose, name in told if name is not None),
        ),
    )


def split_name(name: str) -> str:
    """The words of an alert's name: `KubePodCrashLooping` is `Kube Pod Crash Looping`."""
    return _CAMEL_CASE.sub(" ", name)


def _read(subject: str, text: str, rulebook: Rulebook) -> _Found:
    vocabulary, factor = rulebook.vocabulary, rulebook.classification.subject_factor
    found: _Found = {}
    for telling in vocabulary.told_by(text[:LONGEST_TEXT]):
        _note(found, telling, factor=1.0, in_subject=False)
    for telling in vocabulary.told_by(subject[:LONGEST_SUBJECT]):
        _note(found, telling, factor=factor, in_subject=True)
    return found


def _said_by(alert: Alert) -> Iterator[str]:
    yield from (alert.annotations[key] for key in _TELLING_ANNOTATIONS if key in alert.annotations)
    yield from (split_name(alert.labels[key]) for key in _TELLING_LABELS if key in alert.labels)


def _note(found: _Found, telling: Telling, *, factor: float, in_subject: bool) -> None:
    by = telling.word if telling.found and len(telling.word) <= _SHOWN_PATTERN else ""
    sign = _Sign(telling.found or telling.word, telling.weight * factor, in_subject, by)
    found.setdefault((telling.purpose, telling.name), {})[telling.word] = sign


def _note_sender(found: _Found, sender: str, rulebook: Rulebook) -> None:
    """The sender's address and his domain each count for the categories that name them."""
    domain = f"@{sender.rpartition('@')[2]}"
    for name, category in rulebook.categories.items():
        for written, weight in category.senders.items() if sender else ():
            if written.lower() in (sender, domain):
                sign = _Sign(text=f"sender {written}", points=weight)
                found.setdefault(("category", name), {})[sign.text] = sign


def _category(found: _Found, rulebook: Rulebook) -> tuple[str, str]:
    """The category, and a sentence that says why."""
    settings = rulebook.classification
    if category := _best(found, "category", rulebook.categories, settings.threshold):
        return category, _sentence("category", category, found)
    if settings.after_diagnosis:
        return settings.otherwise, say("category-later", category=settings.otherwise)
    return settings.otherwise, say("category-asked", threshold=f"{settings.threshold:g}")


def _best(found: _Found, purpose: Purpose, names: Iterable[_Name], threshold: float) -> _Name | None:
    """The name with the most points, the first of equals; None where none has any or reaches the threshold."""
    points = {name: _points(found, purpose, name) for name in names if (purpose, name) in found}
    best = max(points, key=points.__getitem__, default=None)
    return None if best is None or points[best] <= 0 or points[best] < threshold else best


def _widest(found: _Found, purpose: Purpose, levels: Iterable[_Name]) -> _Name | None:
    """The highest level that words tell; several signals never make each other smaller."""
    return next((level for level in levels if _points(found, purpose, level) >= ENOUGH), None)


def _points(found: _Found, purpose: Purpose, name: str) -> float:
    return sum([sign.points for sign in found.get((purpose, name), {}).values()])


def _sentence(purpose: Purpose, name: str, found: _Found) -> str:
    signs = sorted(found[purpose, name].values(), key=lambda sign: (-sign.points, sign.text))[:_SHOWN_SIGNS]
    weighed = purpose in ("category", "kind")
    told = tuple(_describe(sign, weighed=weighed) for sign in signs)
    values: dict[str, str | tuple[str, ...]] = {purpose: name, "signs": told}
    return say(f"tells-{purpose}", **values)
