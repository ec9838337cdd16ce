"""The daemon: everything is wired here, started in order, and stopped in order."""

from __future__ import annotations

import asyncio
import gc
import random
import secrets
import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog
from starlette.applications import Starlette

from daemon.alerts.reconciliation import UNASKED, Reconciliation, ReconcilingDesk
from daemon.alerts.silencer import Silencer
from daemon.clerk import Clerk
from daemon.config.alert_source import ApiAccess
from daemon.config.problems import ConfigError
from daemon.config.read import read_config
from daemon.counter import Counter
from daemon.desk import Desk
from daemon.errands.door import Door
from daemon.errands.runner import Runner
from daemon.http.admin import Admin
from daemon.http.server import GRACE, EmbeddedServer, make_server
from daemon.http.webhooks import Webhooks
from daemon.intake import Intake
from daemon.keys import KeysError, load_keys
from daemon.loops import (
    carry_letters,
    follow_rulebook,
    greet_mail_server,
    keep_house,
    keep_silences,
    show_life,
    watch_clocks,
)
from daemon.mailroom import DeskSide, Mailroom
from daemon.metrics import live
from daemon.metrics.collector import DatabaseCollector
from daemon.metrics.exposition import Exposition
from daemon.metrics.scope import Scope, fit
from daemon.notify import notify_systemd
from daemon.outbox import DeskOutbox
from daemon.reading import AwaitedReader, make_workers
from daemon.sockets import open_listening
from daemon.standing import standing_of
from daemon.store.database import Database, DatabaseError, Engine
from daemon.watch import Watch
from ingest.backoff import Backoff
from ingest.listener.listener import Listener
from outbound.compose import Sender
from outbound.courier import Courier
from outbound.maildir import MaildirChannel
from outbound.smtp import SmtpChannel
from rules.token import make_bounce_token

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from daemon.config.listen import ListenAddress, ListenPath
    from daemon.config.settings import Config, MailboxAccount, MailListener
    from daemon.store.gather import Standing
    from rules.report import Notification
    from rules.token import TokenKeys

log = structlog.get_logger()

#: Seconds after SIGTERM in which what is in hand is finished.
STOP_WITHIN = 8.0
#: For so long a claimed letter is this daemon's, beyond what one delivery may take.
LEASE_MARGIN = timedelta(minutes=1)
#: A batch makes some thousand objects that all go when it ends; Python's own 700 collects several times within one.
OBJECTS_BETWEEN_COLLECTIONS = 20_000


class StartError(Exception):
    """The daemon cannot start; the reason is for the operator."""


def utc_now() -> datetime:
    """Read the clock: the one place that does."""
    return datetime.now(UTC)


