"""Whether a rulebook does what its own examples want."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Final

from immutables import Map

from rules.decide import decide
from rules.decision import Decision
from rules.directory import Contact, Directory
from rules.facts import Facts
from rules.numbers import serial_period
from rules.people import Staff
from rules.report import Address, Alert, Mail
from rules.token import TokenKeys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rules.report import Report
    from rules.rulebook import Rulebook
    from rules.rulebook_files.example_tables import Example, ExampleAlert, ExampleMail, Wanted
    from rules.toml_files.lines import Place

_JUDGED: Final = ("kind", "category", "impact", "urgency", "priority", "team", "line", "relation", "zone")

_NOTHING: Final = "nothing"

#: No letter is written by these, and no mail of an example answers one.
_NO_KEYS: Final = TokenKeys(current="none", secrets=Map({"none": bytes(32)}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One thing in which the desk does not do what an example wants."""

    index: int
    """The how many-th of `[[examples]]`, from 0."""
    name: str
    """What the example shows; may be empty."""
    key: Place
    """Below `wanted`: `("priority",)` or `("clocks", "response")`."""
    wanted: str
    got: str
    """`nothing` where there is none."""
    reasons: tuple[str, ...]
    """Why the desk decides so."""

    @property
    def at(self) -> Place:
        """The place of what is wanted in the rulebook."""
        return ("examples", self.index, "wanted", *self.key)

    @property
    def says(self) -> str:
        """One sentence."""
        return f"wanted {self.wanted}, got {self.got}" + (f" ({self.name})" if self.name else "")


def check_examples(rulebook: Rulebook, now: datetime) -> tuple[Miss, ...]:
    """Decide each example by itself on an empty desk, at `now` (aware, in UTC); returns every miss, in order."""
    serial = (serial_period(rulebook, now), 1)
    misses: list[Miss] = []
    for index, example in enumerate(rulebook.examples):
        facts = Facts(staff=Staff(), keys=_NO_KEYS, next_serial=serial, directory=_directory(example))
        misses += _misses(example, index, _decide(_report(example, index, now), facts, rulebook, now))
    return tuple(misses)


def _decide(report: Report, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """The decision; quarantined, as the desk does it, where a promise can be kept on no day of its calendar."""
    try:
        return decide(report, facts, rulebook, now)
    except ValueError as error:
        return Decision(verdict="quarantined", reasons=(str(error),))


def _misses(example: Example, index: int, decision: Decision) -> Iterator[Miss]:
    for key, wanted, got in _compared(example.wanted, decision):
        if wanted != got:
            yield Miss(
                index=index,
                name=example.name,
                key=key,
                wanted=wanted,
                got=got or _NOTHING,
                reasons=decision.reasons,
            )


def _compared(wanted: Wanted, decision: Decision) -> Iterator[tuple[Place, str, str | None]]:
    """The place, what is wanted and what there is, of all that is wanted."""
    ticket = decision.ticket
    if wanted.verdict is not None:
        yield ("verdict",), wanted.verdict, decision.verdict
    for key in _JUDGED:
        if (value := getattr(wanted, key)) is not None:
            yield (key,), value, getattr(ticket, key, None)
    if wanted.missing is not None:
        yield ("missing",), _listed(wanted.missing), _listed(ticket.missing if ticket else ())
    for number, words in enumerate(wanted.reasons):
        yield ("reasons", number), words, next((words for reason in decision.reasons if words in reason), None)
    limits = {clock.name: clock.limit for clock in ticket.clocks if clock.running} if ticket else {}
    for name, limit in wanted.clocks.items():
        yield ("clocks", name), str(limit), limits.get(name)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or _NOTHING


def _directory(example: Example) -> Directory:
    """The people file, with nobody in it but the sender where the example says who he is."""
    mail = example.mail
    if mail is None or not mail.is_known:
        return Directory()
    name, address = parseaddr(mail.sender)
    contact = Contact(
        address=address.lower(),
        name=name,
        relation=mail.relation,
        number=mail.number,
        department=mail.department,
        phone=mail.phone,
        zone=mail.zone,
        vip=mail.vip,
    )
    return Directory(contacts=Map({contact.address: contact}))


def _report(example: Example, index: int, now: datetime) -> Mail | Alert:
    if example.mail is not None:
        return _mail(example.mail, f"example {index}", now)
    if example.alert is not None:
        return _alert(example.alert, f"example {index}", now)
    raise ValueError("an example without a report is no example")


def _mail(given: ExampleMail, key: str, now: datetime) -> Mail:
    name, address = parseaddr(given.sender)
    return Mail(
        source="examples",
        key=key,
        received_at=now,
        sender=Address(address.lower(), name) if address else None,
        subject=" ".join(given.subject.split()),
        text=given.text,
        full_text=given.text,
        content_key=key,
        verified=given.verified or given.is_known,
    )


def _alert(given: ExampleAlert, key: str, now: datetime) -> Alert:
    return Alert(
        source="examples",
        key=key,
        received_at=now,
        status="firing",
        fingerprint=key,
        starts_at=now,
        labels=Map(given.labels),
        annotations=Map(given.annotations),
    )
