"""What the desk keeps of a forward, and shows of it on both tickets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daemon.store.database import transaction
from daemon.store.tickets.read import read_ticket_file
from rules.report import Forward
from tests.daemon.desks import StandingDesk, verdicts
from tests.faults.accounts import check_books
from tests.samples import ALICE, a_mail

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_both_tickets_name_each_other(writer: Engine) -> None:
    again = a_mail(ALICE, "Fwd: VPN", "The other office has it too.", n=2, references=("<1@mail.example>",))
    decisions = StandingDesk(writer).receive(
        a_mail(ALICE, n=1), replace(again, forward=Forward("the subject's prefix"))
    )
    assert verdicts(decisions) == ["opened", "opened"]
    with transaction(writer) as connection:
        first, second = (read_ticket_file(connection, number) for number in ("202611-001", "202611-002"))
    assert first is not None
    assert second is not None
    assert (first.forwarded_from, first.forwarded_as) == (None, ("202611-002",))
    assert (second.forwarded_from, second.forwarded_as) == ("202611-001", ())
    check_books(writer)
