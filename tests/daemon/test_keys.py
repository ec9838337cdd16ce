"""The secrets that sign letters are made once and kept; a broken file is said and never replaced."""

from __future__ import annotations

import json
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from daemon.keys import FILE, KeysError, load_keys, rotate_keys
from rules.token import make_message_id, read_token
from tests.samples import ALICE

if TYPE_CHECKING:
    from pathlib import Path

    from rules.token import TokenKeys


def test_the_key_of_the_first_start_is_the_key_of_all(tmp_path: Path) -> None:
    first = load_keys(tmp_path)
    assert load_keys(tmp_path) == first
    assert len(first.secrets[first.current]) == 32
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    load_keys(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_daemons_that_start_at_once_agree(tmp_path: Path) -> None:
    found: list[TokenKeys] = []
    threads = [threading.Thread(target=lambda: found.append(load_keys(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(keys == found[0] for keys in found)


def test_after_a_rotation_old_letters_are_still_answered(tmp_path: Path) -> None:
    old = load_keys(tmp_path)
    letter = make_message_id(old, ticket=7, serial=1, recipient=ALICE, domain="desk.example")
    content = json.loads((tmp_path / FILE).read_text())
    content["keys"]["k2"] = "ab" * 32
    content["current"] = "k2"
    (tmp_path / FILE).write_text(json.dumps(content))
    new = load_keys(tmp_path)
    assert new.current == "k2"
    assert read_token(new, letter, sender=ALICE) == 7


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="no JSON"),
        pytest.param("[]", id="no object"),
        pytest.param('{"current": "k1", "keys": {}}', id="the current key is missing"),
        pytest.param('{"current": "k1", "keys": {"k1": "no hex"}}', id="a key is not hexadecimal"),
        pytest.param('{"current": "k1", "keys": {"k1": 7}}', id="a key is a number"),
        pytest.param('{"current": "k1", "keys": {"k1": ""}}', id="a key is empty"),
        pytest.param('{"current": "k1", "keys": {"k1": "abcd"}}', id="a key is guessed in no time"),
    ],
)
def test_a_broken_file_is_said_and_stays_as_it_is(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(KeysError, match=FILE):
        load_keys(tmp_path)
    assert (tmp_path / FILE).read_text() == content


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeysError):
        load_keys(tmp_path / "away")


def test_a_rotation_adds_a_key_and_keeps_the_old_ones(tmp_path: Path) -> None:
    first = load_keys(tmp_path)
    letter = make_message_id(first, ticket=7, serial=1, recipient=ALICE, domain="desk.example")
    second, third = rotate_keys(tmp_path), rotate_keys(tmp_path)
    assert (first.current, second.current, third.current) == ("k1", "k2", "k3")
    assert load_keys(tmp_path) == third
    assert read_token(third, letter, sender=ALICE) == 7
    assert len(set(third.secrets.values())) == 3
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_broken_file_is_not_rotated_away(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(KeysError):
        rotate_keys(tmp_path)
    assert (tmp_path / FILE).read_text() == "{"
