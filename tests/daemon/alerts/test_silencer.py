"""Silences between the ticket and Alertmanager: wanted in the ticket's transaction, set after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from daemon.alerts.silencer import Silencer
from daemon.counter import Do
from daemon.store import schema
from daemon.store.alerts.silences import count_silences, find_silence
from daemon.store.database import transaction
from ingest.alertmanager.api import AlertmanagerError
from rules.calendar.duration import Duration
from rules.token import make_message_id
from tests.daemon.desks import STANDING, StandingDesk
from tests.faults.accounts import check_books
from tests.rules.joining.shop import RULEBOOK as SHOP
from tests.rules.joining.shop import database_down, latency
from tests.samples import CHEN, HOUR, KEYS, LI, MINUTE, NOW, RULEBOOK, a_mail, an_alert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from rules.report import Alert
    from rules.rulebook import Rulebook
    from rules.silences.kept import KeptSilence
    from rules.silences.silence import Silence

REFUSED = AlertmanagerError("connection refused", passes=True)
UNANSWERED = AlertmanagerError("no answer", passes=True, in_doubt=True)


@dataclass(slots=True)
class FakeAlertmanager:
    """Keeps silences as an Alertmanager does."""

    clock: Callable[[], datetime]
    kept: dict[str, Silence] = field(default_factory=dict)
    fails: bool = False
    loses_answers: bool = False
    posts: int = 0
    meanwhile: Callable[[], None] | None = None
    """Happens once, while the next question is answered."""

    async def silences(self, filters: Sequence[str] = ()) -> tuple[Silence, ...]:
        self._reach()
        return tuple(self._as_of_now(each) for each in self.kept.values())

    async def set_silence(self, silence: Silence) -> str:
        self._reach()
        self.posts += 1
        name = silence.id or f"silence-{len(self.kept) + 1}"
        self.kept[name] = replace(silence, id=name, state="active")
        if self.loses_answers:
            raise UNANSWERED
        return name

    async def expire_silence(self, silence: str) -> None:
        self._reach()
        self.kept[silence] = replace(self.kept[silence], ends_at=self.clock(), state="expired")

    def live(self) -> list[Silence]:
        return [each for each in map(self._as_of_now, self.kept.values()) if each.state == "active"]

    def _as_of_now(self, silence: Silence) -> Silence:
        return replace(silence, state="expired") if silence.ends_at <= self.clock() else silence

    def _reach(self) -> None:
        happen, self.meanwhile = self.meanwhile, None
        if happen is not None:
            happen()
        if self.fails:
            raise REFUSED


class SilencingDesk(StandingDesk):
    """A desk with an Alertmanager, and a DiskFull that fires."""

    def __init__(self, engine: Engine, rulebook: Rulebook = RULEBOOK, alert: Alert | None = None) -> None:
        super().__init__(engine, rulebook=rulebook, standing=replace(STANDING, silencing=frozenset({"prod"})))
        self.engine = engine
        self.alertmanager = FakeAlertmanager(self.clock)
        self.others: list[FakeAlertmanager] = []
        self.silencer = Silencer(
            counter=self.counter,
            desk=lambda: self.desk,
            apis=lambda source: [self.alertmanager, *self.others] if source == "prod" else [],
            claim_name="this daemon",
            now=self.clock,
        )
        self.number = 100
        self.beside: Callable[[Connection], None] | None = None
        """Lies on the counter with everything that the silencer wants."""
        self.receive(alert or an_alert())

    def command(self, text: str, by: str = CHEN) -> None:
        self.number += 1
        reference = make_message_id(KEYS, ticket=1, serial=5, recipient=by, domain="desk.example")
        self.receive(a_mail(by, "Re: [202611-001]", text, n=self.number, references=(reference,), verified=True))

    def work(self) -> None:
        """Let the loop come round until nothing is due."""
        asyncio.run(self._work())

    def let_pass(self, minutes: int) -> None:
        for _ in range(minutes):
            self.clock.move(MINUTE)
            self.work()

    def silence(self) -> KeptSilence:
        with transaction(self.engine) as connection:
            found = find_silence(connection, 1)
        assert found is not None
        return found

    def events(self) -> list[str]:
        with transaction(self.engine) as connection:
            table = schema.events.c
            kinds = connection.execute(select(table.kind).order_by(table.sequence)).scalars()
            return [kind for kind in kinds if kind.startswith("silence")]

    def letters(self) -> list[str]:
        with transaction(self.engine) as connection:
            table = schema.letters.c
            told = connection.execute(select(table.data).where(table.template == "escalated")).scalars()
            return [str(data["reason"]) for data in told]

    async def _work(self) -> None:
        while await self._step():
            pass

    async def _step(self) -> bool:
        step = asyncio.create_task(self.silencer.step())
        while not step.done():
            if self.beside is not None:
                self.counter.lay_down(Do(self.beside))
            self.desk.step(0)
            await asyncio.sleep(0)
        return step.result()


@pytest.fixture
def desk(writer: Engine) -> SilencingDesk:
    return SilencingDesk(writer)


def test_nothing_is_asked_of_alertmanager_before_somebody_wants_it(desk: SilencingDesk) -> None:
    desk.work()
    assert desk.alertmanager.posts == 0


def test_it_is_set_with_the_tickets_labels_and_names_the_ticket(desk: SilencingDesk) -> None:
    desk.command("!silence 2h")
    assert desk.alertmanager.kept == {}
    desk.work()
    (silence,) = desk.alertmanager.live()
    assert [(each.name, each.value) for each in silence.matchers if each.value] == [
        ("alertname", "DiskFull"),
        ("job", "node"),
    ]
    assert (silence.created_by, silence.comment) == (CHEN, "ticket 202611-001 of the desk at desk.example")
    assert silence.ends_at == NOW + 30 * MINUTE
    assert desk.events() == ["silenced", "silence_set"]
    check_books(desk.engine)


def test_it_is_extended_while_it_fires_and_no_longer_than_asked(desk: SilencingDesk) -> None:
    desk.command("!silence 2h")
    desk.work()
    desk.let_pass(118)
    (silence,) = desk.alertmanager.live()
    assert silence.ends_at == NOW + 2 * HOUR
    assert 4 <= desk.alertmanager.posts <= 8
    desk.let_pass(3)
    assert (desk.alertmanager.live(), desk.silence().state) == ([], "expired")
    assert desk.events() == ["silenced", "silence_set", "silence_ended"]
    assert ["is over and not set again" in told for told in desk.letters()] == [True]
    check_books(desk.engine)


@pytest.mark.parametrize("end", ["!close gone", "!resolve freed the disk", "!silence off"])
def test_it_is_expired_when_the_ticket_ends_or_somebody_says_so(desk: SilencingDesk, end: str) -> None:
    desk.command("!silence")
    desk.work()
    desk.command(end)
    desk.work()
    assert (desk.alertmanager.live(), desk.silence().state) == ([], "expired")
    check_books(desk.engine)


def test_one_that_ends_before_it_was_set_is_never_set(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.command("!silence off")
    desk.work()
    assert (desk.alertmanager.posts, desk.silence().state) == (0, "expired")


def test_when_the_alerts_end_it_is_not_extended(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.work()
    desk.receive(an_alert("resolved", minute=0))
    desk.let_pass(31)
    assert (desk.alertmanager.live(), desk.silence().state) == ([], "expired")


def test_a_lost_answer_makes_no_second_silence(desk: SilencingDesk) -> None:
    desk.alertmanager.loses_answers = True
    desk.command("!silence")
    desk.work()
    desk.alertmanager.loses_answers = False
    desk.let_pass(1)
    assert len(desk.alertmanager.kept) == 1
    assert (desk.silence().ids, desk.silence().state) == (("silence-1",), "active")


def test_a_lost_answer_makes_no_second_silence_at_another_of_the_cluster(desk: SilencingDesk) -> None:
    """It has not gossiped yet when the first one's answer is lost; then it has, and the first one is away."""
    first, other = desk.alertmanager, FakeAlertmanager(desk.clock)
    desk.others.append(other)
    first.loses_answers = True
    desk.command("!silence 1h")
    desk.work()
    assert (first.posts, other.posts) == (1, 0)
    other.kept, first.fails = first.kept, True
    desk.let_pass(1)
    assert [each.id for each in other.live()] == ["silence-1"]
    assert desk.silence().state == "active"


