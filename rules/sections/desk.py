"""How a desk is set up: its numbers, teams, lines and zones, and who may do what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from rules.calendar.duration import Duration
from rules.commands.verbs import Verb
from rules.directory import Relation
from rules.people import Role
from rules.rulebook_files.weights import Words
from rules.sections.patterns import Patterns
from rules.sections.section import Condition, Names, Promise, Section


class Numbers(Section):
    """Ticket numbers."""

    format: str = "{year}{month}-{serial}"
    """Of `{year}`, `{month}`, `{day}` and `{serial}`."""
    digits: Annotated[int, Field(ge=1, le=9)] = 3
    """The serial has at least so many digits, then more; no number is used again."""
    restart: Literal["never", "year", "month", "day"] = "month"
    """When the serial begins at 1 again; the format must then tell the periods apart."""


class Team(Section):
    """A group of people who work on the same things."""

    names: Names = {}


class Line(Section):
    """A line of support, the first one first. Every hand-over goes through the desk, which tells the requester."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["second"])]
    """In commands, letters and metrics; small letters, digits and `-`."""
    names: Names = {}
    team: Annotated[str | None, Field(examples=["senior-engineers"])] = None
    """Whose work it is on this line, one of `[teams.NAME]`. Left out: the category's team."""
    teams: Annotated[dict[str, str], Field(examples=[{"software": "application-support"}])] = {}
    """The same by category, where it depends on that."""
    vendor: bool = False
    """Somebody outside works on it: the ticket waits for them, and the team's lead keeps at it."""


class ZonePlace(Section):
    """A place that tickets come from, such as `city` and `suburbs`: the requester's by the people file, or by words."""

    names: Names = {}
    words: Words = {}


class RequesterRules(Section):
    """Who the requesters are."""

    unknown: Relation = "internal"
    """What somebody is whom neither the people file nor `internal_domains` tells."""
    copied: Annotated[int, Field(ge=0, le=100)] = 10
    """How many people whom verified senders put in Cc take part in one ticket; the others are left out."""
    external_team: Annotated[str | None, Field(examples=["customer-support"])] = None
    """The team that takes what customers report. Left out: the category's."""


class AssignmentRules(Section):
    """Who names the assignee, and how."""

    by: Literal["desk", "lead"] = "desk"
    """`desk` assigns at once. `lead` asks the team's lead, with proposals; a rung with `assigns` ends the wait."""
    choose: Literal["least_load", "round_robin"] = "least_load"
    """Of those who are eligible the one with the fewest open tickets, or everybody in turn."""


class Authority(Section):
    """Who may give which command; a verb that is left out keeps what deskd ships."""

    roles: Annotated[dict[Verb, tuple[Role, ...]], Field(examples=[{"priority": ["lead", "supervisor"]}])] = {}
    """By verb, in its English form. The assignee may do what an engineer may on his own tickets."""


class LetterRules(Section):
    """Brakes on what is written by itself. What they hold back is recorded, counted, and told to staff once."""

    unverified_receipts_per_day: PositiveInt = 100
    """To senders whom nobody verified, for the whole desk; each address gets one a day."""
    replies_per_hour: PositiveInt = 4
    """Receipts and other letters that answer a mail by themselves, to one address; five times as many to somebody
    whom the people file knows. More are held back: two machines that answer each other end with this."""
    replies_per_day: PositiveInt = 20
    """The same in 24 hours."""
    receipts_per_ticket: PositiveInt = 4
    """Receipts about one ticket to one address in seven days: whoever reports it so often outside the thread may be a
    machine. Then nothing more is written to him about it but what a person wrote."""
    ticket_per_day: PositiveInt = 40
    """Letters about one ticket to one requester, without those that a person wrote; more are held back."""
    news_per_hour: PositiveInt = 20
    """Letters to one member of staff that somebody wrote to one ticket; more are held back, the ticket has them all."""
    staff_per_hour: PositiveInt = 60
    """Letters to one member of staff. More go out in the hours after it; work, warnings and the like never wait."""
    desk_per_hour: PositiveInt = 3000
    """Letters of the whole desk. More go out in the hours after it; those to staff and those that a person wrote never
    wait."""
    hard_bounces: Annotated[int, Field(ge=1, le=20)] = 3
    """After so many letters that came back for good an address rests: nothing is sent to it."""
    bounce_window: Promise = Duration.parse("30d")
    """How far back they are counted."""
    rest: Promise = Duration.parse("30d")
    """An address rests so long, or until a mail from it proves that somebody reads there."""


class FloodRules(Section):
    """Many tickets of one sender in a short time become one."""

    tickets: Annotated[int, Field(ge=2, le=20)] = 20
    """So many tickets may one sender open in the window; every further report joins the newest of them."""
    window: Promise = Duration.parse("1h")
    """How far back they are counted."""


class Need(Section):
    """Something a report must tell; what is missing is asked for in one letter, and the ticket waits."""

    ask: Annotated[
        Names,
        Field(
            description="How the requester is asked for it, in one line.",
            examples=[{"zh-CN": "您的工号", "en": "your employee number"}],
        ),
    ]
    words: Annotated[tuple[str, ...], Field(examples=[["工号", "employee number"]])] = ()
    """It is told where one of these stands in the report."""
    patterns: Patterns = ()
    """It is told where one of these is found."""
    known: Annotated[
        Literal["name", "number", "department", "phone", "place"] | None, Field(examples=["department"])
    ] = None
    """It need not be asked where the people file tells this of the requester."""
    when: Condition = Condition()
    """Only of these tickets."""
