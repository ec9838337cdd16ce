"""The courier's letters are claimed, kept and settled over the counter, and staff hear of those nobody gets."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from sqlalchemy import event, select, update
from structlog.testing import capture_logs

from daemon.counter import CounterClosedError
from daemon.outbox import DeskOutbox
from daemon.store import schema
from daemon.store.database import Database, transaction
from daemon.store.letters.digests import Merging, merge_old_letters
from daemon.store.letters.letters import release_letters
from daemon.store.tallies import read_tallies
from outbound.channel import Delivery, Outgoing, Refused, Sent, TryAgain, Unknown
from outbound.compose import Sender
from outbound.courier import Courier
from rules.report import Attachment
from rules.token import make_message_id
from tests.daemon.desks import STANDING, StandingDesk
from tests.faults.accounts import check_books
from tests.rules.joining.shop import RULEBOOK as SHOP
from tests.rules.joining.shop import latency
from tests.samples import ALICE, BOB, CHEN, KEYS, LI, MINUTE, NOW, RULEBOOK, ZHAO, a_mail

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy import Connection, Engine

    from rules.report import Report
    from rules.rulebook import Rulebook


SLOW: dict[str, Any] = {"subject": "Payment is very slow", "text": "Paying takes minutes.", "verified": True}


@dataclass(slots=True)
class ScriptedChannel:
    """Answers for each recipient what the test wants, and keeps what it was given."""

    answers: dict[str, Delivery] = field(default_factory=dict)
    given: list[Outgoing] = field(default_factory=list)
    connections: int = 4
    budget: timedelta = timedelta(seconds=1)
    before: Callable[[], None] | None = None
    """What happens while the first letter is on its way."""

    async def deliver(self, outgoing: Outgoing) -> Delivery:
        if meanwhile := self.before:
            self.before = None
            await asyncio.to_thread(meanwhile)
        self.given.append(outgoing)
        return self.answers.get(outgoing.recipient, Sent("250 ok"))


class PostRoom:
    """A desk at work in its thread, an outbox and a courier."""

    def __init__(self, engine: Engine, rulebook: Rulebook = RULEBOOK, first: Report | None = None) -> None:
        self.engine = engine
        self.desk = StandingDesk(engine, rulebook=rulebook)
        self.channel = ScriptedChannel()
        self.outbox = self.make_outbox("ours")
        self.courier = Courier(self.outbox, self.channel, now=self.desk.clock, jitter=lambda: 0.0)
        self._ended = threading.Event()
        self.desk.receive(first or a_mail())
        self.open()

    def make_outbox(self, claim_name: str) -> DeskOutbox:
        return DeskOutbox(
            counter=self.desk.counter,
            desk=lambda: self.desk.desk,
            sender=Sender(address="support@desk.example", name="IT Service Desk", instance="desk.example"),
            reader=Database.at(self.engine.url.render_as_string(hide_password=False)).open_reader(),
            return_path=lambda letter: f"support+{letter}@desk.example",
            claim_name=claim_name,
            lease=5 * MINUTE,
            now=self.desk.clock,
        )

    def states(self) -> dict[tuple[str, str], str]:
        """The state of each letter, by template and recipient."""
        table = schema.letters.c
        with transaction(self.engine) as connection:
            rows = connection.execute(select(table.template, table.recipient, table.state))
            return {(row.template, row.recipient): row.state for row in rows}

    def states_of_all(self) -> list[str]:
        """The states of all letters."""
        with transaction(self.engine) as connection:
            return list(connection.execute(select(schema.letters.c.state)).scalars())

    def open(self) -> None:
        """Let the clerk work in a thread of its own."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def close(self) -> None:
        """Let the clerk end, so that the test may use the writing connection."""
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._ended.is_set():
            self.desk.desk.step(0.01)


@pytest_asyncio.fixture
async def room(sqlite_writer: Engine) -> AsyncIterator[PostRoom]:
    room = PostRoom(sqlite_writer)
    yield room
    await asyncio.to_thread(room.close)


@pytest_asyncio.fixture
async def shop_room(sqlite_writer: Engine) -> AsyncIterator[PostRoom]:
    """At a desk where an alert of the checkout fires."""
    room = PostRoom(sqlite_writer, SHOP, latency())
    yield room
    await asyncio.to_thread(room.close)


def _split_off(room: PostRoom, person: str) -> None:
    """An engineer says that somebody's report has nothing to do with the alert."""
    token = make_message_id(KEYS, ticket=1, serial=7, recipient=LI, domain="desk.example")
    words: dict[str, Any] = {"subject": "Re: it", "text": f"!split {person}", "references": (token,), "verified": True}
    room.close()
    assert room.desk.receive(a_mail(LI, n=90, **words))[0].verdict == "command"
    room.open()


async def _step_all(room: PostRoom) -> None:
    while await room.courier.step():
        pass


