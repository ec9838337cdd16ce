"""What a rulebook says of itself: a mail or an alert, and what it wants to become of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.calendar.duration import Duration
from rules.decision import Verdict
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
