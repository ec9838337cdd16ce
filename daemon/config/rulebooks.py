"""Finding and reading the rulebook a configuration names."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.config.problems import ConfigError, FileProblem, did_you_mean
from daemon.config.toml_file import read_text
from rules.rulebook_files.reading import RulebookError, read_rulebook
from rules.rulebook_files.text import RulebookText

if TYPE_CHECKING:
    from rules.rulebook import Rulebook


def rulebook_path(written: str, folder: Path) -> Path:
    """The file `rulebook = "..."` means: a path where it ends in .toml or holds a slash, otherwise a shipped name.

    Raises ValueError where there is no such rulebook.
    """
    if written.endswith(".toml") or "/" in written:
        path = folder / Path(written).expanduser()
        if not path.is_file():
            raise ValueError(f"there is no file {path}")
        return path
    shipped = shipped_rulebooks()
    if written not in shipped:
        hint = did_you_mean(written, shipped) or f"; write one of {', '.join(shipped)}, or a path ending in .toml"
        raise ValueError(f"no rulebook called {written!r} is shipped{hint}")
    return _shipped_folder() / f"{written}.toml"


def find_rulebook(written: str, *, option: str = "--rulebook") -> Path:
    """The file that a word of the command line means, seen from the current folder.

    Raises ConfigError, naming the option, where there is no such rulebook.
    """
    try:
        return rulebook_path(written, Path.cwd())
    except ValueError as error:
        raise ConfigError([FileProblem(file=option, line=None, key="", says=str(error))]) from error


def shipped_rulebooks() -> tuple[str, ...]:
    """The names of the rulebooks that come with deskd."""
    return tuple(sorted(file.stem for file in _shipped_folder().glob("*.toml")))


def read_rulebook_file(path: Path) -> Rulebook:
    """Read a rulebook and what it extends. Raises ConfigError with every error of its file, each with its line."""
    try:
        return read_rulebook(read_text(path), name=str(path), find_base=_find_base)
    except RulebookError as error:
        raise ConfigError(error.problems) from error


def _find_base(written: str, of: str) -> RulebookText:
    """What `extends` means in the file `of`: a path in it is seen from its folder."""
    path = rulebook_path(written, Path(of).parent)
    return RulebookText(str(path), read_text(path))


def _shipped_folder() -> Path:
    return Path(str(files("rules").joinpath("rulebooks")))
