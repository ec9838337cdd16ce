"""What goes along with a letter comes out of the original of its report."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from typing import TYPE_CHECKING

from sqlalchemy import delete

from daemon.enclosures import fetch_contents
from daemon.store import schema
from daemon.store.database import transaction
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from tests.daemon.desks import StandingDesk
from tests.samples import NOW

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from rules.attachment import TicketAttachment

JPEG = b"\xff\xd8\xff" + b"picture" * 1000


def receive(engine: Engine) -> tuple[TicketAttachment, ...]:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "alice@corp.example", "VPN is down"
    mail.set_content("It does not answer.")
    for name in ("one.jpg", "two.jpg"):
        mail.add_attachment(JPEG + name.encode(), maintype="image", subtype="jpeg", filename=name)
    report = read_mail(mail.as_bytes(), source="support", key="9.1", received_at=NOW, ourselves=Ourselves())
    ticket = StandingDesk(engine).receive(report)[0].ticket
    assert ticket is not None
    return ticket.attachments


def test_each_attachment_has_its_bytes(writer: Engine) -> None:
    one, two = receive(writer)
    assert fetch_contents(writer, (two, one)) == [JPEG + b"two.jpg", JPEG + b"one.jpg"]


def test_it_is_found_by_its_name_where_another_release_counted_otherwise(writer: Engine) -> None:
    one, _ = receive(writer)
    assert fetch_contents(writer, (replace(one, number=7),)) == [JPEG + b"one.jpg"]


def test_nothing_else_is_taken_for_it(writer: Engine) -> None:
    one, _ = receive(writer)
    assert fetch_contents(writer, (replace(one, size=5), replace(one, key="9.9"))) == [None, None]


def test_what_is_no_longer_kept_is_none(writer: Engine) -> None:
    one, two = receive(writer)
    with transaction(writer) as connection:
        connection.execute(delete(schema.originals))
    assert fetch_contents(writer, (one, two)) == [None, None]
