"""What people mean by what monitoring watches, and when their reports join an alert's ticket."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.calendar.duration import Duration
from rules.sections.section import OneOrMore, Promise, Section


class Service(Section):
    """Something that people use and monitoring watches: their words for it, and the labels of its alerts."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["checkout"])]
    """Small letters, digits and `-`; people may mean it by this, too."""
    words: Annotated[tuple[str, ...], Field(examples=[["payment", "pay", "支付", "付款", "结账"]])] = ()
    """What people call it, in any language; script, width, case and plural make no difference."""
    labels: Annotated[
        dict[str, Annotated[tuple[str, ...], OneOrMore]],
        Field(min_length=1, examples=[{"service": "checkout", "cluster": ["eu-1", "eu-2"]}]),
    ]
    """An alert is about it where each of these labels has the value, or one of the values."""
    depends_on: Annotated[tuple[str, ...], Field(examples=[["db"]])] = ()
    """Other services that it needs: an alert of one of them joins the open ticket of this one, and the other way."""


class JoiningRules(Section):
    """When a person's report of something that an open alert's ticket is about joins it."""

    suggest: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How alike they must be, from 0 to 1, for the assignee to be told; he joins them with one word."""
    join: Annotated[float, Field(ge=0, le=1)] = 0.8
    """How alike they must be for the report to join by itself; 1 leaves it to people nearly always."""
    window: Promise = Duration.parse("4h")
    """How long after it last fired or was reported an alert's ticket takes reports of people, and related alerts."""
    systems: Annotated[tuple[str, ...], Field(examples=[["instance", "host"]])] = (
        "instance",
        "host",
        "hostname",
        "node",
        "device",
        "pod",
    )
    """The labels whose values are systems that a report may name, such as `db1`."""