@pytest.mark.asyncio
async def test_letters_are_sent_and_settled_with_the_bytes_that_are_kept(room: PostRoom) -> None:
    await _step_all(room)
    room.close()
    assert room.states() == {("receipt", ALICE): "sent", ("assigned", LI): "sent"}
    with transaction(room.engine) as connection:
        kept = set(connection.execute(select(schema.letters.c.message)).scalars())
        totals = read_tallies(connection)
    assert kept == {outgoing.message for outgoing in room.channel.given}
    assert totals["deskd_letters_settled_total", ("sent",)] == 2


@pytest.mark.asyncio
async def test_each_attempt_is_one_line_of_the_log(room: PostRoom) -> None:
    room.channel.answers[ALICE] = TryAgain("451 4.7.1 greylisted", 451)
    with capture_logs() as lines:
        await room.courier.step()
    told = {line["template"]: line["verdict"] for line in lines if line["event"] == "letter.settled"}
    assert told == {"receipt": "again", "assigned": "sent"}


@pytest.mark.asyncio
async def test_a_letter_refused_for_good_is_told_to_the_assignee_once(room: PostRoom) -> None:
    room.channel.answers[ALICE] = Refused("550 5.1.1 no such user", 550)
    await _step_all(room)
    room.close()
    assert room.states() == {("receipt", ALICE): "refused", ("assigned", LI): "sent", ("undelivered", LI): "sent"}
    check_books(room.engine)


@pytest.mark.asyncio
async def test_a_letter_that_the_assignee_cannot_get_is_told_to_the_lead(room: PostRoom) -> None:
    room.channel.answers[LI] = Refused("550 5.1.1 no such user", 550)
    await _step_all(room)
    room.close()
    assert room.states()["undelivered", CHEN] == "sent"
    assert ("undelivered", LI) not in room.states()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "answer", [TryAgain("451 later", 451), TryAgain("connect: refused", away=True), Unknown("no answer")]
)
async def test_what_may_go_better_later_is_sent_again_with_the_same_bytes(room: PostRoom, answer: Delivery) -> None:
    room.channel.answers[ALICE] = answer
    await _step_all(room)
    room.desk.clock.move(15 * MINUTE)
    del room.channel.answers[ALICE]
    await _step_all(room)
    room.close()
    assert room.states()["receipt", ALICE] == "sent"
    assert len({outgoing.message for outgoing in room.channel.given if outgoing.recipient == ALICE}) == 1


@pytest.mark.asyncio
async def test_who_lost_its_lease_neither_settles_nor_tells_nor_counts(room: PostRoom) -> None:
    (first, _) = await room.outbox.claim(10)
    room.desk.clock.move(6 * MINUTE)
    assert len(await room.make_outbox("theirs").claim(10)) == 2
    room.courier = Courier(room.outbox, room.channel, now=room.desk.clock, jitter=lambda: 0.0)
    await room.courier._settle([(first, Refused("550 no", 550))])
    room.close()
    assert set(room.states().values()) == {"queued"}
    with transaction(room.engine) as connection:
        assert ("deskd_letters_settled_total", ("refused",)) not in read_tallies(connection)


@pytest.mark.asyncio
async def test_a_letter_that_cannot_be_rendered_is_refused_and_told(room: PostRoom) -> None:
    room.close()
    with transaction(room.engine) as connection:
        receipt = schema.letters.c.recipient == ALICE
        connection.execute(update(schema.letters).where(receipt).values(data={}))
    room.open()
    await _step_all(room)
    room.close()
    assert room.states() == {("receipt", ALICE): "refused", ("assigned", LI): "sent", ("undelivered", LI): "sent"}


@pytest.mark.asyncio
async def test_while_the_desk_stops_the_courier_is_told_so(room: PostRoom) -> None:
    room.desk.counter.close()
    with pytest.raises(CounterClosedError):
        await room.courier.step()


@pytest.mark.asyncio
async def test_a_letter_too_large_for_the_server_arrives_without_its_files(room: PostRoom) -> None:
    photo = Attachment("photo.jpg", "image/jpeg", 3, begins_like="image/jpeg")
    room.close()
    room.desk.receive(a_mail(BOB, "The printer is jammed", "Paper jam", n=2, attachments=(photo,)))
    room.open()
    room.channel.answers[ZHAO] = Refused("552 5.3.4 too large", 552)
    await room.courier.step()
    del room.channel.answers[ZHAO]
    await _step_all(room)
    room.close()
    assert room.states()["assigned", ZHAO] == "sent"
    *_, last = (outgoing.message for outgoing in room.channel.given if outgoing.recipient == ZHAO)
    assert b"Could not be attached:\r\n- photo.jpg" in last
    assert b"multipart/mixed" not in last


