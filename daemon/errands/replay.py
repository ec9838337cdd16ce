"""Handing mails out of files to the desk, or only asking what would become of them."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daemon.config.problems import ConfigError, FileProblem
from daemon.errands.alone import asking
from daemon.errands.batches import in_batches
from daemon.errands.errand import ErrandError, HandedMail, HandIn, Outcome
from daemon.explain.knowledge import KnowledgeError, knows_what_is_recorded
from ingest.mail.read import read_mail
from ingest.mail_files import MailFile, MailFileError, read_mails
from rules.decide import decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from daemon.config.settings import Config
    from daemon.explain.deciding import Knowledge
    from rules.decision import Decision

    Told = tuple[str, Outcome | str]
    """The name of a mail, and what became of it or why it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is asked of whose desk."""

    config: Config
    source: str | None
    silent: bool
    now: Callable[[], datetime]

    def from_source(self) -> str:
        """The mailbox or listener that the mails are told to be from. Raises ConfigError for one that is not there."""
        names = [account.name for account in self.config.mailboxes]
        names += [listener.name for listener in self.config.listeners]
        if self.source is not None and self.source not in names:
            says = f"{self.source!r} is no mailbox and no listener of {self.config.path}; it has {', '.join(names)}"
            raise ConfigError([FileProblem(file="--source", line=None, key="", says=says)])
        return self.source or next(iter(names), "mailbox")

    def handed(self, mail: MailFile) -> HandedMail:
        """A mail as the desk takes it; its key is the digest of its bytes."""
        now = self.now()
        return HandedMail(
            original=mail.original,
            source=self.from_source(),
            key=hashlib.sha256(mail.original).hexdigest(),
            received_at=min(mail.received_at or now, now),
            silent=self.silent,
        )


def replay(asked: Replay, paths: Iterable[Path]) -> Iterator[Told]:
    """Have the mails decided and recorded, in their order. Raises ErrandError where the desk could not."""
    asked.from_source()
    found = (each for path in paths for each in read_mails(path))
    with asking(asked.config, asked.now) as ask:
        for batch in in_batches(found, _size):
            mails = tuple(asked.handed(each) for each in batch if isinstance(each, MailFile))
            outcomes = iter(ask(HandIn(mails)) if mails else ())
            for each in batch:
                yield (each.name, next(outcomes)) if isinstance(each, MailFile) else (str(each.path), each.reason)


def rehearse(asked: Replay, paths: Iterable[Path]) -> Iterator[Told]:
    """Say what would become of each mail by itself, touching nothing. Raises ErrandError where that cannot be told."""
    try:
        knowledge = knows_what_is_recorded(asked.config, asked.config.rulebook, asked.now())
        with closing(knowledge):
            for each in (each for path in paths for each in read_mails(path)):
                if isinstance(each, MailFileError):
                    yield str(each.path), each.reason
                else:
                    yield each.name, _outcome(_decide(asked.handed(each), knowledge, asked))
    except KnowledgeError as error:
        raise ErrandError(str(error)) from error


def _decide(handed: HandedMail, knowledge: Knowledge, asked: Replay) -> Decision:
    mail = read_mail(
        handed.original,
        source=handed.source,
        key=handed.key,
        received_at=handed.received_at,
        ourselves=asked.config.desk.ourselves,
    )
    mail = replace(mail, imported=handed.silent)
    return decide(mail, knowledge.gather([mail]), asked.config.rulebook, asked.now())


def _outcome(decision: Decision) -> Outcome:
    return Outcome(
        verdict=decision.verdict or "",
        ticket=decision.ticket.number if decision.ticket else None,
        reason=decision.why,
        seen_before=decision.seen_before,
    )


def _size(found: MailFile | MailFileError) -> int:
    return len(found.original) if isinstance(found, MailFile) else 0
