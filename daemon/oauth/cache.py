"""Tokens on disk: readable by the daemon's user alone, replaced whole, one writer at a time."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import structlog

from daemon.oauth.account import TokenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = structlog.get_logger()

LONGEST_FILE = 256 * 1024
OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of an authorisation server's last answer."""

    access_token: str = field(default="", repr=False)
    expires_at: float = 0.0
    """Seconds since 1970."""
    refresh_token: str = field(default="", repr=False)
    first_token_digest: str = ""
    """Of the configured refresh token this one descends from: another one in its place begins anew."""


def read_kept(path: Path) -> Kept:
    """What the file keeps; nothing where there is none, or what is in it was not written by us.

    A file that others may read is closed to them, and that is logged. Raises TokenError for somebody else's file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return Kept()
    except OSError as error:
        raise TokenError(f"cannot read {path}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        _close_to_others(path, file.fileno())
        return _kept_in(file.read(LONGEST_FILE))


def write_kept(path: Path, kept: Kept) -> None:
    """Replace the file, so that a crash leaves the old one or the new one. Raises TokenError."""
    part = path.with_suffix(f".{os.getpid()}")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(kept), file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise TokenError(f"cannot write {path}: {error.strerror}") from error


@contextmanager
def renewing(path: Path) -> Iterator[None]:
    """Hold the file's lock, across processes: `deskd check` may look while the daemon runs. Raises TokenError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise TokenError(f"cannot use {path.parent}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _close_to_others(path: Path, descriptor: int) -> None:
    found = os.fstat(descriptor)
    if found.st_uid != os.geteuid():
        raise TokenError(f"{path} belongs to another user: remove it")
    if found.st_mode & OTHERS:
        os.fchmod(descriptor, 0o600)
        log.warning("token.was_open", path=str(path), mode=oct(found.st_mode & 0o777))


def _kept_in(content: bytes) -> Kept:
    try:
        kept = Kept(**json.loads(content))
    except (ValueError, TypeError):
        return Kept()
    texts = (kept.access_token, kept.refresh_token, kept.first_token_digest)
    right = all(isinstance(text, str) for text in texts) and isinstance(kept.expires_at, int | float)
    return kept if right else Kept()
