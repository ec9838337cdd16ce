"""Which reports the desk takes for repeats: how often rightly, and how many of the true ones, as a curve of thresholds.

Every report comes from another person, in the order in which they were written, to a desk that closes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Literal

from rules.decide import decide
from rules.facts import apply
from rules.joining.repeats import find_candidates
from rules.report import Address, Mail
from tests.corpora.reading import NOW, empty_desk, shipped_rulebook
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rules.facts import Facts
    from rules.rulebook import Rulebook

COLLECTION: Final = "dup-openoffice"
#: Percent: a wrong join hides a problem, a missed one costs a second ticket.
PRECISION: Final = 95.0
THRESHOLDS: Final = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Half = Literal["tuned on", "held out"]
HALVES: Final[tuple[Half, ...]] = ("tuned on", "held out")


@dataclass(frozen=True, slots=True)
class DuplicateReport:
    """One report, and the group of those that tell of the same problem."""

    id: int
    title: str
    body: str
    group: str

    @property
    def half(self) -> Half:
        """Two halves of the groups, played to one desk: weights were chosen on one of them.

        The words of `PLAIN_WORDS` were not: wrong joins of both halves were read for them.
        """
        return "held out" if blake2b(self.group.encode(), digest_size=1).digest()[0] & 1 else "tuned on"

    def as_mail(self) -> Mail:
        """The report as its writer would mail it."""
        return Mail(
            source="corpora",
            key=str(self.id),
            received_at=NOW,
            sender=Address(f"reporter-{self.id}@corp.example"),
            subject=self.title,
            text=self.body,
            content_key=str(self.id),
        )


@dataclass(slots=True)
class Tally:
    """What became of the reports, by half."""

    repeats: Counter[Half] = field(default_factory=Counter)
    """Reports of a problem that was reported before."""
    proposed: Counter[Half] = field(default_factory=Counter)
    """Of these, those whose ticket is among the candidates that are compared in full."""
    joined: Counter[Half] = field(default_factory=Counter)
    right: Counter[Half] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Each wrong join, for people to read."""


def score_duplicates(corpora: Path) -> Iterator[Score]:
    """The shipped point with its goal, and the curve around it."""
    reports = read_reports((corpora / COLLECTION / "reports.jsonl").read_text(encoding="utf-8").splitlines())
    shipped = shipped_rulebook().repeats.other_people
    curve = {threshold: play(reports, threshold) for threshold in sorted({shipped, *THRESHOLDS})}
    tally = curve[shipped]
    for half in HALVES:
        right, joined, repeats = tally.right[half], tally.joined[half], tally.repeats[half]
        what = f"precision at the shipped {shipped:g}, {half}"
        yield share(
            COLLECTION, what, right, joined, at_least=PRECISION, misses=tally.wrong if half == HALVES[0] else ()
        )
        yield share(COLLECTION, f"recall at the shipped {shipped:g}, {half}", right, repeats)
        yield share(COLLECTION, f"ticket among the candidates, {half}", tally.proposed[half], repeats)
    for threshold, point in curve.items():
        yield _point(threshold, point)


def read_reports(lines: Sequence[str]) -> list[DuplicateReport]:
    """The reports of a collection, one JSON object a line, in the order in which they were written."""
    rows = [json.loads(line) for line in lines]
    reports = [DuplicateReport(int(row["id"]), row["title"], row["body"], row["cluster"]) for row in rows]
    return sorted(reports, key=lambda report: report.id)


def play(reports: Sequence[DuplicateReport], threshold: float) -> Tally:
    """Let the desk decide on each report, with the threshold for other people set to this one."""
    rulebook = _rulebook_with(threshold)
    facts, tally = empty_desk(), Tally()
    group_of: dict[int, DuplicateReport] = {}
    groups: set[str] = set()
    for report in reports:
        mail = report.as_mail()
        if report.group in groups:
            tally.repeats[report.half] += 1
            tally.proposed[report.half] += _is_proposed(mail, facts, group_of, report.group)
        groups.add(report.group)
        decision = decide(mail, facts, rulebook, NOW)
        facts = apply(facts, mail, decision)
        assert decision.ticket is not None
        if decision.verdict == "opened":
            group_of[decision.ticket.id] = report
        else:
            _count_joined(tally, report, group_of[decision.ticket.id])
    return tally


def _is_proposed(mail: Mail, facts: Facts, group_of: dict[int, DuplicateReport], group: str) -> bool:
    return any(group_of[ticket.id].group == group for ticket in find_candidates(mail, facts))


def _count_joined(tally: Tally, report: DuplicateReport, opened_by: DuplicateReport) -> None:
    tally.joined[report.half] += 1
    if report.group == opened_by.group:
        tally.right[report.half] += 1
    else:
        tally.wrong.append(f"{report.id} joined {opened_by.id}: {report.title!r}, {opened_by.title!r}")


def _rulebook_with(threshold: float) -> Rulebook:
    shipped = shipped_rulebook()
    return shipped.model_copy(update={"repeats": shipped.repeats.model_copy(update={"other_people": threshold})})


def _point(threshold: float, tally: Tally) -> Score:
    halves = "; ".join(
        f"{half} {_percent(tally.right[half], tally.joined[half])} of {tally.joined[half]}, "
        f"recall {_percent(tally.right[half], tally.repeats[half])}"
        for half in HALVES
    )
    return Score(collection=COLLECTION, what=f"precision and recall at {threshold:g}", reached=halves)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole if whole else 0.0:.1f} %"
