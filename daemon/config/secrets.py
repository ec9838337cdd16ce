"""Passwords and tokens: read when they are used, so that a rotated file needs no restart, and shown to nobody."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

LONGEST_SECRET: Final = 8 * 1024
CREDENTIAL_PREFIX: Final = "credential:"

#: Changes whenever a file is written or another is put in its place.
_Version = tuple[int, int, int, int]


class SecretError(Exception):
    """A secret cannot be read now. The text says which file and why, and never holds the secret."""


class Secret:
    """A word nobody may see, written in the configuration or lying in a file of its own.

    Only `reveal` gives it away: `repr`, `str`, `format` and pickling do not.
    """

    __slots__ = ("_text", "_version", "path")

    def __init__(self, text: str = "", *, path: Path | None = None) -> None:
        self.path: Final = path
        self._text = text
        self._version: _Version | None = None

    def reveal(self) -> str:
        """The secret as it is now. A file is read again when it has changed.

        Raises SecretError where the file is missing, unreadable, empty, or holds more than one line.
        """
        if self.path is None:
            return self._text
        try:
            version = _version(self.path)
            if version != self._version:
                self._text, self._version = _one_line(self.path), version
        except OSError as error:
            raise SecretError(f"cannot read {self.path}: {(error.strerror or str(error)).lower()}") from error
        return self._text

    def __repr__(self) -> str:
        return f"Secret(path={str(self.path)!r})" if self.path else "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


def secret_path(written: str, folder: Path) -> Path:
    """The file a configuration in `folder` means: a path, or `credential:NAME` of systemd (systemd.exec(5)).

    Raises ValueError where there are no credentials, or the name leads out of their folder.
    """
    if not written.startswith(CREDENTIAL_PREFIX):
        return folder / Path(written).expanduser()
    name = written.removeprefix(CREDENTIAL_PREFIX)
    if not name or "/" in name or name in {".", ".."}:
        raise ValueError(f"{written!r} does not name a credential: write credential:NAME")
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if not credentials:
        raise ValueError(
            f"{written!r} needs $CREDENTIALS_DIRECTORY, which systemd sets for a unit with LoadCredential="
        )
    return Path(credentials) / name


def is_open_to_all(path: Path) -> bool:
    """Whether every user of this machine may read the file."""
    return bool(path.stat().st_mode & stat.S_IROTH)


def holds_control_character(text: str) -> bool:
    """Whether the text could end a line of a protocol or worse."""
    return any(ord(sign) < 32 or ord(sign) == 127 for sign in text)


def _version(path: Path) -> _Version:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _one_line(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(LONGEST_SECRET + 1)
    if len(content) > LONGEST_SECRET:
        raise SecretError(f"{path} is longer than {LONGEST_SECRET} bytes: it is no password or token")
    try:
        text = content.decode().removeprefix("\ufeff").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise SecretError(f"{path} is not UTF-8 text") from error
    if not text:
        raise SecretError(f"{path} is empty")
    if "\n" in text or "\r" in text:
        raise SecretError(f"{path} holds more than one line: only the secret may stand in it")
    if holds_control_character(text):
        raise SecretError(f"{path} holds a control character")
    return text