def _wait_three_days(room: PostRoom) -> None:
    """Let letters be written, and none leave."""
    room.close()
    subjects = ("printer jam", "vpn slow", "monitor dark", "badge lost")
    for day in range(3):
        start = 10 * (day + 1)
        room.desk.receive(
            *(
                a_mail(ALICE, f"{one} {day}", f"{one} here", n=start + n, verified=True)
                for n, one in enumerate(subjects)
            )
        )
        for _ in range(24):
            room.desk.clock.move(60 * MINUTE)
            room.desk.tick()
    room.open()


@pytest.mark.slow
@pytest.mark.asyncio
async def test_after_three_days_without_a_mail_server_nobody_is_flooded(room: PostRoom) -> None:
    _wait_three_days(room)
    waiting = [state for state in room.states_of_all() if state == "queued"]
    assert len(waiting) > 40
    await room.outbox.merge()
    for _ in range(8):
        await room.courier.step()
    sent = [(given.recipient, given.message) for given in room.channel.given]
    digests = [to for to, message in sent if b"auto-generated" in message and b"Notices of the time" in message]
    assert len(digests) == len(set(digests))
    assert len(sent) < len(waiting) / 2
    assert room.states_of_all().count("merged") + len(sent) >= len(waiting)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_old_letters_are_merged_for_a_few_people_at_once_and_nobody_is_passed_over(room: PostRoom) -> None:
    _wait_three_days(room)
    room.close()
    steps = []
    after: str | None = ""
    while after is not None:
        with transaction(room.engine) as connection:
            steps.append(merge_old_letters(connection, room.desk.desk.standing, room.desk.clock(), after, people=1))
        after = steps[-1].last
    assert len(steps) > 2
    assert [step.last for step in steps] == [*sorted(step.last or "" for step in steps[:-1]), None]
    assert max(step.digests for step in steps) == 1
    assert room.states_of_all().count("merged") == sum(step.unsent for step in steps)
    with transaction(room.engine) as connection:
        assert merge_old_letters(connection, room.desk.desk.standing, room.desk.clock()) == Merging()


@pytest.mark.parametrize(
    ("look", "word"),
    [
        pytest.param(lambda connection: merge_old_letters(connection, STANDING, NOW), "GROUP BY", id="for old ones"),
        pytest.param(lambda connection: release_letters(connection, claim="ours"), "UPDATE", id="for claimed ones"),
    ],
)
def test_looking_for_letters_reads_those_on_their_way_alone(
    sqlite_writer: Engine, look: Callable[[Connection], object], word: str
) -> None:
    asked: list[tuple[str, object]] = []
    event.listen(
        sqlite_writer,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    with transaction(sqlite_writer) as connection:
        look(connection)
        ((statement, values),) = [each for each in asked if word in each[0]]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()  # type: ignore[arg-type]
    assert "ix_letters_queued" in str(plan)


def test_where_nothing_waits_nothing_is_merged(writer: Engine) -> None:
    desk = StandingDesk(writer)
    with transaction(writer) as connection:
        assert merge_old_letters(connection, desk.desk.standing, desk.clock()) == Merging()


@pytest.mark.asyncio
async def test_what_waits_for_somebody_is_not_sent_once_he_has_left_the_ticket(shop_room: PostRoom) -> None:
    shop_room.desk.receive(a_mail(ALICE, n=1, **SLOW), a_mail(BOB, n=2, **SLOW))
    _split_off(shop_room, ALICE)
    await _step_all(shop_room)
    states = shop_room.states()
    assert (states["receipt", ALICE], states["parted", ALICE], states["receipt", BOB]) == ("withdrawn", "sent", "sent")
    assert sum(outgoing.recipient == ALICE for outgoing in shop_room.channel.given) == 1
    with transaction(shop_room.engine) as connection:
        assert read_tallies(connection)["deskd_letters_settled_total", ("withdrawn",)] == 1


@pytest.mark.asyncio
async def test_a_letter_on_its_way_when_he_left_is_not_tried_again(shop_room: PostRoom) -> None:
    shop_room.desk.receive(a_mail(ALICE, n=1, **SLOW))
    shop_room.channel.answers[ALICE] = TryAgain("451 4.7.1 greylisted", 451)
    shop_room.channel.before = lambda: _split_off(shop_room, ALICE)
    await shop_room.courier.step()
    assert shop_room.states()["receipt", ALICE] == "withdrawn"
    assert shop_room.states()["parted", ALICE] == "queued"


@pytest.mark.asyncio
async def test_nor_is_one_that_the_courier_gave_back_untried(shop_room: PostRoom) -> None:
    shop_room.desk.receive(a_mail(ALICE, n=1, **SLOW))
    assert await shop_room.outbox.claim(9)
    _split_off(shop_room, ALICE)
    assert shop_room.states()["receipt", ALICE] == "queued"
    await shop_room.outbox.release()
    assert shop_room.states()["receipt", ALICE] == "withdrawn"
