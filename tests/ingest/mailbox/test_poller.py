"""The polling loop, against a mailbox and a desk made of lists."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ingest.mailbox.error import MailboxError, Trouble
from ingest.mailbox.mailbox import Fetched, Page, Wake
from ingest.mailbox.poller import Poller, Receipt
from ingest.mailbox.settings import MailboxSettings
from ingest.raw_mail import NoWorkerError, RawMail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.mailbox.first_contact import Contact
    from ingest.raw_mail import ReadPage
    from rules.report import Mail

FIRST_START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def settings(**changes: Any) -> MailboxSettings:
    usual: dict[str, Any] = {
        "name": "support",
        "host": "127.0.0.1",
        "port": 143,
        "security": "plain",
        "user": "support",
        "password": "secret",
        "since": FIRST_START,
        "page_messages": 3,
    }
    return MailboxSettings(**(usual | changes))


@dataclass
class Clock:
    at: datetime = FIRST_START + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class MailboxOfLists:
    """Folders as dicts from UID to the time a mail was received; trouble on demand."""

    settings: MailboxSettings
    inbox: dict[int, datetime] = field(default_factory=dict)
    filed: dict[str, list[int]] = field(default_factory=dict)
    uidvalidity: int = 7
    uidnext: int = 1
    connected: bool = False
    refusing: set[int] = field(default_factory=set)
    deadly: set[int] = field(default_factory=set)
    fetches: list[list[int]] = field(default_factory=list)
    filing_refused: str = ""
    connecting: MailboxError | None = None
    on_wait: Callable[[threading.Event], Wake] = lambda _stop: "quiet"

    def put(self, *uids: int, received_at: datetime = FIRST_START + timedelta(minutes=30)) -> None:
        self.inbox |= dict.fromkeys(uids, received_at)

    def connect(self) -> None:
        if self.connecting:
            raise self.connecting
        self.connected = True
        self.refresh()

    def close(self) -> None:
        self.connected = False

    log_out = close

    def refresh(self) -> None:
        self.uidnext = max([self.uidnext - 1, *self.inbox, *(uid for uids in self.filed.values() for uid in uids)]) + 1

    def list_uids(
        self, above: int = 0, up_to: int | None = None, received_since: datetime | None = None
    ) -> tuple[int, ...]:
        day = (received_since - timedelta(days=1)).date() if received_since else None
        chosen = (u for u, at in self.inbox.items() if above < u <= (up_to or u) and (not day or at.date() >= day))
        return tuple(sorted(chosen))

    def received_after(self, uids: Sequence[int], moment: datetime, now: datetime) -> tuple[int, ...]:
        return tuple(uid for uid in uids if self.inbox[uid] >= moment)

    def fetch_page(self, uids: Sequence[int], now: datetime) -> Page:
        self.fetches.append(list(uids))
        if self.deadly.intersection(uids):
            self.connected = False
            raise MailboxError("the connection was lost", "connection")
        there = [uid for uid in uids if uid in self.inbox]
        return Page(tuple(map(self._fetched, there)), tuple(uid for uid in uids if uid not in there))

    def describe(self, uid: int, trouble: str, now: datetime) -> Fetched | None:
        return self._fetched(uid, trouble)

    def file_away(self, uids: Sequence[int], folder: str) -> None:
        if self.filing_refused:
            raise MailboxError(self.filing_refused, "refused")
        for uid in uids:
            self.inbox.pop(uid, None)
            self.filed.setdefault(folder, []).append(uid)

    def wait(self, seconds: float, stop: threading.Event) -> Wake:
        return self.on_wait(stop)

    def _fetched(self, uid: int, trouble: str = "") -> Fetched:
        refused = uid in self.refusing
        return Fetched(
            source=self.settings.name,
            uidvalidity=self.uidvalidity,
            uid=uid,
            size=10,
            received_at=self.inbox[uid],
            original=None if refused or trouble else b"mail %d" % uid,
            trouble=trouble or ("the server said no" if refused else ""),
            refused=refused,
        )


@dataclass
class DeskOfLists:
    """A desk that records what it is given, and first contacts."""

    received: list[Mail] = field(default_factory=list)
    contacts: dict[tuple[str, int], Contact] = field(default_factory=dict)
    answers: dict[str, Receipt] = field(default_factory=dict)
    away: bool = False

    def __call__(self, mails: Sequence[Mail]) -> Callable[[], list[Receipt]]:
        if self.away:
            raise MailboxError("the database is away", "desk")
        self.received += mails
        return lambda: [self.answers.get(mail.key, "done") for mail in mails]

    def recall(self, mailbox: str, uidvalidity: int) -> Contact | None:
        return self.contacts.get((mailbox, uidvalidity))

    def record(self, mailbox: str, uidvalidity: int, contact: Contact) -> Contact:
        return self.contacts.setdefault((mailbox, uidvalidity), contact)

    @property
    def keys(self) -> list[str]:
        return [mail.key for mail in self.received]


def read(page: Sequence[RawMail]) -> list[Mail]:
    return [raw.unread() for raw in page]


@dataclass
class Bench:
    """A poller with all it touches."""

    mailbox: MailboxOfLists
    desk: DeskOfLists
    clock: Clock
    read: ReadPage = read

    def poller(self) -> Poller:
        return Poller(self.mailbox, self.desk, self.read, self.desk, self.clock)


@pytest.fixture
def bench() -> Bench:
    return Bench(MailboxOfLists(settings()), DeskOfLists(), Clock())


def run_dry(poller: Poller) -> None:
    """Step until there is nothing more to do at once, reconnecting as the loop would."""
    for _ in range(1000):
        with contextlib.suppress(MailboxError):
            if not poller.step():
                return
    raise AssertionError("the poller never comes to rest")


def test_mails_are_received_oldest_first_in_pages_and_filed(bench: Bench) -> None:
    bench.mailbox.put(5, 3, 1, 4, 2)
    run_dry(bench.poller())
    assert bench.desk.keys == ["7.1", "7.2", "7.3", "7.4", "7.5"]
    assert bench.mailbox.fetches == [[1, 2, 3], [4, 5]]
    assert bench.mailbox.filed == {"Processed": [1, 2, 3, 4, 5]}
    assert bench.mailbox.inbox == {}


def test_what_the_desk_sets_aside_goes_to_quarantine(bench: Bench) -> None:
    bench.mailbox.put(1, 2)
    bench.desk.answers = {"7.2": "set_aside"}
    run_dry(bench.poller())
    assert bench.mailbox.filed == {"Processed": [1], "Quarantine": [2]}


def test_what_the_desk_cannot_take_now_stays_and_is_offered_again(bench: Bench) -> None:
    bench.mailbox.put(1, 2, 3, 4, 5)
    bench.desk.answers = {"7.2": "not_now"}
    poller = bench.poller()
    assert poller.step() is False
    assert bench.mailbox.filed == {"Processed": [1, 3]}
    assert sorted(bench.mailbox.inbox) == [2, 4, 5]
    bench.desk.answers = {}
    run_dry(poller)
    assert bench.desk.keys[3:] == ["7.2", "7.4", "7.5"]
    assert bench.mailbox.inbox == {}


def test_while_the_desk_is_away_nothing_moves_and_then_all_comes_in_order(bench: Bench) -> None:
    bench.mailbox.put(1, 2, 3, 4, 5)
    bench.desk.away = True
    poller = bench.poller()
    for _ in range(3):
        with pytest.raises(MailboxError, match="away"):
            poller.step()
    assert len(bench.mailbox.inbox) == 5
    bench.desk.away = False
    run_dry(poller)
    assert bench.desk.keys == ["7.1", "7.2", "7.3", "7.4", "7.5"]


def test_a_mail_committed_but_not_moved_is_received_again_and_moved(bench: Bench) -> None:
    bench.mailbox.put(1)
    run_dry(bench.poller())
    bench.mailbox.put(1)
    bench.mailbox.filed.clear()
    run_dry(bench.poller())
    assert bench.desk.keys == ["7.1", "7.1"]
    assert bench.mailbox.filed == {"Processed": [1]}


# one page with the desk, the next one read


@dataclass
class SlowDesk(DeskOfLists):
    """A desk that says in the diary when it is given a page and when its answer is waited for."""

    diary: list[str] = field(default_factory=list)

    def __call__(self, mails: Sequence[Mail]) -> Callable[[], list[Receipt]]:
        names = " ".join(mail.key for mail in mails)
        self.diary.append(f"given {names}")
        answer = super().__call__(mails)

        def wait() -> list[Receipt]:
            self.diary.append(f"answers {names}")
            return answer()

        return wait


@dataclass
class ToldMailbox(MailboxOfLists):
    """A mailbox that says in the diary what is fetched and filed."""

    diary: list[str] = field(default_factory=list)

    def fetch_page(self, uids: Sequence[int], now: datetime) -> Page:
        self.diary.append(f"fetch {uids}")
        return super().fetch_page(uids, now)

    def file_away(self, uids: Sequence[int], folder: str) -> None:
        self.diary.append(f"file {uids}")
        super().file_away(uids, folder)


@pytest.fixture
def told() -> Bench:
    diary: list[str] = []
    mailbox = ToldMailbox(settings(page_messages=2), diary=diary)
    mailbox.put(1, 2, 3, 4, 5)
    return Bench(mailbox, SlowDesk(diary=diary), Clock())


def test_the_next_page_is_read_while_the_desk_works_and_nothing_is_filed_unanswered(told: Bench) -> None:
    run_dry(told.poller())
    assert isinstance(told.mailbox, ToldMailbox)
    assert told.mailbox.diary == [
        "fetch [1, 2]",
        "given 7.1 7.2",
        "fetch [3, 4]",
        "answers 7.1 7.2",
        "given 7.3 7.4",
        "file [1, 2]",
        "fetch [5]",
        "answers 7.3 7.4",
        "given 7.5",
        "file [3, 4]",
        "answers 7.5",
        "file [5]",
    ]


def test_a_page_with_the_desk_is_not_given_again_when_the_connection_is_lost(told: Bench) -> None:
    told.mailbox.deadly = {3}
    run_dry(told.poller())
    assert told.desk.keys == ["7.1", "7.2", "7.4", "7.5"]
    assert sorted(told.mailbox.inbox) == [3]


def test_the_page_that_is_with_the_desk_at_the_end_is_filed(told: Bench) -> None:
    stop = PassingTime()
    told.poller().run(stop, lambda: 0.0, Diary(stop, length=1))
    assert told.desk.keys == ["7.1", "7.2", "7.3", "7.4"]
    assert told.mailbox.filed == {"Processed": [1, 2, 3, 4]}


# first contact


def test_a_thousand_old_mails_are_left_alone(bench: Bench) -> None:
    bench.mailbox.put(*range(1, 1001), received_at=FIRST_START - timedelta(hours=2))
    bench.mailbox.put(1001)
    poller = bench.poller()
    run_dry(poller)
    run_dry(poller)
    assert bench.desk.keys == ["7.1001"]
    assert len(bench.mailbox.inbox) == 1000


def test_an_old_mail_moved_back_after_first_contact_is_taken(bench: Bench) -> None:
    poller = bench.poller()
    run_dry(poller)
    bench.mailbox.put(1, received_at=FIRST_START - timedelta(days=30))
    run_dry(poller)
    assert bench.desk.keys == ["7.1"]


def test_what_came_between_first_start_and_first_contact_is_taken(bench: Bench) -> None:
    bench.mailbox.put(1, received_at=FIRST_START - timedelta(minutes=1))
    bench.mailbox.put(2, received_at=FIRST_START + timedelta(minutes=1))
    run_dry(bench.poller())
    assert bench.desk.keys == ["7.2"]


def test_after_uidvalidity_changed_the_old_stay_old_and_the_unhandled_are_taken(bench: Bench) -> None:
    bench.mailbox.put(*range(1, 1001), received_at=FIRST_START - timedelta(days=2))
    poller = bench.poller()
    run_dry(poller)
    bench.mailbox.put(1001)
    bench.mailbox.uidvalidity = 8
    run_dry(poller)
    assert bench.desk.keys == ["8.1001"]
    assert len(bench.mailbox.inbox) == 1000


def test_an_import_takes_old_mail_and_says_so(bench: Bench) -> None:
    bench.mailbox.settings = settings(old_mail="import")
    bench.mailbox.put(1, 2, 3, 4, received_at=FIRST_START - timedelta(days=2))
    bench.mailbox.put(5)
    run_dry(bench.poller())
    assert [(mail.key, mail.imported) for mail in bench.desk.received] == [
        ("7.1", True),
        ("7.2", True),
        ("7.3", True),
        ("7.4", True),
        ("7.5", False),
    ]


def test_a_restart_does_not_take_the_old_for_new(bench: Bench) -> None:
    bench.mailbox.put(1, 2, 3, received_at=FIRST_START - timedelta(hours=1))
    run_dry(bench.poller())
    bench.mailbox.settings = settings(since=FIRST_START - timedelta(days=9))
    run_dry(bench.poller())
    assert bench.desk.keys == []


# bad mails


def test_where_nobody_can_read_the_mails_stay_and_come_again(bench: Bench) -> None:
    def absent(page: Sequence[RawMail]) -> list[Mail]:
        raise NoWorkerError("no worker can be started")

    bench.read = absent
    bench.mailbox.put(1, 2)
    poller = bench.poller()
    with pytest.raises(MailboxError, match="no worker can be started") as caught:
        poller.step()
    assert (caught.value.kind, bench.desk.keys, sorted(bench.mailbox.inbox)) == ("desk", [], [1, 2])


def test_a_mail_the_server_will_not_give_is_asked_for_later_and_then_reported_as_it_is(bench: Bench) -> None:
    bench.mailbox.put(1, 2, 3)
    bench.mailbox.refusing = {2}
    poller = bench.poller()
    run_dry(poller)
    assert bench.desk.keys == ["7.1", "7.3"]
    assert poller.stuck == {2: "the server said no"}
    for minutes in (1, 5, 30):
        bench.clock.advance(minutes=minutes)
        run_dry(poller)
    assert bench.desk.keys == ["7.1", "7.3", "7.2"]
    assert poller.stuck == {}
    assert bench.mailbox.inbox == {}


def test_a_mail_the_connection_dies_of_keeps_nobody_else(bench: Bench) -> None:
    bench.mailbox.put(1, 2, 3, 4)
    bench.mailbox.deadly = {2}
    poller = bench.poller()
    run_dry(poller)
    assert bench.desk.keys == ["7.1", "7.3", "7.4"]
    for minutes in (1, 5, 30, 30):
        bench.clock.advance(minutes=minutes)
        run_dry(poller)
    assert bench.desk.keys == ["7.1", "7.3", "7.4", "7.2"]
    assert bench.mailbox.inbox == {}


def test_a_mail_that_vanished_is_forgotten(bench: Bench) -> None:
    bench.mailbox.put(1, 2)
    bench.mailbox.refusing = {2}
    poller = bench.poller()
    run_dry(poller)
    del bench.mailbox.inbox[2]
    bench.clock.advance(minutes=40)
    run_dry(poller)
    assert bench.desk.keys == ["7.1"]


def test_mail_the_server_will_not_move_is_not_received_again(bench: Bench) -> None:
    bench.mailbox.put(1, 2)
    bench.mailbox.filing_refused = "quota exceeded"
    poller = bench.poller()
    run_dry(poller)
    bench.mailbox.put(3)
    run_dry(poller)
    assert bench.desk.keys == ["7.1", "7.2", "7.3"]
    bench.mailbox.filing_refused = ""
    run_dry(poller)
    assert bench.mailbox.filed == {"Processed": [1, 2, 3]}


# the loop


@dataclass
class Diary:
    stop: threading.Event
    entries: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    length: int = 3

    def up(self) -> None:
        self._write("up")

    def down(self, error: MailboxError, retry_in: float) -> None:
        self.waits.append(retry_in)
        self._write(error.kind)

    def unfiled(self, count: int, error: MailboxError) -> None:
        self._write(f"{count} unfiled: {error.reason}")

    def _write(self, entry: str) -> None:
        self.entries.append(entry)
        if len(self.entries) == self.length:
            self.stop.set()


class PassingTime(threading.Event):
    """An event whose wait takes no time."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


