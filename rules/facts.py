"""What the desk knows at the moment of a decision, and how a decision changes it.

The store gathers facts for a whole batch at once; `apply` lets the second report of the batch see the first.
The maps are persistent (`immutables.Map`), so that applying costs the change and not the batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from immutables import Map

from rules.alerts.groups import told_group
from rules.directory import Directory
from rules.joining.threads import mentioned_ids
from rules.language.similarity import sketch
from rules.letters.brakes import count_receipts
from rules.report import Alert, Mail, Report
from rules.token import TokenKeys, read_token

if TYPE_CHECKING:
    from datetime import date, datetime

    from rules.alerts.heartbeat import Heartbeat
    from rules.decision import Decision, Verdict
    from rules.episode import Episode
    from rules.letters.resting import Reach
    from rules.people import Staff
    from rules.ticket import Ticket

#: So many open tickets of one person are looked at, the newest.
OWN_TICKETS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of a report that was seen before."""

    verdict: Verdict
    ticket: int | None
    reason: str = ""
    """Why; only known of alerts that were ignored and may be taken up (`rules.alerts.ignoring`)."""


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter as far as a bounce needs to know it."""

    ticket: int
    recipient: str
    template: str
    message_id: str = ""
    bounced: bool = False
    """A report that it came back for good was taken already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report of the ledger as far as a ticket of its own needs it."""

    source: str
    key: str
    received_at: datetime
    verdict: Verdict
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a decision may depend on besides the report, the rulebook and the time."""

    staff: Staff
    keys: TokenKeys
    directory: Directory = field(default_factory=Directory)
    desk_name: str = "Service Desk"
    silencing: frozenset[str] = frozenset()
    """The sources whose alerts the desk can silence."""
    commands_by_mail: bool = False
    """The mail server is declared to check senders: engineers may work by mail."""
    senders_are_proven: bool = False
    """Mail by mail, by `Authentication-Results`: the desk writes nothing by itself to a sender who is not."""
    own_addresses: frozenset[str] = frozenset()
    """Of this desk, in lower case: none of them takes part in a ticket."""
    domain: str = "localhost"
    """Of the Message-IDs that this desk makes."""
    tickets: Map[int, Ticket] = Map()
    ledger: Map[tuple[str, str], Entry] = Map()
    """By source and key."""
    contents: Map[str, Entry] = Map()
    """By content key: the same mail in another mailbox, or under another UID."""
    threads: Map[str, int] = Map()
    """Message-IDs of mails in the ledger, and the tickets they belong to."""
    mentions: Map[str, tuple[int, ...]] = Map()
    """Ids that mails of tickets refer to, of mails that may never have come, and those tickets, the oldest first."""
    numbers: Map[str, int] = Map()
    """Tickets by the numbers that subjects name."""
    letters: Map[str, SentLetter] = Map()
    """Our letters by Message-ID, those that a bounce names."""
    returned: Map[str, SentLetter] = Map()
    """Our letters by the signed address that they were sent from, those to whose address a mail came."""
    reach: Map[str, Reach] = Map()
    """Addresses that letters came back from."""
    episodes: Map[tuple[str, str], Episode] = Map()
    """The newest by source and fingerprint."""
    series: Map[tuple[str, str], str] = Map()
    """By source and its own fingerprint of an alert, the fingerprint of the episode that has it, where that is another
    than the rulebook makes now."""
    heartbeats: Map[str, Heartbeat] = Map()
    """By source."""
    alertmanagers: Map[str, str] = Map()
    """Those that mail as well, by the addresses that they mail from."""
    groups: Map[tuple[str, str], tuple[int, ...]] = Map()
    """The tickets of a group of alerts by its Alertmanager and its id, the newest first."""
    by_key: Map[str, int] = Map()
    """The newest ticket of each alert key."""
    opened_lately: Map[str, int] = Map()
    """How many tickets alerts of each source have opened in the window of storms; no more are counted than matter."""
    by_person: Map[str, tuple[int, ...]] = Map()
    """Open tickets by participant, the newest first."""
    opened_by: Map[str, tuple[tuple[int, datetime], ...]] = Map()
    """The open tickets that somebody opened, each with when, the newest first; not those of old mail imported."""
    alike: Map[int, tuple[int, ...]] = Map()
    """Open tickets by each value of their sketch, the newest first."""
    concerning: Map[str, tuple[int, ...]] = Map()
    """Open tickets of alerts by each service and system that they are about, the newest first."""
    reported: Map[tuple[int, str], tuple[Told, ...]] = Map()
    """What people reported to tickets by ticket and address, the oldest first, where they may be parted."""
    related: Map[tuple[int, str], tuple[Episode, ...]] = Map()
    """The newest episodes of related alerts by ticket and their own key, where they may be parted."""
    load: Map[str, int] = Map()
    """Open tickets by assignee."""
    last_given: Map[str, int] = Map()
    """When each assignee was given a ticket last, as a number that grows with every giving: for taking turns."""
    next_serial: tuple[str, int] = ("", 1)
    """The period of this moment (`rules.numbers.serial_period`) and the serial that its next ticket takes."""
    last_ticket: int = 0
    receipts: Map[tuple[str, date], int] = Map()
    """Receipts to unverified senders by address and day; the address `*` counts the whole desk."""

    @property
    def mailing(self) -> frozenset[str]:
        """The names of the Alertmanagers that mail as well."""
        return frozenset(self.alertmanagers.values())

    def read_token(self, token: str, *, sender: str) -> int | None:
        """The ticket that a Message-ID or a mark of ours proves for this sender, or None."""
        return read_token(self.keys, token, sender=sender)


