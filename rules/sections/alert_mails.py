"""How the mails of a monitor that sends nothing else are read as alerts."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import Field

from rules.language.automaton import Extractor
from rules.sections.patterns import Extracting
from rules.sections.section import OneOrMore, Section

StateWords = Annotated[tuple[str, ...], OneOrMore]


class MailStates(Section):
    """What the group `state` of a mail means, by its words, in any case."""

    firing: Annotated[StateWords, Field(min_length=1, examples=[["PROBLEM", "故障"]])]
    """It fires; while it fires already, the mail is appended."""
    resolved: Annotated[StateWords, Field(min_length=1, examples=[["RECOVERY", "恢复"]])]
    """It is over."""
    acknowledged: Annotated[StateWords, Field(examples=[["ACKNOWLEDGEMENT"]])] = ()
    """Somebody has taken it in the monitor; the mail is appended, and the assignee told."""
    ignored: Annotated[StateWords, Field(examples=[["FLAPPINGSTART", "FLAPPINGSTOP"]])] = ()
    """The mail is recorded and ignored."""


class MailedAlerts(Section):
    """The alerts of a monitor that writes mails. The first of them that fits a mail reads it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["nagios-service"])]
    """In reasons and metrics; small letters, digits and `-`."""
    senders: Annotated[tuple[str, ...], OneOrMore, Field(alias="from", min_length=1, examples=["nagios@corp.example"])]
    """The addresses that it writes from. Only a verified sender counts: anybody can write any `From:`."""
    subject: Annotated[Extracting, Field(examples=[r"^(?P<state>Problem|Resolved)[^:]*: (?P<name>.+)"])] = ()
    """RE2 patterns with named groups. One must be found in the subject; the first that is gives its groups."""
    body: Annotated[Extracting, Field(examples=[r"^Host: (?P<host>.+)"])] = ()
    """More patterns, looked for in the text, where `^` and `$` end each line. Each that is found gives its groups,
    where no earlier one gave them. The groups `state` and `severity` mean what is written below, `summary` is what
    people read first; all others are yours."""
    states: MailStates
    labels: Annotated[
        dict[str, str], Field(examples=[{"alertname": "{service}", "instance": "{host}", "service": "{service}"}])
    ]
    """The labels of the alert; `{a|b}` is the first of these groups that was found. All of them together tell one alert
    from another, so that a recovery must give the same. `alertname` is needed; an empty label is left out."""
    severities: Annotated[dict[str, str], Field(examples=[{"DOWN": "critical", "WARNING": "warning"}])] = {}
    """The label `severity` by the group of that name, in any case; what is not listed stays as it is, in small
    letters."""

    @cached_property
    def in_subject(self) -> tuple[Extractor, ...]:
        """The patterns for the subject, compiled at their first use."""
        return tuple(map(Extractor, self.subject))

    @cached_property
    def in_body(self) -> tuple[Extractor, ...]:
        """The patterns for the text, compiled at their first use."""
        return tuple(map(Extractor, self.body))
