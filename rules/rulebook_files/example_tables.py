"""What a rulebook says of itself: a mail or an alert, and what it wants to become of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.calendar.duration import Duration
from rules.decision import Verdict
from rules.directory import Relation
from rules.ticket import Impact, Kind, Urgency


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ExampleMail(_Table):
    """A mail, as the desk reads it."""

    sender: Annotated[str, Field(alias="from", examples=["Wang Fang <wang.fang@corp.example>"])] = ""
    """Who writes. Left out: somebody whom nobody knows."""
    subject: Annotated[str, Field(examples=["VPN"])] = ""
    """On one line."""
    text: Annotated[str, Field(examples=["I cannot connect since this morning"])] = ""
    """What is new in it, without quotes and signature."""
    relation: Relation | None = None
    """What the people file says of the sender. Left out: as `requesters.unknown` says."""
    number: Annotated[str, Field(examples=["E1024"])] = ""
    """His employee or customer number, likewise."""
    department: Annotated[str, Field(examples=["Executive Office"])] = ""
    """His department, likewise."""
    phone: Annotated[str, Field(examples=["+86 10 5555 0100"])] = ""
    """His phone number, likewise."""
    zone: Annotated[str, Field(examples=["suburbs"])] = ""
    """His place, one of `[zones.NAME]`, likewise."""
    vip: bool = False
    """Whether the people file calls him a VIP."""

    verified: bool = False
    """Whether the mail server proves who sent it; so it is of whom the people file knows."""

    @property
    def is_known(self) -> bool:
        """Whether the people file knows the sender."""
        return bool(self.relation or self.number or self.department or self.phone or self.zone or self.vip)

    @model_validator(mode="after")
    def _known_people_have_addresses(self) -> Self:
        if self.is_known and "@" not in self.sender:
            raise ValueError("the people file knows people by their addresses: give from")
        return self


class ExampleAlert(_Table):
    """An alert that fires."""

    labels: Annotated[
        dict[str, str], Field(examples=[{"alertname": "TargetDown", "job": "node", "severity": "critical"}])
    ] = {}
    """What tells it apart."""
    annotations: Annotated[dict[str, str], Field(examples=[{"summary": "db1 is down"}])] = {}
    """What it says to people."""


class Wanted(_Table):
    """What an empty desk with nobody on duty must make of it. What is left out may be anything."""

    verdict: Verdict | None = None
    """What becomes of the report."""
    kind: Kind | None = None
    """Of its ticket."""
    category: Annotated[str | None, Field(examples=["network"])] = None
    """One of `[categories.NAME]`."""
    impact: Impact | None = None
    """How far it reaches."""
    urgency: Urgency | None = None
    """How soon it hurts."""
    priority: Annotated[str | None, Field(examples=["P2"])] = None
    """One of `priority.levels`."""
    team: Annotated[str | None, Field(examples=["network"])] = None
    """One of `[teams.NAME]`."""
    line: Annotated[str | None, Field(examples=["first"])] = None
    """One of `[[lines]]`."""
    relation: Relation | None = None
    """Whose requester it is."""
    zone: Annotated[str | None, Field(examples=["suburbs"])] = None
    """One of `[zones.NAME]`."""
    missing: Annotated[tuple[str, ...] | None, Field(examples=[["number", "steps"]])] = None
    """What is asked for, of `[needs.NAME]`; an empty list for nothing."""
    reasons: Annotated[tuple[str, ...], Field(examples=[["urgency high: a VIP"]])] = ()
    """Words that stand in the reasons."""
    clocks: Annotated[dict[str, Duration], Field(examples=[{"response": "30m"}])] = {}
    """Clocks that run at once, and their limits."""


class Example(_Table):
    """What becomes of one report; `deskd rulebook check` tries it. Give `mail` or `alert`."""

    name: Annotated[str, Field(examples=["the whole floor is offline"])] = ""
    """What it shows, in your words."""
    mail: ExampleMail | None = None
    alert: ExampleAlert | None = None
    wanted: Wanted

    @model_validator(mode="after")
    def _is_one_report(self) -> Self:
        if (self.mail is None) == (self.alert is None):
            raise ValueError("an example is either a mail or an alert: give one of the two")
        return self
