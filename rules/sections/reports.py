"""How further reports and alerts find their ticket."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import Field

from rules.calendar.duration import Duration
from rules.language.similarity import OTHER_PEOPLE, SAME_REQUESTER
from rules.sections.alert_mails import MailedAlerts
from rules.sections.section import Interval, Promise, Section
from rules.ticket import Impact, Urgency


class RepeatRules(Section):
    """When a report outside a thread is a repeat of an open ticket."""

    window: Promise
    """How long after its last report a ticket takes repeats."""
    same_requester: Annotated[float, Field(ge=0, le=1)] = SAME_REQUESTER
    """How alike two reports of one person must be, from 0 to 1."""
    other_people: Annotated[float, Field(ge=0, le=1)] = OTHER_PEOPLE
    """How alike the reports of two people must be, from 0 to 1; above 0.55 for own matters to stay apart."""
    again: Annotated[tuple[str, ...], Field(examples=["又", "still not working"])] = ()
    """Words by which a mail in its own thread plainly says that it is broken again."""
    thanks: Annotated[tuple[str, ...], Field(examples=["谢谢", "thank you"])] = ()
    """Words of a short reply that only thanks: it does not reopen what is resolved."""


class Severity(Section):
    """What an alert's severity label means."""

    impact: Impact
    """How far it reaches."""
    urgency: Urgency
    """How soon it hurts."""


class HeartbeatRules(Section):
    """The alert that always fires: where it is not heard any more, alerts do not arrive, and that is a ticket."""

    alertname: Annotated[str, Field(examples=["DeadMansSwitch"])] = "Watchdog"
    """Its `alertname`; empty for none. A source that never sent it is not watched."""
    interval: Interval = Duration.parse("10m")
    """So long it may be silent; the route's `repeat_interval` must be well below. After the desk itself was away it
    waits so long from its start."""
    intervals: Annotated[dict[str, Interval], Field(examples=[{"lab": "1h"}])] = {}
    """The same for single sources, by their names."""
    severity: Annotated[str, Field(examples=["critical"])] = "critical"
    """Of the ticket, as of an alert with this label."""


class SilenceRules(Section):
    """How long the alerts of a ticket are silenced at their source. That needs its `api` in the configuration."""

    length: Interval = Duration.parse("30m")
    """Of one silence; it is set again half-way while the ticket's alerts fire, so that it soon ends without deskd."""
    longest: Interval = Duration.parse("24h")
    """After so long it is not set again, and the assignee is told."""
    while_in_progress: bool = False
    """Whether a ticket's alerts are silenced as soon as somebody works on it, without a command."""


class FlappingRules(Section):
    """When alerts that end and fire again are called flapping, which the assignee is told once."""

    times: Annotated[int, Field(ge=2, le=50, examples=[3])]
    """So many times they fire again."""
    within: Promise
    """In so long. The mark ends when they have been quiet for as long."""


class StormRules(Section):
    """Very many different alerts of one source in a short time: what would open further tickets joins one."""

    tickets: Annotated[int, Field(ge=0, le=1000)] = 30
    """After so many tickets of a source in the window every further one becomes part of the storm's; 0 for never."""
    within: Interval = Duration.parse("5m")
    """The window. The storm is over when nothing new has joined it for as long."""
    key: Annotated[tuple[str, ...], Field(examples=[["cluster"]])] = ()
    """The labels that make one storm of a source, such as its cluster; `a|b` takes the first that is there."""


class AlertRules(Section):
    """What becomes of alerts."""

    ignore: Annotated[tuple[str, ...], Field(examples=["Watchdog"])] = ("Watchdog", "InfoInhibitor")
    """The `alertname` of alerts that never become tickets. One that fires when it is taken off this list becomes a
    ticket with its next word."""
    key: Annotated[tuple[str, ...], Field(min_length=1, examples=["alertname", "service|job"])] = (
        "alertname",
        "service|job",
        "cluster",
    )
    """The labels that make one ticket; `a|b` takes the first that is there."""
    ignore_labels: Annotated[tuple[str, ...], Field(examples=["prometheus_replica"])] = ()
    """Labels that do not make another alert, such as those of replicas or with a measured value. With any of them the
    desk makes fingerprints of its own. What fires when they change stays as it is until it ends."""
    resolve_hold: Promise = Duration.parse("5m")
    """How long a ticket is held open after its last alert ended, with its clocks paused: what fires again in that time
    just goes on. `0m` for not at all."""
    reopen_window: Promise
    """How long after it was resolved a ticket is reopened by the same alert."""
    flapping: FlappingRules | None = None
    stale_after: Promise | None = None
    """After so long without a word a firing alert is called stale, and the assignee is told; it is never closed for
    that. Set it well above the route's `repeat_interval`. A source with an `api` is asked instead. Left out: never."""
    severities: dict[str, Severity] = {}
    otherwise: Severity = Severity(impact="small", urgency="medium")
    """For a severity that is not listed, or none. Left out: small and medium."""
    heartbeat: HeartbeatRules = HeartbeatRules()
    silence: SilenceRules = SilenceRules()
    storm: StormRules = StormRules()
    mails: tuple[MailedAlerts, ...] = ()

    @cached_property
    def mails_by_sender(self) -> dict[str, tuple[MailedAlerts, ...]]:
        """Those of `mails` that each address writes, in lower case."""
        senders = {sender.lower() for each in self.mails for sender in each.senders}
        return {
            sender: tuple(each for each in self.mails if sender in map(str.lower, each.senders)) for sender in senders
        }