def collect_less() -> None:
    """Let the garbage collector look seldom, and never at what was imported: it took a tenth of the time of a mail."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 10, 10)


def run_daemon(config: Config) -> int:
    """Run until SIGTERM or SIGINT and return the exit status. Raises StartError where it cannot start."""
    import uvloop  # noqa: PLC0415 - compiled, and only the daemon needs it

    collect_less()
    return uvloop.run(Service(config, utc_now).run())


class Service:
    """One daemon, from start to stop. `now` is the clock that all its parts read."""

    def __init__(self, config: Config, now: Callable[[], datetime]) -> None:
        self.config = config
        self._started = config
        self.now = now
        self.watch = Watch()
        self.counter = Counter()
        self.stopping = asyncio.Event()
        self.sockets: list[socket.socket] = []
        self._keys = self._prepare_state()
        self._database = self._find_database()
        self._sources = {source.name: source for source in config.alert_sources}
        self._reconciling = ReconcilingDesk(
            counter=self.counter,
            reader=self._database.open_reader(),
            rulebook=lambda: self.config.rulebook,
            now=now,
        )
        self._reconciliations: dict[str, Reconciliation] = {}
        self._workers = make_workers(config, self.watch)
        self.watch.expect("database")
        if config.smtp is not None:
            self.watch.expect("smtp")
        self._clerk = Clerk(self._database, self.counter, self._make_desk, self.watch, self._backoff(first=0.5))

    async def run(self) -> int:
        """Start everything, wait for the signal, stop everything; returns the exit status."""
        servers = self._make_servers()
        listeners = await self._start_listeners()
        door = await self._open_door()
        self._clerk.start()
        self._warm_up()
        with self._signals():
            serving = [
                asyncio.create_task(server.serve(sockets=[opened]))
                for server, opened in zip(servers, self.sockets, strict=True)
            ]
            work = asyncio.create_task(self._work())
            work.add_done_callback(lambda _: self.stopping.set())
            log.info("daemon.started", listening=[_address(opened) for opened in self.sockets])
            await self.stopping.wait()
            log.info("daemon.stopping")
            door.close()
            notify_systemd("STOPPING=1")
            work.cancel()
            for server in servers:
                server.should_exit = True
            leaving = [listener.stop(GRACE) for listener in listeners]
            failure, *_ = await asyncio.gather(work, *serving, *leaving, return_exceptions=True)
        status = await asyncio.to_thread(self._stop_clerk)
        if isinstance(failure, Exception):
            log.error("daemon.failed", reason=repr(failure), exc_info=failure)
            return 1
        return status

    def reload(self) -> str | None:
        """Read the configuration and the rulebook again; returns why the old ones stay, or None.

        Staff, roster, rulebook, desk name, token keys, Alertmanagers and their tokens take effect at once; mailboxes,
        listeners, database, SMTP and whom the desk believes with the next start. The running clocks are counted again
        by the new rulebook (`daemon.recount`).
        """
        try:
            config = read_config(self.config.path)
            keys = load_keys(self._started.desk.state)
        except KeysError as error:
            live.set_reload(at=self.now(), failed=True)
            log.error("config.reload_failed", problems=[str(error)])  # noqa: TRY400 - as below
            return str(error)
        except ConfigError as error:
            live.set_reload(at=self.now(), failed=True)
            log.error("config.reload_failed", problems=[str(problem) for problem in error.problems])  # noqa: TRY400 - a mistake in a file needs no traceback
            return "\n".join(str(problem) for problem in error.problems)
        self.config, self._keys = config, keys
        self._sources = {source.name: source for source in config.alert_sources}
        if self._clerk.ready.is_set():
            self._clerk.desk().change_rules(config.rulebook, self._standing())
        live.declare(fit(self._scope()))
        live.set_reload(at=self.now())
        log.info("config.reloaded")
        return None

    def _prepare_state(self) -> TokenKeys:
        state = self.config.desk.state
        try:
            state.mkdir(parents=True, exist_ok=True, mode=0o750)
            return load_keys(state)
        except (OSError, KeysError) as error:
            raise StartError(f"the state folder cannot be used: {error}") from error

    def _find_database(self) -> Database:
        try:
            return Database.at(self.config.database.url.reveal())
        except DatabaseError as error:
            raise StartError(f"the database cannot be used: {error.reason}") from error

    def _make_desk(self, engine: Engine) -> Desk:
        rulebook, standing = self.config.rulebook, self._standing()
        return Desk(engine, self.counter, rulebook, standing, clock=self.now, watch=self.watch)

    def _standing(self) -> Standing:
        return standing_of(self.config, self._keys, believing=self._started.desk)

    def _scope(self) -> Scope:
        """What is declared now; mailboxes and listeners are those of the start, which run until the next."""
        return Scope(
            rulebook=self.config.rulebook,
            sources=tuple(self._sources),
            mailing=tuple(source.name for source in self.config.alert_sources if source.mails_from),
            mailboxes=tuple(account.name for account in self._started.mailboxes),
            listeners=tuple(listener.name for listener in self._started.listeners),
        )

    def _warm_up(self) -> None:
        """Have a worker ready for the first mail, where mail can come at all."""
        if self.config.mailboxes or self.config.listeners:
            asyncio.get_running_loop().run_in_executor(None, self._workers.warm_up)

    def _make_servers(self) -> list[EmbeddedServer]:
        http = self.config.http
        webhooks = Webhooks(
            sources=lambda: self._sources,
            counter=self.counter,
            now=self.now,
            largest_body=http.largest_body,
            heard=self._hear,
        )
        live.declare(fit(self._scope()))
        live.set_reload(at=self.now())
        live.set_build(version("deskd"))
        for account in self.config.mailboxes:
            live.set_poll_interval(account.name, account.poll_seconds)
        exposition = Exposition(DatabaseCollector(self._database.open_reader(), self._scope, self.now))
        admin = Admin(watch=self.watch, exposition=exposition, reload=self.reload)
        if http.is_one_listener:
            self.sockets = [_open(http.webhooks)]
            return [make_server(Starlette(routes=[*webhooks.routes(), *admin.routes()]))]
        self.sockets = [_open(http.webhooks), _open(http.admin)]
        return [make_server(Starlette(routes=list(part.routes()))) for part in (webhooks, admin)]

    def _reconciliation(self, name: str) -> Reconciliation:
        """That of one source, whether or not it can be asked: after a reload it may."""

        def mails() -> bool:
            return name in self._sources and bool(self._sources[name].mails_from)

        if name not in self._reconciliations:
            access = partial(self._api_access, name)
            self._reconciliations[name] = Reconciliation(name, access, self._reconciling, mails)
        return self._reconciliations[name]

    def _api_access(self, name: str) -> ApiAccess:
        source = self._sources.get(name)
        return source.api if source is not None else ApiAccess()

    def _hear(self, notification: Notification) -> None:
        self._reconciliation(notification.source).hear(notification)

    async def _start_listeners(self) -> list[Listener]:
        """Listen from the start: while the desk cannot record, mail servers are asked to come again."""
        started = []
        for configured in self.config.listeners:
            listener = self._make_listener(configured)
            opened = _open(configured.listen)
            await listener.start(opened)
            self.watch.works(f"listener {configured.name}")
            started.append(listener)
        return started

    async def _open_door(self) -> Door:
        """Let the command line bring errands; without the socket only its commands that write are missing."""
        read = AwaitedReader(self._workers.read)
        runner = Runner(counter=self.counter, desk=self._clerk.desk, read=read, now=self.now)
        door = Door(runner.run)
        try:
            await door.open(self.config.desk.state)
        except OSError as error:
            log.warning("door.closed", reason=error.strerror or str(error))
        return door

    def _make_listener(self, configured: MailListener) -> Listener:
        read = AwaitedReader(self._workers.read)
        intake = Intake(name=configured.name, counter=self.counter, read=read, now=self.now)
        return Listener(configured.settings(host_name=self.config.desk.domain), intake.take, intake)

    async def _work(self) -> None:
        """Everything that runs once the desk can record."""
        rooms = [self._make_mailroom(account) for account in self.config.mailboxes]
        while not self._clerk.ready.is_set():
            if self._clerk.failure is not None:
                self.stopping.set()
                return
            await asyncio.sleep(0.02)
        notify_systemd("READY=1", "STATUS=working")
        for room in rooms:
            room.start()
        try:
            async with asyncio.TaskGroup() as loops:
                loops.create_task(watch_clocks(self.counter, self._clerk.desk, self.now, self.watch))
                loops.create_task(follow_rulebook(self.counter, self._clerk.desk))
                loops.create_task(self._carry())
                loops.create_task(keep_house(self.counter, lambda: self.config.retention, self.now))
                loops.create_task(keep_silences(self._make_silencer()))
                loops.create_task(show_life(self.watch, self._clerk))
                loops.create_task(self._reconcile())
                if self.config.smtp is not None:
                    loops.create_task(greet_mail_server(self.config.smtp.settings(), self.watch, random.random))
        finally:
            for room in rooms:
                room.stop()

    async def _reconcile(self) -> None:
        """Ask the Alertmanagers of every source, of one that came with a reload too."""
        asked = set[str]()
        async with asyncio.TaskGroup() as reconciliations:
            while True:
                for name in sorted(self._sources.keys() - asked):
                    reconciliations.create_task(self._reconciliation(name).run())
                    asked.add(name)
                await asyncio.sleep(UNASKED)

    async def _carry(self) -> None:
        channel = self._make_channel()
        outbox = self._make_outbox(channel.budget)
        await carry_letters(Courier(outbox, channel, now=self.now, jitter=random.random), outbox, self.now, self.watch)

    def _make_silencer(self) -> Silencer:
        return Silencer(
            counter=self.counter,
            desk=self._clerk.desk,
            apis=lambda source: self._sources[source].api.open() if source in self._sources else (),
            claim_name=secrets.token_hex(8),
            now=self.now,
        )

    def _make_channel(self) -> MaildirChannel | SmtpChannel:
        if self.config.smtp is None:
            return MaildirChannel(self.config.desk.state / "letters")
        return SmtpChannel(self.config.smtp.settings())

    def _make_outbox(self, budget: timedelta) -> DeskOutbox:
        desk = self.config.desk
        return DeskOutbox(
            counter=self.counter,
            desk=self._clerk.desk,
            sender=Sender(
                address=desk.address, name=desk.name, instance=desk.domain, plus_addressing=desk.plus_addressing
            ),
            reader=self._database.open_reader(),
            return_path=self._return_path,
            claim_name=secrets.token_hex(8),
            lease=budget + LEASE_MARGIN,
            now=self.now,
        )

    def _return_path(self, letter: int) -> str:
        """The envelope sender of a letter: where its delivery report comes to."""
        pattern = self.config.smtp.bounce_address if self.config.smtp is not None else None
        if pattern is None:
            return self.config.desk.address
        return pattern.replace("{token}", make_bounce_token(self._keys, letter))

    def _make_mailroom(self, account: MailboxAccount) -> Mailroom:
        return Mailroom(
            account,
            desk=DeskSide(self.counter, self.now),
            read=self._workers.read,
            watch=self.watch,
            random=random.random,
        )

    def _stop_clerk(self) -> int:
        """Let the clerk finish what is on the counter; 1 where it had to give up, or a database was not its own."""
        self._clerk.stop()
        self._clerk.join(STOP_WITHIN)
        self._workers.close()
        if self._clerk.failure is not None:
            log.error("daemon.failed", reason=self._clerk.failure.reason)
        log.info("daemon.stopped")
        return 1 if self._clerk.is_alive() or self._clerk.failure is not None else 0

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT stop the daemon; SIGHUP reads the configuration again."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        loop.add_signal_handler(signal.SIGHUP, loop.run_in_executor, None, self.reload)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.remove_signal_handler(number)

    def _backoff(self, *, first: float) -> Backoff:
        return Backoff(first, 30.0, random.random)


def _open(where: ListenAddress | ListenPath) -> socket.socket:
    try:
        return open_listening(where)
    except OSError as error:
        raise StartError(f"cannot listen on {where}: {error.strerror or error}") from error


def _address(opened: socket.socket) -> str:
    host, port = opened.getsockname()[:2]
    return f"{host}:{port}"
