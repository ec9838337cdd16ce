"""The secrets that sign letters: made at the first start, kept in one file of the state folder."""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING

from immutables import Map

from rules.token import TokenKeys

if TYPE_CHECKING:
    from pathlib import Path

FILE = "token-keys.json"
#: Bytes. A token is a 128-bit HMAC; a shorter key would be the easier thing to guess.
SHORTEST_KEY = 16


class KeysError(Exception):
    """The key file cannot be read or made; without it no letter can be answered."""


def load_keys(state: Path) -> TokenKeys:
    """Read the keys from the state folder, making them where there are none.

    The file holds `{"current": ID, "keys": {ID: HEX}}`. To rotate, add a key and name it current; while the old one
    stays, answers to old letters are still accepted. Several daemons on one database need the same file.
    Raises KeysError.
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


def _read_key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a key needs {SHORTEST_KEY} bytes or more, not {len(key)}")
    return key


def _make(path: Path) -> None:
    """Write a new key so that a crash leaves either no file or a whole one, readable by its owner only."""
    content = json.dumps({"current": "k1", "keys": {"k1": secrets.token_hex(32)}})
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")  # each container's daemon may have the pid 1
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails where another daemon was first: its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
