from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from daemon.config.secrets import Secret, SecretError, secret_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, lambda secret: f"{[secret]}"])
def test_a_secret_is_never_shown(show: object, tmp_path: Path) -> None:
    in_file = tmp_path / "password"
    in_file.write_text("open sesame\n")
    for secret in (Secret("open sesame"), Secret(path=in_file)):
        assert secret.reveal() == "open sesame"
        assert "sesame" not in show(secret)  # type: ignore[operator]


def test_a_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(Secret("open sesame"))


def test_a_rotated_file_is_read_again(tmp_path: Path) -> None:
    path, following = tmp_path / "token", tmp_path / "token.new"
    path.write_text("first")
    secret = Secret(path=path)
    assert secret.reveal() == "first"
    following.write_text("other")
    following.replace(path)
    assert secret.reveal() == "other"


def test_a_removed_file_revokes_its_token(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("first")
    secret = Secret(path=path)
    assert secret.reveal() == "first"
    path.unlink()
    with pytest.raises(SecretError, match="no such file"):
        secret.reveal()


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        pytest.param(b"word\n", "word", id="the line's end is no part of it"),
        pytest.param(b"word\r\n", "word", id="nor is one from Windows"),
        pytest.param(b"\xef\xbb\xbfword", "word", id="nor a byte order mark"),
        pytest.param(b" a b ", " a b ", id="spaces are part of it"),
        pytest.param("口令".encode(), "口令", id="any script will do"),
    ],
)
def test_the_file_holds_the_secret_and_nothing_else(content: bytes, secret: str, tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_bytes(content)
    assert Secret(path=path).reveal() == secret


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "is empty", id="an empty file is no password"),
        pytest.param(b"\n", "is empty", id="nor is an empty line"),
        pytest.param(b"user\nword\n", "more than one line", id="a user and a password are two things"),
        pytest.param(b"word\x07", "control character", id="a bell is no part of a word"),
        pytest.param(b"\xff\xfe", "not UTF-8", id="bytes are no text"),
        pytest.param(b"x" * 8193, "longer than", id="a large file is not read whole"),
    ],
)
def test_what_cannot_be_a_secret_is_refused_without_showing_it(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_bytes(content)
    with pytest.raises(SecretError, match=why) as refused:
        Secret(path=path).reveal()
    assert "word" not in str(refused.value).replace(str(path), "").replace("password", "")


def test_a_credential_lies_in_the_folder_of_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secret_path("credential:imap", tmp_path / "etc") == tmp_path / "imap"


def test_a_credential_needs_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(ValueError, match="LoadCredential"):
        secret_path("credential:imap", tmp_path)


@pytest.mark.parametrize("name", ["", "..", "../shadow", "/etc/shadow"])
def test_a_credential_is_a_name_and_no_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(ValueError, match="does not name"):
        secret_path(f"credential:{name}", tmp_path)
