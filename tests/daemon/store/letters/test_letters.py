"""Letters are leased to one courier at a time, keep their first bytes, and end once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.letters.letters import (
    AT_ONCE,
    LARGEST_KEPT,
    Settlement,
    claim_letters,
    end_leases,
    settle_letters,
    store_messages,
)
from tests.daemon.desks import StandingDesk
from tests.samples import ALICE, HOUR, LI, MINUTE, NOW, a_mail

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from daemon.store.letters.letters import ClaimedLetter

LEASE = timedelta(minutes=5)


@pytest.fixture
def two_letters(writer: Engine) -> Engine:
    """A database with Alice's receipt and Li's assignment."""
    StandingDesk(writer).receive(a_mail())
    return writer


def _claim(engine: Engine, claim: str, now: datetime = NOW, limit: int = 10) -> list[ClaimedLetter]:
    with transaction(engine) as connection:
        return claim_letters(connection, limit=limit, claim=claim, lease=LEASE, now=now)


def _states(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        return list(connection.execute(select(schema.letters.c.state).order_by(schema.letters.c.id)).scalars())


def _settle(engine: Engine, claim: str, *settlements: Settlement) -> set[int]:
    with transaction(engine) as connection:
        return set(settle_letters(connection, settlements, claim=claim))


def test_a_letter_comes_back_with_all_its_data(two_letters: Engine) -> None:
    receipt, assigned = sorted(_claim(two_letters, "one"), key=lambda due: due.letter.to)
    assert (receipt.letter.to, assigned.letter.to) == (ALICE, LI)
    assert receipt.letter.references == ("<1@mail.example>",)
    assert receipt.letter.data
    assert receipt.message_id.endswith("@desk.example>")
    assert (receipt.written_at, receipt.leased_until, receipt.message) == (NOW, NOW + LEASE, None)


def test_two_claims_never_share_a_letter(two_letters: Engine) -> None:
    first, second = _claim(two_letters, "one", limit=1), _claim(two_letters, "two")
    assert {due.id for due in first} & {due.id for due in second} == set()
    assert len(first) == len(second) == 1
    assert _claim(two_letters, "three") == []


def test_a_lease_that_has_ended_is_given_to_the_next(two_letters: Engine) -> None:
    _claim(two_letters, "one")
    assert len(_claim(two_letters, "two", NOW + LEASE)) == 2


def test_who_lost_its_lease_settles_nothing(two_letters: Engine) -> None:
    (due, _) = _claim(two_letters, "one")
    _claim(two_letters, "two", NOW + LEASE)
    assert _settle(two_letters, "one", Settlement(id=due.id, attempted_at=NOW, reply="250 ok", sent=True)) == set()
    assert _states(two_letters) == ["queued", "queued"]


def test_a_letter_is_settled_once(two_letters: Engine) -> None:
    (due, _) = _claim(two_letters, "one")
    sent = Settlement(id=due.id, attempted_at=NOW, reply="250 ok", sent=True)
    assert _settle(two_letters, "one", sent) == {due.id}
    assert _settle(two_letters, "one", sent) == set()
    assert sorted(_states(two_letters)) == ["queued", "sent"]


def test_a_letter_to_be_tried_again_waits_for_its_time(two_letters: Engine) -> None:
    (due, other) = _claim(two_letters, "one")
    later = Settlement(id=due.id, attempted_at=NOW, reply="451 later", next_attempt_at=NOW + HOUR)
    _settle(two_letters, "one", later, Settlement(id=other.id, attempted_at=NOW, reply="250 ok", sent=True))
    assert _claim(two_letters, "one", NOW + HOUR - MINUTE) == []
    (again,) = _claim(two_letters, "one", NOW + HOUR)
    assert (again.id, again.attempts, again.first_attempt_at) == (due.id, 1, NOW)


def test_without_a_next_attempt_a_letter_is_refused(two_letters: Engine) -> None:
    (due, _) = _claim(two_letters, "one")
    _settle(two_letters, "one", Settlement(id=due.id, attempted_at=NOW, reply="550 no such user"))
    assert "refused" in _states(two_letters)


def test_the_first_bytes_stay(two_letters: Engine) -> None:
    (due, _) = _claim(two_letters, "one")
    for message in (b"first\r\n", b"second\r\n"):
        with transaction(two_letters) as connection:
            store_messages(connection, [(due.id, message)])
    again = next(each for each in _claim(two_letters, "two", NOW + LEASE) if each.id == due.id)
    assert again.message == b"first\r\n"


def test_ending_all_leases_frees_what_a_killed_daemon_held(two_letters: Engine) -> None:
    _claim(two_letters, "killed")
    with transaction(two_letters) as connection:
        end_leases(connection)
    assert len(_claim(two_letters, "its successor")) == 2


def _enclose(engine: Engine, size: int) -> None:
    enclosed = [["support", "9.1", 1, "film.mp4", "video/mp4", size, None]]
    with transaction(engine) as connection:
        connection.execute(update(schema.letters).values(enclosed=enclosed))


def test_no_more_is_claimed_than_can_be_held_at_once(two_letters: Engine) -> None:
    _enclose(two_letters, AT_ONCE)
    assert [len(_claim(two_letters, claim)) for claim in ("one", "two", "three")] == [1, 1, 0]


def test_a_large_mail_is_let_go_of_once_it_is_sent(two_letters: Engine) -> None:
    first, second = _claim(two_letters, "one")
    with transaction(two_letters) as connection:
        store_messages(connection, [(first.id, bytes(LARGEST_KEPT + 1)), (second.id, bytes(LARGEST_KEPT))])
    later = Settlement(id=first.id, attempted_at=NOW, reply="451", next_attempt_at=NOW + MINUTE)
    _settle(two_letters, "one", later, Settlement(id=second.id, attempted_at=NOW, reply="250", sent=True))
    (again,) = _claim(two_letters, "two", NOW + HOUR)
    assert again.message == bytes(LARGEST_KEPT + 1)
    _settle(two_letters, "two", Settlement(id=first.id, attempted_at=NOW, reply="250", sent=True))
    with transaction(two_letters) as connection:
        kept = {row.id: row.message for row in connection.execute(select(schema.letters))}
    assert kept == {first.id: None, second.id: bytes(LARGEST_KEPT)}
