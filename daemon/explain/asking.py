"""Which desk is asked: that of a configuration, or an empty one with a shipped rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from daemon.config.read import read_config
from daemon.config.rulebooks import find_rulebook, read_rulebook_file
from daemon.config.tables import DEFAULT_RULEBOOK
from daemon.explain.deciding import AskedDesk
from daemon.explain.knowledge import KnowledgeError, knows_nothing, knows_what_is_recorded
from daemon.explain.material import Origin

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.config.settings import Config
    from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked for on the command line; None is what was left out."""

    config: Path | None = None
    rulebook: str | None = None
    """A shipped one by name, or a file."""
    source: str | None = None
    at: datetime | None = None
    """Without an offset it is a time of the rulebook's zone."""


def find_desk(question: Question, now: datetime) -> AskedDesk:
    """The desk to ask; `now` (UTC) stands where the question names no time.

    Raises ConfigError for a broken configuration or rulebook, KnowledgeError where what is recorded cannot be read
    and for a source that the configuration does not have.
    """
    config = read_config(question.config) if question.config else None
    rulebook = _find_rulebook(question.rulebook, config)
    at = now if question.at is None else _in_utc(question.at, rulebook)
    return AskedDesk(
        rulebook=rulebook,
        knowledge=knows_what_is_recorded(config, rulebook, at) if config else knows_nothing(rulebook, at),
        origin=_origin(config, question.source),
        now=at,
    )


def _find_rulebook(written: str | None, config: Config | None) -> Rulebook:
    if written is None and config is not None:
        return config.rulebook
    return read_rulebook_file(find_rulebook(written or DEFAULT_RULEBOOK))


def _origin(config: Config | None, source: str | None) -> Origin:
    if config is None:
        return Origin(mailbox=source or "mailbox", alertmanager=source or "alertmanager")
    mailboxes = [box.name for box in config.mailboxes] + [listener.name for listener in config.listeners]
    alertmanagers = [each.name for each in config.alert_sources]
    if source is not None and source not in (known := mailboxes + alertmanagers):
        raise KnowledgeError(_unknown(source, known))
    return Origin(
        mailbox=source or next(iter(mailboxes), "mailbox"),
        alertmanager=source or next(iter(alertmanagers), "alertmanager"),
        ourselves=config.desk.ourselves,
    )


def _unknown(source: str, known: list[str]) -> str:
    said = f"it has {', '.join(known)}" if known else "it has none"
    return f"--source: {source!r} is no mailbox, listener or Alertmanager of it; {said}"


def _in_utc(at: datetime, rulebook: Rulebook) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(rulebook.timezone))).astimezone(UTC)
