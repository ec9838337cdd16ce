"""First contacts stay as they were recorded first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.store.database import transaction
from daemon.store.reports.contacts import find_contact, first_start, record_contact
from ingest.mailbox.first_contact import Contact
from tests.samples import DAY, NOW

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_the_first_contact_stands(writer: Engine) -> None:
    with transaction(writer) as connection:
        assert find_contact(connection, "support", 9) is None
        assert record_contact(connection, "support", 9, Contact(NOW, 17)) == Contact(NOW, 17)
    with transaction(writer) as connection:
        assert record_contact(connection, "support", 9, Contact(NOW + DAY, 99)) == Contact(NOW, 17)
        assert find_contact(connection, "support", 9) == Contact(NOW, 17)


def test_another_uidvalidity_is_another_contact(writer: Engine) -> None:
    with transaction(writer) as connection:
        record_contact(connection, "support", 9, Contact(NOW, 17))
        assert find_contact(connection, "support", 10) is None
        assert find_contact(connection, "sales", 9) is None


def test_the_first_start_is_remembered_to_the_second(writer: Engine) -> None:
    with transaction(writer) as connection:
        assert first_start(connection, NOW.replace(microsecond=999_999)) == NOW
    with transaction(writer) as connection:
        assert first_start(connection, NOW + DAY) == NOW
