"""A decision in the making: events are folded into the ticket as they are decided."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rules.decision import Decision, Verdict
from rules.fold import fold
from rules.silences.events import SilenceEnded

if TYPE_CHECKING:
    from datetime import datetime

    from rules.episode import Episode
    from rules.events import Event
    from rules.facts import Facts
    from rules.letter import Letter, Value
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


@dataclass(slots=True, kw_only=True)
class Change:
    """What one decision does to one ticket, while it is being decided. Nothing outside sees it before `decide`."""

    facts: Facts
    rulebook: Rulebook
    now: datetime
    before: Ticket | None = None
    imported: bool = False
    """The report is old mail, which writes no letters on any ticket."""
    events: list[Event] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    episodes: tuple[Episode, ...] = ()
    moved: list[tuple[str, str]] = field(default_factory=list)
    """Reports of the ledger, by source and key, that belong to this ticket from now on."""
    beside: list[Change] = field(default_factory=list)
    """What is done to other tickets, in the same transaction."""
    _ticket: Ticket | None = None

    def __post_init__(self) -> None:
        self._ticket = self.before

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands after the events so far.

        Raises ValueError before the ticket is opened.
        """
        if self._ticket is None:
            raise ValueError("nothing has happened to this ticket yet")
        return self._ticket

    def happen(self, event: Event, *, because: str | None = None) -> None:
        """Add an event, and the reason for it to the reasons of the decision."""
        self._ticket = fold(self._ticket, event)
        self.events.append(event)
        if because and because not in self.reasons:
            self.reasons.append(because)

    def change_beside(self, ticket: Ticket | None) -> Change:
        """Begin to change another ticket, or with None to open one; what is done to it is decided with this.

        A ticket that is changed already is changed further.
        """
        for change in self.beside:
            if ticket is not None and change.before is not None and change.before.id == ticket.id:
                return change
        opened = sum(change.before is None for change in self.beside)
        period, serial = self.facts.next_serial
        facts = replace(self.facts, next_serial=(period, serial + opened), last_ticket=self.facts.last_ticket + opened)
        self.beside.append(Change(facts=facts, rulebook=self.rulebook, now=self.now, before=ticket))
        return self.beside[-1]

    def write(self, *letters: Letter) -> None:
        """Add letters; what is imported writes none, and nobody is told the same thing twice in one decision."""
        if self.imported or (self._ticket is not None and self._ticket.imported):
            return
        for letter in letters:
            if all(_news(other) != _news(letter) for other in self.letters):
                self.letters.append(letter)

    def on(self, ticket: Ticket) -> Change:
        """The same change, of this ticket: for a report that finds its ticket while it is decided."""
        return replace(self, before=ticket, events=[], letters=[], _ticket=None)

    def decide(self, verdict: Verdict | None, *, seen_before: bool = False) -> Decision:
        """Close the change into a decision. A ticket without work left needs no silence."""
        if self._ticket is not None and self._ticket.silence is not None and not self._ticket.open:
            self.happen(SilenceEnded(at=self.now, reason=f"the ticket is {self._ticket.status}"))
        return Decision(
            verdict=verdict,
            reasons=tuple(self.reasons),
            before=self.before,
            ticket=self._ticket,
            events=tuple(self.events),
            letters=tuple(self.letters),
            episodes=self.episodes,
            seen_before=seen_before,
            moved=tuple(self.moved),
            beside=tuple(change.decide(None) for change in self.beside if change.events),
        )


def _news(letter: Letter) -> tuple[Value, ...]:
    """What a letter tells whom: two rungs taken at once are two pieces of news, and so are two things owed."""
    told = (letter.data.get(key) for key in ("reason", "owed", "clock"))
    return letter.to, letter.template, *told
