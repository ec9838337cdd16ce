"""The rungs of a ladder: what takes them, and what each does."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from rules.people import Role
from rules.sections.section import Condition, Section, Told

Trigger = Literal["repeat", "overdue", "warning", "reopened", "complaint", "asked"]


class EscalationRule(Section):
    """One rung of the ladder: what takes it, for which tickets, and what it does."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["second-repeat"])]
    """In letters and metrics; small letters, digits and `-`."""
    on: Trigger
    """What takes it. `asked` is a person's `!escalate`."""
    count: Annotated[PositiveInt | None, Field(examples=[2])] = None
    """For `repeat` and `reopened`: the how many-th it is."""
    clock: Annotated[str | None, Field(examples=["response"])] = None
    """For `overdue` and `warning`: one of `[[clocks]]` or `[[owed]]`."""
    when: Condition = Condition()
    """Only for these tickets."""
    raises: Annotated[int, Field(ge=0, le=9)] | Literal["top"] = 0
    """How many levels the priority goes up; `top` is to the highest."""
    lines: Annotated[int, Field(ge=0, le=9)] = 0
    """How many lines of support the ticket goes up."""
    tell: tuple[Told, ...] = ()
    """Who gets a letter about it."""
    owes: Annotated[tuple[str, ...], Field(examples=[["complaint_analysis"]])] = ()
    """What is owed from now on, of `[[owed]]`."""
    approval: Role | None = None
    """Whose approval is asked for and recorded."""
    reminds: bool = False
    """The requester is asked once more whether it is solved."""
    assigns: bool = False
    """The desk names the assignee where nobody else has."""
    closes: bool = False
    """The ticket closes without the requester's word."""

    @property
    def does_something(self) -> bool:
        """Whether the rung has any effect."""
        effects = (self.raises, self.lines, self.tell, self.owes, self.approval)
        return any(effects) or self.reminds or self.assigns or self.closes
