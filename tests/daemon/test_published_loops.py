"""What was published about loops, floods and lost letters of other desks, and does not happen here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from daemon.store import schema
from daemon.store.database import Engine, transaction
from daemon.store.letters.letters import Settlement, claim_letters, settle_letters
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from rules.report import Bounce
from tests.daemon.desks import StandingDesk
from tests.samples import ALICE, HOUR, MINUTE, a_mail

if TYPE_CHECKING:
    from rules.report import Mail


@pytest.fixture
def desk(writer: Engine) -> StandingDesk:
    return StandingDesk(writer)


def send_all(desk: StandingDesk, writer: Engine) -> list[Any]:
    """Hand over what is queued, as to a server that takes everything."""
    with transaction(writer) as connection:
        claimed = claim_letters(connection, limit=999, claim="c", lease=HOUR, now=desk.clock())
        sent = [Settlement(id=one.id, attempted_at=desk.clock(), reply="250", sent=True) for one in claimed]
        settle_letters(connection, sent, claim="c")
    return claimed


def bounce_of(message_id: str, recipient: str, n: int) -> Mail:
    bounce = Bounce(recipient=recipient, hard=True, status="5.1.1", message_id=message_id)
    return replace(a_mail("mailer-daemon@mx.example", "Undelivered", n=n, auto="bounce"), bounce=bounce)


def count(writer: Engine, *conditions: Any) -> int:
    with transaction(writer) as connection:
        return connection.execute(select(func.count()).select_from(schema.letters).where(*conditions)).scalar_one()


def test_zammad_4941_1131_731_and_faveo_150_where_everything_bounces_the_desk_falls_silent(
    desk: StandingDesk, writer: Engine
) -> None:
    desk.receive(a_mail(ALICE, "VPN down", "The VPN is down", n=1, verified=True))
    rounds = []
    for n in range(60):
        sent = send_all(desk, writer)
        rounds.append(len(sent))
        reports = [bounce_of(one.message_id, one.letter.to, 1000 * (n + 1) + k) for k, one in enumerate(sent)]
        if reports:
            desk.receive(*reports)
        desk.clock.move(MINUTE)
        desk.tick()
    assert sum(rounds) < 12
    assert rounds[-30:] == [0] * 30
    with transaction(writer) as connection:
        assert connection.execute(select(schema.tickets.c.reopened, schema.tickets.c.repeats)).all() == [(0, 0)]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Auto-Submitted: auto-replied", id="RFC 3834"),
        pytest.param("X-Autoreply: yes", id="X-Autoreply"),
        pytest.param("Precedence: auto_reply", id="Precedence"),
        pytest.param("X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated", id="another desk of our kind"),
    ],
)
def test_frappe_helpdesk_3628_and_rt_the_answer_of_another_desk_is_not_answered(
    desk: StandingDesk, writer: Engine, header: str
) -> None:
    raw = (
        f"From: help@other.example\r\nTo: support@desk.example\r\nSubject: [#12] VPN\r\n{header}\r\n\r\nWe got it.\r\n"
    )
    ourselves = Ourselves(addresses=frozenset({"support@desk.example"}), senders_are_checked=True)
    mail = read_mail(raw.encode(), source="support", key="1.1", received_at=desk.clock(), ourselves=ourselves)
    desk.receive(mail)
    assert count(writer, schema.letters.c.recipient == "help@other.example") == 0


@pytest.mark.slow
def test_zendesk_2026_ten_thousand_forged_senders_get_at_most_a_hundred_receipts_a_day(
    desk: StandingDesk, writer: Engine
) -> None:
    for start in range(0, 1_000, 100):
        mails = [
            a_mail(f"victim{n}@other.example", f"FREE MONEY {n}", f"visit evil.example {n}", n=n)
            for n in range(start, start + 100)
        ]
        desk.receive(*mails)
    receipts = schema.letters.c.template == "receipt"
    assert count(writer, receipts, schema.letters.c.state == "queued") <= 100
    with transaction(writer) as connection:
        data = connection.execute(select(schema.letters.c.data).where(receipts)).scalars().all()
    assert not [one for one in data if "FREE MONEY" in str(one) or "evil.example" in str(one)]


def test_evc_team_relay_115_two_couriers_never_take_one_letter(desk: StandingDesk, writer: Engine) -> None:
    desk.receive(*(a_mail(f"user{n}@corp.example", f"door {n}", f"door {n} is shut", n=n) for n in range(30)))
    with transaction(writer) as connection:
        ours = claim_letters(connection, limit=20, claim="ours", lease=HOUR, now=desk.clock())
        theirs = claim_letters(connection, limit=999, claim="theirs", lease=HOUR, now=desk.clock())
    assert not {one.id for one in ours} & {one.id for one in theirs}


def test_plane_9602_and_9609_a_letter_that_was_claimed_and_never_sent_goes_again(
    desk: StandingDesk, writer: Engine
) -> None:
    desk.receive(a_mail(ALICE, "VPN down", "The VPN is down", n=1, verified=True))
    with transaction(writer) as connection:
        claimed = claim_letters(connection, limit=999, claim="killed", lease=HOUR, now=desk.clock())
    desk.clock.move(HOUR + MINUTE)
    with transaction(writer) as connection:
        again = claim_letters(connection, limit=999, claim="next", lease=HOUR, now=desk.clock())
    assert [one.message_id for one in again] == [one.message_id for one in claimed]
