"""Alerts whose labels are longer than anybody means them to be."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import reading
from daemon.store.rows import read_letter
from outbound.letters import render
from tests.daemon.desks import StandingDesk, verdicts
from tests.faults.accounts import check_books
from tests.samples import a_mail, an_alert

if TYPE_CHECKING:
    from sqlalchemy import Engine

#: No database can make this shorter.
NOISE = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=16_000))


def test_a_label_too_long_for_an_index_still_makes_a_key(writer: Engine) -> None:
    desk = StandingDesk(writer)
    labels = Map(alertname="DiskFull", service=NOISE, instance="db1")
    first = an_alert(labels=labels)
    second = an_alert(host="db2", labels=labels.set("instance", "db2"))
    other = an_alert(host="db3", labels=labels.set("service", f"{NOISE}!"))
    assert verdicts(desk.receive(first, second, other)) == ["opened", "appended", "opened"]
    check_books(writer)


def test_an_alert_of_very_many_and_long_labels_makes_letters_that_can_be_read(writer: Engine) -> None:
    desk = StandingDesk(writer)
    labels = Map({"alertname": NOISE, **{f"label_{n}": NOISE for n in range(300)}})
    assert verdicts(desk.receive(an_alert(labels=labels))) == ["opened"]
    with reading(writer) as connection:
        letters = [render(read_letter(row)) for row in connection.execute(select(schema.letters))]
    assert letters
    assert max(len(letter.subject) for letter in letters) < 500
    assert max(len(letter.text) for letter in letters) < 20_000


def test_what_no_index_takes_is_set_aside_and_its_neighbour_is_recorded(writer: Engine) -> None:
    """An index of SQLite takes everything."""
    desk = StandingDesk(writer)
    sound, endless = desk.receive_apart(a_mail(n=1), a_mail(n=2, message_id=f"<{NOISE}@mail.example>"))
    assert verdicts(sound.answer.result(0)) == ["opened"]
    fate = "quarantined" if writer.dialect.name == "postgresql" else "repeated"
    assert verdicts(endless.answer.result(0)) == [fate]
    check_books(writer)