def apply(facts: Facts, report: Report | None, decision: Decision) -> Facts:
    """Return the facts as they are once the decision stands: what the next item of the batch is decided on.

    `report` is None for what the clock decided. A report that was seen before changes nothing,
    but that a heartbeat or a stale episode is heard again.
    """
    if decision.heartbeat is not None:
        facts = replace(facts, heartbeats=facts.heartbeats.set(decision.heartbeat.source, decision.heartbeat))
    if decision.seen_before and not decision.events:
        return facts
    facts = facts if report is None else _with_group(_with_report(facts, report, decision), report, decision)
    for episode in decision.episodes:
        facts = replace(facts, episodes=facts.episodes.set((episode.source, episode.fingerprint), episode))
    if decision.reach:
        facts = replace(facts, reach=facts.reach.update(decision.reach))
    if decision.bounced is not None:
        facts = _with_bounced(facts, decision.bounced)
    for each in decision.whole:
        facts = _with_ticket(facts, each)
    return facts


def _with_ticket(facts: Facts, decision: Decision) -> Facts:
    ticket = decision.ticket
    if ticket is None or not decision.events:
        return facts
    return replace(
        facts,
        concerning=_with_concerns(facts.concerning, decision.before, ticket),
        tickets=facts.tickets.set(ticket.id, ticket),
        by_key=facts.by_key.set(ticket.key, ticket.id) if ticket.key else facts.by_key,
        by_person=_with_people(facts.by_person, decision.before, ticket),
        load=_with_load(facts.load, decision.before, ticket),
        last_given=with_given(facts.last_given, decision.before, ticket),
        receipts=count_receipts(facts.receipts, decision.letters, ticket.changed_at),
        **(_with_new_ticket(facts, ticket) if decision.before is None else {}),
    )


def _with_bounced(facts: Facts, message_id: str) -> Facts:
    """The letter is known to have come back: a second report about it counts no more."""
    letters = {key: replace(each, bounced=True) for key, each in facts.letters.items() if each.message_id == message_id}
    signed = {key: replace(each, bounced=True) for key, each in facts.returned.items() if each.message_id == message_id}
    return replace(facts, letters=facts.letters.update(letters), returned=facts.returned.update(signed))


def _with_report(facts: Facts, report: Report, decision: Decision) -> Facts:
    verdict, ticket = decision.verdict or "ignored", decision.ticket.id if decision.ticket else None
    entry = Entry(verdict, ticket, decision.why if verdict == "ignored" else "")
    ledger = facts.ledger.set((report.source, report.key), entry)
    if isinstance(report, Alert):
        return replace(facts, ledger=ledger)
    contents, threads = facts.contents, facts.threads
    if report.content_key:
        contents = contents.set(report.content_key, entry)
    if report.message_id and entry.ticket is not None and entry.verdict not in ("ignored", "bounce"):
        threads = threads if report.message_id in threads else threads.set(report.message_id, entry.ticket)
    mentions = _with_mentions(facts, report, decision)
    return replace(facts, ledger=ledger, contents=contents, threads=threads, mentions=mentions)


