"""Taking in the mails of a mailbox that the ledger does not have, as after a backup of the database is restored."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daemon.config.problems import ConfigError, FileProblem
from daemon.config.secrets import SecretError
from daemon.errands.alone import asking
from daemon.errands.batches import in_batches
from daemon.errands.errand import ErrandError, HandedMail, HandIn
from daemon.store.database import Database, DatabaseError
from daemon.store.reports.ledger import find_known
from daemon.store.tickets.read import looking_into
from ingest.mail.read import read_mail
from ingest.mailbox.error import MailboxError
from ingest.mailbox.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from daemon.config.settings import Config, MailboxAccount
    from daemon.errands.alone import Ask
    from daemon.errands.errand import Outcome
    from ingest.mailbox.mailbox import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Reimport:
    """What is asked of whose desk."""

    config: Config
    since: datetime
    mailbox: str | None
    silent: bool
    now: Callable[[], datetime]

    def accounts(self) -> list[MailboxAccount]:
        """The mailboxes to look into. Raises ConfigError for one that is not there."""
        names = [account.name for account in self.config.mailboxes]
        if self.mailbox is not None and self.mailbox not in names:
            says = f"{self.mailbox!r} is no mailbox of {self.config.path}; it has {', '.join(names) or 'none'}"
            raise ConfigError([FileProblem(file="--mailbox", line=None, key="", says=says)])
        return [account for account in self.config.mailboxes if self.mailbox in (None, account.name)]

    def handed(self, fetched: Fetched) -> HandedMail:
        """A mail as the desk takes it. Its key is the digest of its bytes: in another folder it has another UID."""
        content = _content(fetched)
        return HandedMail(
            original=content,
            source=fetched.source,
            key=hashlib.sha256(content).hexdigest(),
            received_at=fetched.received_at,
            silent=self.silent,
            note=fetched.trouble,
        )


def reimport(asked: Reimport) -> Iterator[tuple[str, Outcome | str]]:
    """Take in what is missing, mailbox by mailbox, and tell each mail; what the ledger has is passed over in silence.

    Raises ErrandError where the desk cannot record.
    """
    accounts = asked.accounts()
    with asking(asked.config, asked.now) as ask:
        ask(HandIn(()))  # opens the database where no daemon runs, so that the ledger can be read
        for account in accounts:
            for folder in (account.done_folder, account.folder):
                try:
                    yield from _take_in(asked, account, folder, ask)
                except (MailboxError, SecretError, ValueError) as error:
                    yield f"{account.name} {folder}", str(error)


def _take_in(asked: Reimport, account: MailboxAccount, folder: str, ask: Ask) -> Iterator[tuple[str, Outcome | str]]:
    for batch in in_batches(_fetch(asked, account, folder), lambda fetched: len(_content(fetched))):
        lost = [fetched for fetched in batch if not _content(fetched)]
        yield from ((_name(fetched, folder), fetched.trouble) for fetched in lost)
        missing = _missing(asked.config, [fetched for fetched in batch if _content(fetched)])
        outcomes = ask(HandIn(tuple(map(asked.handed, missing)))) if missing else []
        yield from ((_name(fetched, folder), outcome) for fetched, outcome in zip(missing, outcomes, strict=True))


def _fetch(asked: Reimport, account: MailboxAccount, folder: str) -> Iterator[Fetched]:
    """The mails of a folder received since then, oldest first, over a connection that only looks."""
    other = account.folder if folder == account.done_folder else account.done_folder
    settings = replace(account.settings(first_start=asked.since), folder=folder, done_folder=other)
    with closing(Mailbox(settings)) as mailbox:
        mailbox.connect()
        above = 0
        while near := mailbox.list_uids(above, received_since=asked.since):
            uids = mailbox.received_after(near, asked.since, asked.now())
            while uids:
                page = mailbox.fetch_page(uids, asked.now())
                yield from page.fetched
                uids = page.rest
            above = near[-1]


def _missing(config: Config, fetched: Sequence[Fetched]) -> list[Fetched]:
    """Those whose content the ledger does not have, wherever the mail lay then."""
    keys = [_content_key(config, each) for each in fetched]
    try:
        with looking_into(Database.at(config.database.url.reveal())) as connection:
            known = find_known(connection, set(keys))
    except (DatabaseError, SecretError) as error:
        raise ErrandError(f"the database cannot be read: {error}") from error
    return [each for each, key in zip(fetched, keys, strict=True) if key not in known]


def _content_key(config: Config, fetched: Fetched) -> str:
    mail = read_mail(
        _content(fetched),
        source=fetched.source,
        key=fetched.key,
        received_at=fetched.received_at,
        ourselves=config.desk.ourselves,
    )
    return mail.content_key


def _content(fetched: Fetched) -> bytes:
    """The mail; of one that is too large its header, as the daemon takes it."""
    return fetched.original or fetched.header


def _name(fetched: Fetched, folder: str) -> str:
    return f"{fetched.source} {folder} {fetched.key}"
