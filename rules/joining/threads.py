"""Which ticket a mail belongs to because it answers something of that ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from rules.joining.following import follow
from rules.language.sayings import say
from rules.token import find_marks, is_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.facts import Facts
    from rules.language.sayings import Saying
    from rules.report import Mail

Proof = Literal["token", "ledger", "mentioned", "number"]
"""How a mail shows what it continues. `token` alone shows that its writer had a letter of ours."""

#: So many ids of mails that never came are kept of one mail: the root of its thread and the newest.
MOST_MENTIONED: Final = 20
#: Characters. Nobody's are longer, and an index of PostgreSQL takes no more than 2,704 bytes.
LONGEST_MENTIONED: Final = 500
_MOST_NUMBERS: Final = 5
_NUMBER = re.compile(r"\[#?([^\[\]\s]{1,40})\]")


@dataclass(frozen=True, slots=True)
class Thread:
    """The ticket that a mail continues, and what proves it."""

    ticket: int
    proof: Proof
    message_id: str
    """The Message-ID, the mark or the number that told."""
    reason: Saying
    """The proof in words."""


def find_thread(mail: Mail, facts: Facts) -> Thread | None:
    """Find the ticket that a mail continues; the questions are asked in this order, and the newest reference first.

    The token of a letter to this very sender, in a Message-ID that he answers, in the address that he writes to or in
    the text that he quotes; a mail of the ledger; a mail that never came and that another one of the ticket names; the
    number in the subject. All but the token count for participants only: they are data that any stranger may write.
    """
    if mail.sender is None:
        return None
    found = _by_token(mail, mail.sender.address, facts) or _by_mails(mail, mail.sender.address, facts)
    found = found or _by_number(mail, mail.sender.address, facts)
    return _follow(found, mail.sender.address, facts) if found else None


def _follow(thread: Thread, address: str, facts: Facts) -> Thread:
    """The thread on the ticket where it goes on: merged into another, or parted from it."""
    ticket = follow(thread.ticket, address, facts)
    if ticket == thread.ticket:
        return thread
    reason = say("thread-goes-on", why=thread.reason, number=facts.tickets[ticket].number)
    return replace(thread, ticket=ticket, reason=reason)


def is_own_letter(mail: Mail, facts: Facts) -> bool:
    """Tell whether a mail is a letter of ours that came back, by its Message-ID, whatever headers were taken off it."""
    if mail.message_id is None or not is_token(mail.message_id):
        return False
    recipients = (address.address for address in (*mail.to, *mail.cc)[:MOST_MENTIONED])
    return any(facts.read_token(mail.message_id, sender=recipient) is not None for recipient in recipients)


def passed_over(mail: Mail, facts: Facts) -> Iterator[Saying]:
    """What a mail without a thread holds that would lead to a ticket if somebody else had sent it, for the reasons."""
    if any(map(is_token, mail.references)) or marks_of(mail):
        yield say("token-of-another")
    for number in named_numbers(mail.subject):
        if number in facts.numbers:
            yield say("number-of-another", number=number)


def marks_of(mail: Mail) -> tuple[str, ...]:
    """The marks of letters in the addresses that a mail was sent to, then those in its text, quotes and all."""
    return (*mail.address_marks, *find_marks(mail.full_text))


def named_numbers(subject: str) -> tuple[str, ...]:
    """What stands in brackets in a subject and may be a ticket's number: `[202611-001]` or `[#202611-001]`."""
    return tuple(dict.fromkeys(_NUMBER.findall(subject)))[:_MOST_NUMBERS]


def mentioned_ids(mail: Mail) -> tuple[str, ...]:
    """The ids by which later mails of this thread may be known, oldest first; letters of ours need none."""
    named = [each for each in mail.references if len(each) <= LONGEST_MENTIONED and not is_token(each)]
    return tuple(named) if len(named) <= MOST_MENTIONED else (named[0], *named[1 - MOST_MENTIONED :])


def _by_token(mail: Mail, address: str, facts: Facts) -> Thread | None:
    shown: tuple[tuple[str, Sequence[str]], ...] = (
        ("thread-token", tuple(reversed(mail.references))),
        ("thread-address", mail.address_marks),
        ("thread-mark", find_marks(mail.full_text)),
    )
    for key, tokens in shown:
        for token in tokens:
            ticket = facts.read_token(token, sender=address)
            if ticket is not None and _may_write(ticket, address, facts):
                return Thread(ticket, "token", token, say(key))
    return None


def _by_mails(mail: Mail, address: str, facts: Facts) -> Thread | None:
    newest_first = tuple(reversed(mail.references))
    for message_id in newest_first:
        ticket = facts.threads.get(message_id)
        if ticket is not None and _takes_part(ticket, address, facts):
            return Thread(ticket, "ledger", message_id, say("thread-ledger", mail=message_id))
    for message_id in (mail.message_id or "", *newest_first):
        for ticket in facts.mentions.get(message_id, ()):
            if _takes_part(ticket, address, facts):
                return Thread(ticket, "mentioned", message_id, say("thread-mentioned", mail=message_id))
    return None


def _by_number(mail: Mail, address: str, facts: Facts) -> Thread | None:
    for number in named_numbers(mail.subject):
        ticket = facts.numbers.get(number)
        if ticket is not None and _takes_part(ticket, address, facts):
            return Thread(ticket, "number", number, say("thread-number", number=number))
    return None


def _may_write(ticket: int, address: str, facts: Facts) -> bool:
    """A colleague who has left the desk keeps his old letters, and no voice."""
    return _takes_part(ticket, address, facts) or facts.staff.find(address) is not None


def _takes_part(ticket: int, address: str, facts: Facts) -> bool:
    known = facts.tickets.get(ticket)
    return known is not None and (known.participant(address) is not None or known.leads_to(address) is not None)
