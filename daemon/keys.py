"""The secrets that sign letters: made at the first start, kept in one file of the state folder."""

from __future__ import annotations

import json
import os
import re
import secrets
from typing import TYPE_CHECKING, Any

from immutables import Map

from rules.token import TokenKeys

if TYPE_CHECKING:
    from pathlib import Path

FILE = "token-keys.json"
#: Bytes. A token is a 128-bit HMAC; a shorter key would be the easier thing to guess.
SHORTEST_KEY = 16
NEW_KEY = 32

_NUMBERED = re.compile(r"k[0-9]{1,9}")


class KeysError(Exception):
    """The key file cannot be read or made; without it no letter can be answered."""


def load_keys(state: Path) -> TokenKeys:
    """Read the keys from the state folder, making them where there are none.

    The file holds `{"current": ID, "keys": {ID: HEX}}`; while a key stays in it, answers to the letters that it signed
    are accepted. Several daemons on one database need the same file. Raises KeysError.
    """
    path = state / FILE
    try:
        if not path.exists():
            _make(path)
        content = json.loads(path.read_text())
        keys = {key: _read_key(text) for key, text in content["keys"].items()}
        return TokenKeys(current=content["current"], secrets=Map({content["current"]: keys[content["current"]]} | keys))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysError(f"{path}: {error}") from error


def rotate_keys(state: Path) -> TokenKeys:
    """Make a new key and let it sign from now on; the old ones stay. Raises KeysError.

    A crash leaves the old file or the new one. A daemon that runs signs with the new key once it is reloaded.
    """
    path, keys = state / FILE, load_keys(state)
    number = 1 + max((int(key[1:]) for key in keys.secrets if _NUMBERED.fullmatch(key)), default=0)
    known = {key: secret.hex() for key, secret in keys.secrets.items()}
    current = f"k{number}"
    try:
        _write(path, {"current": current, "keys": known | {current: secrets.token_hex(NEW_KEY)}}).replace(path)
    except OSError as error:
        raise KeysError(f"{path}: {error}") from error
    return load_keys(state)


def _read_key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a key needs {SHORTEST_KEY} bytes or more, not {len(key)}")
    return key


def _make(path: Path) -> None:
    """Write a new key so that a crash leaves either no file or a whole one."""
    draft = _write(path, {"current": "k1", "keys": {"k1": secrets.token_hex(NEW_KEY)}})
    try:
        os.link(draft, path)  # fails where another daemon was first: its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _write(path: Path, content: dict[str, Any]) -> Path:
    """Write what the file shall hold beside it, whole and readable by its owner only; returns where."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")  # each container's daemon may have the pid 1
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(content))
        file.flush()
        os.fsync(file.fileno())
    return draft
