"""What the asked desk knows: nothing, or what lies in the database of a configuration, read and never written."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from immutables import Map

from daemon.config.secrets import SecretError
from daemon.keys import FILE as KEY_FILE
from daemon.keys import KeysError, load_keys
from rules.facts import Facts
from rules.numbers import serial_period
from rules.people import Staff
from rules.token import TokenKeys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from daemon.config.settings import Config
    from daemon.explain.deciding import Knowledge
    from daemon.store.database import Engine
    from daemon.store.gather import Standing
    from rules.report import Report
    from rules.rulebook import Rulebook


class KnowledgeError(Exception):
    """What is recorded of a desk cannot be read; the text says why."""


def knows_nothing(rulebook: Rulebook, now: datetime) -> Knowledge:
    """A desk on its first day, with nobody in it."""
    facts = Facts(staff=Staff(), keys=_throw_away_keys())
    return _Remembered(_with_serial(facts, rulebook, now))


def knows_what_is_recorded(config: Config, rulebook: Rulebook, now: datetime) -> Knowledge:
    """The staff of a configuration and what its database holds; an empty desk where there is no database yet.

    Raises KnowledgeError where the token keys or the database cannot be read; so does what it returns.
    """
    from daemon.standing import standing_of  # noqa: PLC0415 - SQLAlchemy takes long to load and is seldom needed here

    standing = standing_of(config, _keys_of(config.desk.state))
    if (reader := _open_reader(config)) is not None:
        return _Recorded(reader, rulebook, standing, now)
    return _Remembered(_with_serial(standing.facts(), rulebook, now))


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The same facts for every file."""

    facts: Facts

    def gather(self, _reports: Sequence[Report]) -> Facts:
        return self.facts

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """Facts out of the database, gathered as the desk gathers them."""

    reader: Engine
    rulebook: Rulebook
    standing: Standing
    now: datetime

    def gather(self, reports: Sequence[Report]) -> Facts:
        from daemon.store.database import DatabaseError, reading  # noqa: PLC0415 - as above
        from daemon.store.gather import gather_facts  # noqa: PLC0415

        try:
            with reading(self.reader) as connection:
                return gather_facts(connection, reports, self.rulebook, self.standing, self.now)
        except DatabaseError as error:
            raise KnowledgeError(f"the database cannot be read: {error.reason}") from error

    def close(self) -> None:
        self.reader.dispose()


def _open_reader(config: Config) -> Engine | None:
    """The database for reading; None where it is still to be made."""
    from daemon.store.database import Database, DatabaseError, reading  # noqa: PLC0415 - as above
    from daemon.store.migrate import find_revision  # noqa: PLC0415

    try:
        database = Database.at(config.database.url.reveal())
        if database.path is not None and not database.path.exists():
            return None
        reader = database.open_reader()
        with reading(reader) as connection:
            return reader if find_revision(connection) is not None else None
    except (DatabaseError, SecretError) as error:
        raise KnowledgeError(f"the database cannot be read: {error}") from error


def _keys_of(state: Path) -> TokenKeys:
    """The keys of the state folder; none are made, as asking changes nothing."""
    try:
        return load_keys(state) if (state / KEY_FILE).exists() else _throw_away_keys()
    except (KeysError, OSError) as error:
        raise KnowledgeError(f"the token keys cannot be read: {error}") from error


def _with_serial(facts: Facts, rulebook: Rulebook, now: datetime) -> Facts:
    return replace(facts, next_serial=(serial_period(rulebook, now), 1))


def _throw_away_keys() -> TokenKeys:
    """Keys that no letter was ever signed with."""
    return TokenKeys(current="none", secrets=Map({"none": secrets.token_bytes(32)}))
