from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.config.problems import ConfigError
from daemon.config.rulebooks import read_rulebook_file

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, **books: str) -> Path:
    """Write rulebooks into a folder and one below it; returns the path of the first."""
    (folder / "common").mkdir()
    for name, text in books.items():
        (folder / f"{name.replace('__', '/')}.toml").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(books))}.toml"


def test_a_path_is_seen_from_the_file_it_stands_in(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        ours='name = "ours"\nextends = "common/office.toml"',
        common__office='name = "office"\nextends = "./company.toml"\nlanguage = "zh-TW"',
        common__company='name = "company"\nextends = "enterprise-itsm"\n[teams.printers]',
    )
    rulebook = read_rulebook_file(path)
    assert (rulebook.name, rulebook.language, "printers" in rulebook.teams) == ("ours", "zh-TW", True)


@pytest.mark.parametrize(
    ("extends", "says"),
    [
        pytest.param(
            "enterprise", "ours.toml:1: extends: no rulebook called 'enterprise' is shipped; did", id="a name"
        ),
        pytest.param("missing.toml", "ours.toml:1: extends: there is no file", id="a file"),
        pytest.param("ours.toml", "ours.toml:1: extends: 'ours.toml' starts from this very rulebook", id="itself"),
        pytest.param("../{folder}/ours.toml", "rulebooks start from each other", id="itself by a detour"),
    ],
)
def test_what_cannot_be_extended_is_told(tmp_path: Path, extends: str, says: str) -> None:
    path = write(tmp_path, ours=f'extends = "{extends.format(folder=tmp_path.name)}"')
    with pytest.raises(ConfigError) as refused:
        read_rulebook_file(path)
    assert says in str(refused.value)
