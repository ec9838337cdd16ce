from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from daemon.__main__ import main
from daemon.cli.init import example_config
from daemon.config.presets import PRESETS
from daemon.config.read import read_config
from tests.daemon.config.samples import write_secret

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deskd.toml"


def test_the_file_is_for_its_writer_alone(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-c", str(path)]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"deskd check -c {path}" in capsys.readouterr().out
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_leaves_only_the_account_to_fill_in(
    preset: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "-c", str(path), "--preset", preset]) == 0
    assert PRESETS[preset].login_hint in capsys.readouterr().out
    for name in ("imap.password", "smtp.password", "client.secret"):
        write_secret(path.with_name(name), "secret")
    text = path.read_text("utf-8").replace("example.org", "corp.example").replace('client_id = ""', 'client_id = "7"')
    config = read_config(write_secret(path, text))
    [mailbox] = config.mailboxes
    assert (mailbox.name, mailbox.host, mailbox.user) == ("support", PRESETS[preset].imap, "support@corp.example")
    assert config.smtp is not None
    assert config.smtp.host == PRESETS[preset].smtp
    assert (mailbox.done_folder == "deskd/Done") == (PRESETS[preset].folders is None)


def test_a_provider_that_nobody_knows_is_refused_with_those_that_are(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["init", "-c", str(path), "--preset", "outlook"])
    assert "office365" in capsys.readouterr().err
    assert not path.exists()


def test_a_file_that_is_there_is_left_alone(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("mine")
    assert main(["init", "-c", str(path)]) == 1
    assert path.read_text() == "mine"
    assert "--force" in capsys.readouterr().err


def test_force_overwrites_and_closes_the_file(path: Path) -> None:
    path.write_text("mine")
    path.chmod(0o644)
    assert main(["init", "-c", str(path), "--force"]) == 0
    assert path.read_text("utf-8") == example_config()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-c", str(tmp_path / "none" / "deskd.toml")]) == 1
    assert "No such file or directory" in capsys.readouterr().err