@pytest.mark.parametrize(
    ("kind", "waits"),
    [
        pytest.param("connection", [1, 2, 4], id="a lost server is tried after a second, then ever later"),
        pytest.param("auth", [15, 30, 60], id="a refused login is tried less often"),
        pytest.param("desk", [1, 2, 4], id="a desk that takes nothing is tried after a second"),
    ],
)
def test_trouble_is_waited_out(bench: Bench, kind: Trouble, waits: list[float]) -> None:
    stop = PassingTime()
    diary = Diary(stop)
    bench.mailbox.connecting = MailboxError("no", kind)
    bench.poller().run(stop, lambda: 0.0, diary)
    assert diary.entries == [kind] * 3
    assert diary.waits == waits


def test_the_loop_waits_for_news_and_takes_it(bench: Bench) -> None:
    stop = PassingTime()
    diary = Diary(stop)

    def arrive(_: threading.Event) -> Wake:
        bench.mailbox.put(1)
        return "news"

    bench.mailbox.on_wait = arrive
    bench.poller().run(stop, lambda: 0.0, diary)
    assert diary.entries == ["up"] * 3
    assert bench.desk.keys == ["7.1"]
    assert not bench.mailbox.connected


def test_the_watcher_is_told_of_mail_that_cannot_be_moved(bench: Bench) -> None:
    stop = PassingTime()
    diary = Diary(stop, length=2)
    bench.mailbox.put(1)
    bench.mailbox.filing_refused = "quota exceeded"
    bench.poller().run(stop, lambda: 0.0, diary)
    assert diary.entries == ["up", "1 unfiled: quota exceeded"]
