"""What a report is about, by its words: category and kind, and how wide and how urgent it says it is.

Every word counts once, where it tells most: in the subject, `classification.subject_factor` times what it tells in the
text. The best category that reaches the threshold wins, on a tie the one the rulebook names first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from rules.language.words import Purpose, Telling, plain
from rules.report import Alert, Mail
from rules.ticket import IMPACTS, URGENCIES, Impact, Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rules.rulebook import Rulebook

#: What is wrong is said early; the rest of a long mail is logs and signatures.
LONGEST_TEXT: Final = 4_000

#: Impact and urgency are told by one plain word, or by several weak ones.
ENOUGH: Final = 1.0

_SHOWN_WORDS: Final = 5
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
    evidence: tuple[str, ...]
    """One sentence each, such as `category network: vpn (6, subject), 网络 (2)`."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    points: float
    in_subject: bool

    def __str__(self) -> str:
        return f"{self.text} ({self.points:g}{', subject' if self.in_subject else ''})"


_Found = dict[tuple[Purpose, str], dict[str, _Word]]


def classify(report: Mail | Alert, rulebook: Rulebook) -> Classification:
    """Classify a report by the words of the rulebook.

    Of an alert they tell the category only: it is an incident, and its severity tells impact and urgency.
    """
    found = _read(report, rulebook)
    settings = rulebook.classification
    is_mail = isinstance(report, Mail)
    category = _best(found, "category", rulebook.categories, settings.threshold)
    kind = _best(found, "kind", settings.kinds, settings.threshold) if is_mail else None
    impact = _widest(found, "impact", IMPACTS) if is_mail else None
    urgency = _widest(found, "urgency", URGENCIES) if is_mail else None
    told: tuple[tuple[Purpose, str | None], ...] = (
        ("category", category),
        ("kind", kind),
        ("impact", impact),
        ("urgency", urgency),
    )
    return Classification(
        kind=kind or (settings.default_kind if is_mail else "incident"),
        category=category or settings.otherwise,
        impact=impact,
        urgency=urgency,
        evidence=tuple(_sentence(purpose, name, found) for purpose, name in told if name is not None),
    )


def split_name(name: str) -> str:
    """The words of an alert's name: `KubePodCrashLooping` is `Kube Pod Crash Looping`."""
    return _CAMEL_CASE.sub(" ", name)


def _read(report: Mail | Alert, rulebook: Rulebook) -> _Found:
    subject, text = _texts(report)
    vocabulary, factor = rulebook.vocabulary, rulebook.classification.subject_factor
    found: _Found = {}
    for telling in vocabulary.told_by(plain(text)):
        _note(found, telling, factor=1.0, in_subject=False)
    for telling in vocabulary.told_by(plain(subject)):
        _note(found, telling, factor=factor, in_subject=True)
    return found


def _texts(report: Mail | Alert) -> tuple[str, str]:
    if isinstance(report, Mail):
        return report.subject, report.text[:LONGEST_TEXT]
    return split_name(report.name), " \n".join(_said_by(report))[:LONGEST_TEXT]


def _said_by(alert: Alert) -> Iterator[str]:
    yield from (alert.annotations[key] for key in _TELLING_ANNOTATIONS if key in alert.annotations)
    yield from (split_name(alert.labels[key]) for key in _TELLING_LABELS if key in alert.labels)


def _note(found: _Found, telling: Telling, *, factor: float, in_subject: bool) -> None:
    words = found.setdefault((telling.purpose, telling.name), {})
    words[telling.word] = _Word(telling.word, telling.weight * factor, in_subject)


def _best(found: _Found, purpose: Purpose, names: Iterable[_Name], threshold: float) -> _Name | None:
    """The name with the most points, the first of equals; None where none has any or reaches the threshold."""
    points = {name: _points(found, purpose, name) for name in names}
    best = max(points, key=lambda name: points[name], default=None)
    return None if best is None or points[best] == 0 or points[best] < threshold else best


def _widest(found: _Found, purpose: Purpose, levels: Iterable[_Name]) -> _Name | None:
    """The highest level that words tell; several signals never make each other smaller."""
    return next((level for level in levels if _points(found, purpose, level) >= ENOUGH), None)


def _points(found: _Found, purpose: Purpose, name: str) -> float:
    return sum(word.points for word in found.get((purpose, name), {}).values())


def _sentence(purpose: Purpose, name: str, found: _Found) -> str:
    words = sorted(found[purpose, name].values(), key=lambda word: (-word.points, word.text))[:_SHOWN_WORDS]
    if purpose in ("impact", "urgency"):
        return f"{purpose} {name}: {', '.join(word.text for word in words)}"
    return f"{purpose} {name}: {', '.join(map(str, words))}"
