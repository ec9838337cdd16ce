"""All checks of one configuration, those that wait for a peer at the same time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from daemon.check.alertmanagers import check_alertmanagers
from daemon.check.database import check_database
from daemon.check.finding import Finding, Lines
from daemon.check.heartbeats import check_heartbeats
from daemon.check.listeners import check_http, check_mail_listener
from daemon.check.monitors import check_monitors
from daemon.check.peers import PATIENCE, check_mailbox, check_smtp
from daemon.check.reading import check_reading
from daemon.check.silences import check_silences
from daemon.check.staff import check_staff
from daemon.config.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from daemon.config.settings import Config, Retention

#: Seconds beyond the patience with a peer, in which its check ends by itself and can say what it waited for.
GRACE = 1.0


@dataclass(slots=True)
class Check:
    """One check in a thread of its own, which a peer may hold up for ever."""

    part: str
    where: str
    look: Callable[[], list[Finding]]
    found: list[Finding] = field(default_factory=list)

    def start(self) -> threading.Thread:
        """Begin; the thread does not keep the program from ending."""
        thread = threading.Thread(target=self._run, name=f"check {self.part}", daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        self.found = self.look()


def check_everything(config: Config) -> Iterator[Finding]:
    """Check every part of a configuration that could be read, in the order of the screen."""
    source = read_toml(config.path)
    lines = Lines(source.name, source.lines)
    yield from _configuration(config)
    yield from run_all(list(_checks(config, lines)))
    yield from check_staff(config, lines)
    yield from check_monitors(config, lines)


def run_all(checks: Sequence[Check], *, patience: float = PATIENCE + GRACE) -> Iterator[Finding]:
    """Run the checks at once and yield what they found, in their order; a peer that keeps silent fails."""
    threads = [check.start() for check in checks]
    deadline = monotonic() + patience
    for check, thread in zip(checks, threads, strict=True):
        thread.join(max(0.0, deadline - monotonic()))
        yield from _outcome(check, silent=thread.is_alive())


def _outcome(check: Check, *, silent: bool) -> list[Finding]:
    """What was found; a check that died of a mistake of ours has found nothing, and must not look like success."""
    if silent:
        return [Finding("FAIL", check.part, f"no answer within {PATIENCE:g} s", check.where)]
    return check.found or [Finding("FAIL", check.part, "could not be checked", check.where)]


def _checks(config: Config, lines: Lines) -> Iterator[Check]:
    yield Check("database", lines.where("database"), partial(check_database, config, lines))
    for index, account in enumerate(config.mailboxes):
        where = lines.where("mailboxes", index)
        yield Check(f"mailbox {account.name}", where, partial(check_mailbox, account, index, lines))
    for index, listener in enumerate(config.listeners):
        where = lines.where("listeners", index)
        yield Check(f"listener {listener.name}", where, partial(check_mail_listener, listener, index, lines))
    if config.mailboxes or config.listeners:
        yield Check("reading", lines.file, partial(check_reading, config.desk.ourselves))
    yield Check("smtp", lines.where("smtp"), partial(check_smtp, config.smtp, config.desk.state, lines))
    for index, source in enumerate(config.alert_sources):
        where = lines.where("alertmanagers", index, "api")
        look = partial(check_alertmanagers, source, index, config.rulebook, lines)
        yield Check(f"alertmanager {source.name}", where, look)
    if config.alert_sources and config.rulebook.alerts.heartbeat.alertname:
        yield Check("heartbeats", lines.where("alertmanagers"), partial(check_heartbeats, config, lines))
    if any(source.api.urls for source in config.alert_sources):
        yield Check("silences", lines.where("alertmanagers"), partial(check_silences, config, lines))
    yield Check("webhooks", lines.where("http"), partial(check_http, config, lines))


def _configuration(config: Config) -> Iterator[Finding]:
    rulebook = config.rulebook
    yield Finding("ok", "config", str(config.path))
    for problem in config.warnings:
        yield Finding("warn", "config", problem.told, problem.where)
    yield Finding("ok", "retention", _retention(config.retention))
    size = f"{len(rulebook.categories)} categories, {len(rulebook.teams)} teams, {len(rulebook.clocks)} clocks"
    yield Finding("ok", "rulebook", f"{rulebook.name}, {size} ({config.desk.rulebook})")


def _retention(retention: Retention) -> str:
    kept = ("for ever" if time is None else f"{time.days} days" for time in (retention.originals, retention.letters))
    originals, letters = kept
    return f"mails as they came are kept {originals}, longer while their ticket is open; letters as sent {letters}"
