"""What should have come of the play, held against what did. Pure: data in, sentences out."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from daemon.demo.mails import message_id
from daemon.demo.people import name_of
from daemon.demo.records import Totals
from daemon.demo.script import MailStep, Scene, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daemon.demo.found import Found, Outcome

LetterKey = tuple[str, str, str, str]
"""Ticket number, template, recipient and language."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that should be so."""

    what: str
    expected: str
    found: str

    @property
    def kept(self) -> bool:
        return self.expected == self.found

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The sums of the day, and every expectation."""

    totals: Totals
    expectations: tuple[Expectation, ...]
    troubles: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[str, ...]:
        """What did not come out, a sentence each."""
        return (*self.troubles, *(str(one) for one in self.expectations if not one.kept))

    def as_json(self) -> dict[str, object]:
        """The summary for machines."""
        return {
            **asdict(self.totals),
            "expectations": len(self.expectations),
            "missed": list(self.missed),
        }


def reckon(play: Sequence[Scene], found: Found, *, escalations: int) -> Reckoning:
    """Compare a play with what was found; `escalations` is how many rungs it should take."""
    steps = [step for scene in play for step in scene.steps]
    totals = found.totals or Totals(0, 0, 0, 0, 0, 0)
    expectations = (
        *(expectation for step in steps for expectation in _of_step(step, found)),
        *_of_letters(steps, found),
        *_of_threads(steps, found),
        *_of_totals(steps, totals, escalations),
    )
    return Reckoning(totals, expectations, tuple(found.troubles))


def _of_step(step: Step, found: Found) -> Iterator[Expectation]:
    expected = step.expected
    outcomes = found.outcomes.get(step.name, [])
    verdicts = [outcome.verdict for outcome in outcomes]
    yield Expectation(f"verdict of {step.name}", ", ".join(expected.verdicts), ", ".join(verdicts) or "none")
    if expected.ticket is not None and (number := _number(outcomes)):
        yield Expectation(f"ticket of {step.name}", found.number(expected.ticket) or "none", number)
    ticket = next((outcome.entry.ticket for outcome in outcomes[::-1] if outcome.entry and outcome.entry.ticket), None)
    for attribute in ("category", "priority", "status"):
        wanted = getattr(expected, attribute)
        if wanted is not None:
            yield Expectation(f"{attribute} of {step.name}", wanted, getattr(ticket, attribute, "no ticket"))


def _number(outcomes: Sequence[Outcome]) -> str | None:
    tickets = {outcome.entry.ticket.number for outcome in outcomes if outcome.entry and outcome.entry.ticket}
    return ", ".join(sorted(tickets)) or None


def _of_letters(steps: Sequence[Step], found: Found) -> Iterator[Expectation]:
    wanted: Counter[LetterKey] = Counter(
        (found.number(step.expected.ticket or step.name) or "none", letter.template, letter.to.address, letter.language)
        for step in steps
        for letter in step.expected.letters
    )
    came: Counter[LetterKey] = Counter(
        (one.written.ticket, one.written.template, one.letter.recipient, one.written.language)
        for one in found.arrived
        if one.written
    )
    for key in sorted(wanted | came):
        ticket, template, recipient, language = key
        what = f"letters '{template}' in {language} to {name_of(recipient)} about {ticket}"
        yield Expectation(what, str(wanted[key]), str(came[key]))


def _of_threads(steps: Sequence[Step], found: Found) -> Iterator[Expectation]:
    """A receipt answers the very mail it is for, and a Chinese letter greets as it should."""
    for step in steps:
        if isinstance(step, MailStep) and any(letter.template == "receipt" for letter in step.expected.letters):
            receipts = [
                str(one.letter.message["In-Reply-To"])
                for one in found.arrived
                if one.written and one.written.template == "receipt" and one.letter.recipient == step.sender.address
            ]
            yield Expectation(f"what the receipt of {step.name} answers", message_id(step), ", ".join(receipts))
    for one in found.arrived:
        if one.written and one.written.language.startswith("zh"):
            body = one.letter.message.get_body(("plain",))
            opening = body.get_content().lstrip()[:2] if body is not None else ""
            yield Expectation(f"opening of {one.letter.file.name}", "您好", opening)


def _of_totals(steps: Sequence[Step], totals: Totals, escalations: int) -> Iterator[Expectation]:
    verdicts = [verdict for step in steps for verdict in step.expected.verdicts]
    wanted = {
        "reports": len(verdicts),
        "tickets": verdicts.count("opened"),
        "repeats": verdicts.count("repeated"),
        "escalations": escalations,
        "letters": sum(len(step.expected.letters) for step in steps),
        "breaches": 0,
    }
    for name, value in wanted.items():
        yield Expectation(name, str(value), str(getattr(totals, name)))
