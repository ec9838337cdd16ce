"""What reads the mails of monitors: patterns, the groups they have, and what is made of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rules.alerts.mails import STATES, groups_in
from rules.language.automaton import Extractor
from rules.rulebook_files.checking.written import named_twice, table, tables, texts
from rules.toml_files.problems import Complaint, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.rulebook_files.checking.written import Table
    from rules.toml_files.lines import Place


def check_mails(rulebook: Table) -> Iterator[Complaint]:
    """What is wrong with `[[alerts.mails]]` beyond single keys."""
    listed = tables(table(rulebook, "alerts"), "mails")
    yield from named_twice(listed, ("alerts", "mails"))
    for index, monitor in listed:
        at: Place = ("alerts", "mails", index)
        yield from _senders(monitor, at)
        yield from _groups(monitor, at)
        yield from _states(table(monitor, "states"), (*at, "states"))


def _senders(monitor: Table, at: Place) -> Iterator[Complaint]:
    key = "from" if "from" in monitor else "senders"  # as it was written, or as the section holds it
    for sender in texts(monitor.get(key)):
        if "@" not in sender.strip("@") or " " in sender:
            yield Complaint((*at, "from"), f"{sender!r} is no address: write nagios@corp.example")


def _groups(monitor: Table, at: Place) -> Iterator[Complaint]:
    patterns = [*texts(monitor.get("subject")), *texts(monitor.get("body"))]
    labels = table(monitor, "labels")
    if labels and "alertname" not in labels:
        yield Complaint((*at, "labels"), "alertname is missing: it names the alert")
    if "severity" in labels:
        yield Complaint((*at, "labels", "severity"), "the severity is no identity: it comes from the group severity")
    try:
        groups = frozenset[str]().union(*(Extractor(pattern).groups for pattern in patterns))
    except ValueError:
        return  # the section tells what is wrong with a pattern
    if not patterns:
        yield Complaint(at, "nothing could read a mail: give subject or body")
    elif "state" not in groups:
        yield Complaint((*at, "subject"), "no pattern has the group state: write (?P<state>...) where it stands")
    yield from _unknown_groups(labels, groups, (*at, "labels"))


def _unknown_groups(labels: Table, groups: frozenset[str], at: Place) -> Iterator[Complaint]:
    for label, template in labels.items():
        for name in groups_in(template) if isinstance(template, str) else ():
            if name not in groups:
                yield Complaint((*at, label), f"no pattern has a group {name!r}{did_you_mean(name, groups)}")


def _states(states: Table, at: Place) -> Iterator[Complaint]:
    """Words that mean two states."""
    first: dict[str, str] = {}
    for state in STATES:
        listed: Any = states.get(state)
        for word in dict.fromkeys(each.lower() for each in texts(listed)):
            if first.setdefault(word, state) != state:
                yield Complaint((*at, state), f"{word!r} means {first[word]} already")