def test_what_joined_by_what_it_needs_is_silenced_with_the_ticket_until_it_is_split_off(writer: Engine) -> None:
    desk = SilencingDesk(writer, SHOP, latency())
    desk.receive(database_down())
    desk.command("!silence 2h", LI)
    desk.work()
    assert {each.matchers[0].value for each in desk.alertmanager.live()} == {"HighLatency", "HostDown"}
    desk.let_pass(20)
    assert len(desk.alertmanager.kept) == 2
    desk.command("!split HostDown", LI)
    desk.work()
    assert [each.matchers[0].value for each in desk.alertmanager.live()] == ["HighLatency"]
    desk.command("!silence off", LI)
    desk.work()
    assert desk.alertmanager.live() == []


def test_what_was_settled_is_logged_once_and_after_it_is_recorded(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.beside = fail
    with capture_logs() as log:
        desk.work()
    assert [line["verdict"] for line in log if line["event"] == "silence.settled"] == ["Stands"]


def fail(_: Connection) -> None:
    raise RuntimeError("as planned")


def test_what_is_split_off_while_it_is_being_silenced_is_heard_again_at_once(writer: Engine) -> None:
    desk = SilencingDesk(writer, SHOP, latency())
    desk.receive(database_down())
    desk.alertmanager.meanwhile = lambda: desk.command("!split HostDown", LI)
    desk.command("!silence 2h", LI)
    desk.work()
    assert [each.matchers[0].value for each in desk.alertmanager.live()] == ["HighLatency"]


def test_so_is_what_is_silenced_anew_with_what_joined_while_it_was_being_set(writer: Engine) -> None:
    desk = SilencingDesk(writer, SHOP, latency())

    def join_and_silence() -> None:
        desk.receive(database_down())
        desk.command("!silence 3h", LI)

    desk.alertmanager.meanwhile = join_and_silence
    desk.command("!silence 2h", LI)
    desk.work()
    assert {each.matchers[0].value for each in desk.alertmanager.live()} == {"HighLatency", "HostDown"}


def test_of_two_that_one_was_expired_by_hand_ends_both(writer: Engine) -> None:
    desk = SilencingDesk(writer, SHOP, latency())
    desk.receive(database_down())
    desk.command("!silence 2h", LI)
    desk.work()
    asyncio.run(desk.alertmanager.expire_silence("silence-1"))
    desk.let_pass(16)
    assert (desk.alertmanager.live(), desk.silence().state) == ([], "expired")


def test_what_there_is_twice_is_expired_but_for_one(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.work()
    (silence,) = desk.alertmanager.live()
    desk.alertmanager.kept["twin"] = replace(silence, id="twin", starts_at=NOW + MINUTE)
    desk.let_pass(16)
    assert [each.id for each in desk.alertmanager.live()] == [silence.id]


def test_staff_are_told_once_when_it_cannot_be_set_and_it_is_tried_on(desk: SilencingDesk) -> None:
    desk.alertmanager.fails = True
    desk.command("!silence")
    desk.work()
    desk.let_pass(4)
    assert desk.letters() == []
    desk.let_pass(20)
    (told,) = desk.letters()
    assert "no silence could be set at prod so far" in told
    assert "connection refused" in told
    desk.alertmanager.fails = False
    desk.let_pass(2)
    assert len(desk.alertmanager.live()) == 1
    assert desk.events() == ["silenced", "silence_failed", "silence_set"]
    check_books(desk.engine)


def test_whoever_expires_it_at_alertmanager_is_not_overruled(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.work()
    asyncio.run(desk.alertmanager.expire_silence("silence-1"))
    desk.let_pass(60)
    assert desk.alertmanager.live() == []
    assert desk.events() == ["silenced", "silence_set", "silence_ended"]


def test_unless_somebody_wants_it_again_just_then(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.work()
    asyncio.run(desk.alertmanager.expire_silence("silence-1"))
    desk.alertmanager.meanwhile = lambda: desk.command("!silence 3h")
    desk.let_pass(16)
    assert len(desk.alertmanager.live()) == 1
    assert desk.silence().state == "active"


def test_one_that_alertmanager_has_forgotten_is_made_again(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.work()
    desk.alertmanager.kept.clear()
    desk.let_pass(16)
    assert len(desk.alertmanager.live()) == 1


def test_one_that_ended_while_the_desk_was_away_is_made_again(desk: SilencingDesk) -> None:
    desk.command("!silence")
    desk.work()
    desk.clock.move(2 * HOUR)
    desk.work()
    assert len(desk.alertmanager.live()) == 1
    assert desk.silence().ends_at == NOW + 2 * HOUR + 30 * MINUTE


def test_a_second_command_changes_the_one_there_is(desk: SilencingDesk) -> None:
    desk.command("!silence 10m")
    desk.work()
    desk.command("!silence 3h")
    desk.work()
    (silence,) = desk.alertmanager.live()
    assert (silence.id, silence.ends_at) == ("silence-1", NOW + 30 * MINUTE)


def test_what_another_daemon_has_claimed_is_left_to_it_until_its_lease_ends(desk: SilencingDesk) -> None:
    desk.command("!silence")
    other = replace(desk.silencer, claim_name="another daemon")
    item = Do(other._claim)
    desk.counter.lay_down(item)
    desk.desk.step(0)
    assert len(item.answer.result(0)) == 1
    desk.work()
    assert desk.alertmanager.posts == 0
    desk.let_pass(6)
    assert desk.alertmanager.posts == 1


def test_what_was_claimed_is_given_back_at_the_end(desk: SilencingDesk) -> None:
    desk.command("!silence")
    item = Do(desk.silencer._claim)
    desk.counter.lay_down(item)
    desk.desk.step(0)
    release = replace(desk.silencer)

    async def give_back() -> None:
        giving = asyncio.create_task(release.release())
        while not giving.done():
            desk.desk.step(0)
            await asyncio.sleep(0)

    asyncio.run(give_back())
    desk.work()
    assert desk.alertmanager.posts == 1


def test_silences_are_counted_by_state(desk: SilencingDesk) -> None:
    desk.command("!silence")
    with transaction(desk.engine) as connection:
        assert count_silences(connection) == {"wanted": 1}
    desk.work()
    with transaction(desk.engine) as connection:
        assert count_silences(connection) == {"active": 1}


@pytest.mark.parametrize(("asked", "stale"), [(frozenset({"prod"}), 0), (frozenset[str](), 1)])
def test_alerts_are_called_stale_only_where_their_source_cannot_be_asked(
    sqlite_writer: Engine, asked: frozenset[str], stale: int
) -> None:
    alerts = RULEBOOK.alerts.model_copy(update={"stale_after": Duration.parse("30m")})
    rulebook = RULEBOOK.model_copy(update={"alerts": alerts})
    desk = StandingDesk(sqlite_writer, rulebook=rulebook, standing=replace(STANDING, silencing=asked))
    desk.tick()
    desk.receive(an_alert())
    for _ in range(40):
        desk.clock.move(MINUTE)
        desk.tick()
    with transaction(sqlite_writer) as connection:
        table = schema.episodes.c
        marked = connection.execute(select(table.source).where(table.stale_since.is_not(None))).all()
    assert len(marked) == stale


def test_what_could_not_be_set_is_a_warning_in_the_log(desk: SilencingDesk) -> None:
    desk.alertmanager.fails = True
    desk.command("!silence")
    with capture_logs() as log:
        desk.work()
    (line,) = (line for line in log if line["event"] == "silence.settled")
    assert (line["log_level"], line["verdict"]) == ("warning", "Failed")
