"""Logging: readable lines on a terminal, one JSON object a line otherwise."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import structlog

from daemon.metrics.live import count_log_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

#: Characters of one value: a label of a megabyte must not become a line of a megabyte.
_LONGEST = 2_000


def set_up_logging(form: Literal["auto", "console", "json"], level: str) -> None:
    """Send log lines to standard error: `auto` is console on a terminal and JSON otherwise."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _count,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_empty,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


@contextmanager
def without_log() -> Iterator[None]:
    """Log nothing meanwhile: a command tells whoever typed it what went wrong, and nothing else."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def _count(_logger: object, level: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    count_log_line(level)
    return event


def _without_empty(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {
        key: value[:_LONGEST] + "…" if isinstance(value, str) and len(value) > _LONGEST else value
        for key, value in event.items()
        if value is not None
    }
