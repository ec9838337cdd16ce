"""What must hold of anything that was read and decided, however mangled it came."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from functools import cache
from time import thread_time
from typing import TYPE_CHECKING, Any, Final

from immutables import Map

from daemon.store.rows import event_values, read_event
from ingest.alertmanager.notification import NotificationError, read_notification
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from outbound.addresses import why_unusable
from outbound.compose import Sender, compose
from outbound.letters import render
from rules.decide import decide
from rules.numbers import serial_period
from tests.corpora.reading import shipped_rulebook
from tests.samples import FACTS
from tests.servers.desk import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.letter import Letter
    from rules.report import Alert, Mail

NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SLOWEST_SECONDS: Final = 5.0
UNREADABLE: Final = "The mail could not be parsed"

_SENDER = Sender(address=ADDRESS, name="IT Service Desk", instance="desk.example")


class Broken(AssertionError):  # noqa: N818 - what is found is no error of this program
    """Something that must hold does not; the text says what."""


@cache
def first_day() -> Facts:
    """A desk with its people and without a ticket."""
    return replace(FACTS, next_serial=(serial_period(shipped_rulebook(), NOW), 1))


def check_mail(original: bytes, key: str, *, trusted: bool) -> Mail:
    """Read and decide one mail, and everything that follows from it; raises Broken, or what the product raises.

    What is slow is told by the processor's time: the wall's grows with whatever else a machine does.
    """
    began = thread_time()
    ourselves = Ourselves(addresses=frozenset({ADDRESS}), senders_are_checked=trusted)
    mail = read_mail(original, source="support", key=key, received_at=NOW, ourselves=ourselves)
    if note := next((note for note in mail.notes if note.startswith(UNREADABLE)), None):
        raise Broken(note)
    check_texts(replace(mail, original=b""))
    check_decision(decide(mail, first_day(), shipped_rulebook(), NOW))
    if (took := thread_time() - began) > SLOWEST_SECONDS:
        raise Broken(f"took {took:.1f} s")
    return mail


def check_body(body: bytes) -> tuple[Alert, ...]:
    """Read one webhook body and decide its alerts; one that is refused must say why."""
    try:
        notification = read_notification(body, source="prod", received_at=NOW)
    except NotificationError as error:
        check_texts(error.reason)
        return ()
    check_texts(notification)
    for alert in notification.alerts:
        check_decision(decide(alert, first_day(), shipped_rulebook(), NOW))
    return notification.alerts


def check_decision(decision: Decision) -> None:
    """It has reasons, its events survive the database, and its letters become mails."""
    if not decision.reasons or not all(decision.reasons):
        raise Broken("a decision without a reason")
    check_texts((decision.reasons, decision.ticket, decision.events, decision.letters, decision.episodes))
    for sequence, event in enumerate(decision.events, start=1):
        if read_event(event_values(1, sequence, event)["data"]) != event:
            raise Broken(f"an event is not what was written: {event}")
    for letter in decision.letters:
        check_letter(letter)


def check_letter(letter: Letter) -> None:
    """It renders, and the mail has one recipient; the courier gives up on one whose address is no plain one."""
    rendered = render(letter)
    if why_unusable(letter.to):
        return
    original = compose(letter, rendered, _SENDER, "<fuzz.1@desk.example>", NOW)
    mail = message_from_bytes(original)
    if len(mail.get_all("To", [])) != 1 or mail.get_all("Cc") or mail.get_all("Bcc") or mail.defects:
        raise Broken(f"a letter with the header {mail.items()}")
    without_recipient = original.replace(letter.to.encode(), b"", 1)  # SMTPUTF8 lets an address be Chinese
    if max(map(len, original.split(b"\r\n"))) > 998 or not without_recipient.isascii():
        raise Broken("a letter that not every server takes")


def check_texts(value: Any) -> None:
    """No text of it holds U+0000 or half of a surrogate pair, which no database takes."""
    for text in _texts(value):
        if "\0" in text:
            raise Broken(f"U+0000 in {text[:200]!r}")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Broken(f"a lone surrogate in {text[error.start - 20 : error.end + 20]!r}") from error


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case tuple() | list() | frozenset() as items:
                waiting += items
            case dict() | Map() as items:
                waiting += [*items.keys(), *items.values()]
            case thing if is_dataclass(thing):
                waiting += [getattr(thing, field.name) for field in fields(thing)]