def _with_group(facts: Facts, report: Report, decision: Decision) -> Facts:
    if not facts.alertmanagers or (told := told_group(report, decision, facts.mailing)) is None:
        return facts
    source, thread, ticket = told
    known = facts.groups.get((source, thread), ())
    tickets = (ticket, *(each for each in known if each != ticket))
    return replace(facts, groups=facts.groups.set((source, thread), tickets))


def new_mentions(report: Mail, decision: Decision) -> tuple[str, ...]:
    """The ids by which a mail makes its ticket known; a sender who may be forged leads nobody to another's ticket."""
    ticket = decision.ticket
    believed = report.verified or decision.verdict == "opened"
    if ticket is None or decision.verdict in ("ignored", "bounce", "quarantined") or not believed:
        return ()
    return mentioned_ids(report)


def _with_mentions(facts: Facts, report: Mail, decision: Decision) -> Map[str, tuple[int, ...]]:
    mentions = facts.mentions
    for message_id in new_mentions(report, decision):
        tickets = mentions.get(message_id, ())
        if decision.ticket is not None and decision.ticket.id not in tickets:
            mentions = mentions.set(message_id, (*tickets, decision.ticket.id))
    return mentions


def _with_people(
    by_person: Map[str, tuple[int, ...]], before: Ticket | None, ticket: Ticket
) -> Map[str, tuple[int, ...]]:
    if before is not None and before.participants is ticket.participants:
        return by_person
    for person in ticket.participants:
        tickets = by_person.get(person.address, ())
        if ticket.id not in tickets:
            by_person = by_person.set(person.address, (ticket.id, *tickets))
    return by_person


def _with_concerns(
    concerning: Map[str, tuple[int, ...]], before: Ticket | None, ticket: Ticket
) -> Map[str, tuple[int, ...]]:
    if before is not None and before.concerns is ticket.concerns:
        return concerning
    for concern in ticket.concerns:
        tickets = concerning.get(concern, ())
        if ticket.id not in tickets:
            concerning = concerning.set(concern, (ticket.id, *tickets))
    return concerning


def _with_load(load: Map[str, int], before: Ticket | None, ticket: Ticket) -> Map[str, int]:
    for address, step in load_steps(before, ticket):
        load = load.set(address, load.get(address, 0) + step)
    return load


def load_steps(before: Ticket | None, ticket: Ticket) -> tuple[tuple[str, int], ...]:
    """How the number of open tickets of each assignee changes, as (address, +1 or -1)."""
    was = before.assignee if before is not None and before.open else None
    now = ticket.assignee if ticket.open else None
    if was == now:
        return ()
    return tuple((address, step) for address, step in ((was, -1), (now, 1)) if address is not None)


def with_given(last_given: Map[str, int], before: Ticket | None, ticket: Ticket) -> Map[str, int]:
    """Who was given a ticket last, after a decision: every giving has the next number."""
    if ticket.assignee is None or (before is not None and before.assignee == ticket.assignee):
        return last_given
    return last_given.set(ticket.assignee, max(last_given.values(), default=0) + 1)


def _with_new_ticket(facts: Facts, ticket: Ticket) -> dict[str, Any]:
    """What else changes of the facts where the ticket is new."""
    period, serial = facts.next_serial
    alike = facts.alike
    if ticket.channel == "mail":
        for value in sketch(ticket.summary):
            alike = alike.set(value, (ticket.id, *alike.get(value, ())))
    opened_by, lately = facts.opened_by, facts.opened_lately
    if ticket.key is not None:
        lately = lately.set(ticket.source, lately.get(ticket.source, 0) + 1)
    if ticket.requester is not None and not ticket.imported:
        mine = ((ticket.id, ticket.opened_at), *opened_by.get(ticket.requester, ()))
        opened_by = opened_by.set(ticket.requester, mine[:OWN_TICKETS])
    return {
        "alike": alike,
        "numbers": facts.numbers.set(ticket.number, ticket.id),
        "opened_by": opened_by,
        "opened_lately": lately,
        "last_ticket": ticket.id,
        "next_serial": (period, serial + 1),
    }
