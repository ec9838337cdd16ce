"""What a ticket learns of its silence: that it stands, that it cannot be set, that it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.change import Change
from rules.language.sayings import say
from rules.letters.correspondence import tell_assignee, tell_staff
from rules.letters.describing import describe_escalation
from rules.silences.events import SilenceFailed, SilenceSet
from rules.silences.wanting import end_silence

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.language.sayings import Saying
    from rules.rulebook import Rulebook
    from rules.silences.kept import GiveUp, KeptSilence
    from rules.ticket import Ticket


def decide_silence_set(ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime, *, silence: str) -> Decision:
    """Record that the source has taken the silence with this id; nobody needs a letter for that."""
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    if ticket.silence == "wanted":
        change.happen(SilenceSet(at=now, silence=silence), because=say("silence-set", source=ticket.source))
    return change.decide(None)


def decide_silence_failed(
    ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime, *, silence: KeptSilence, reason: str
) -> Decision:
    """Tell who asked for the silence, and whose ticket it is, that nothing is silenced so far."""
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    if ticket.silence is not None:
        said = say("silence-failed", source=silence.source, why=reason)
        change.happen(SilenceFailed(at=now, reason=reason), because=said)
        _tell(change, silence, said, say("advise-silence-tried"))
    return change.decide(None)


def decide_silence_over(
    ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime, *, silence: KeptSilence, step: GiveUp
) -> Decision:
    """End a silence whose time is over, or that nothing needs any more; the first is told, as the alerts go on."""
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    said = say(f"silence-{step.why}")
    end_silence(change, reason=said)
    if change.events:
        change.reasons.append(said)
        if step.why == "over":
            _tell(change, silence, say("silence-over-still", source=silence.source), say("advise-silence"))
    return change.decide(None)


def _tell(change: Change, silence: KeptSilence, said: Saying, advice: Saying) -> None:
    told = describe_escalation(change, said, advice)
    tell_assignee(change, "escalated", **told)
    asker = change.facts.staff.find(silence.by)
    if asker is not None and asker.address != change.ticket.assignee:
        tell_staff(change, asker, "escalated", **told)
