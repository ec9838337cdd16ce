"""Finding and reading the rulebook a configuration names."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from daemon.config.complaints import complaints_of
from daemon.config.problems import ConfigError, did_you_mean
from daemon.config.toml_file import read_toml
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


def shipped_rulebooks() -> tuple[str, ...]:
    """The names of the rulebooks that come with deskd."""
    return tuple(sorted(file.stem for file in _shipped_folder().glob("*.toml")))


def read_rulebook_file(path: Path) -> Rulebook:
    """Read a rulebook. Raises ConfigError with every error of its file, each with its line."""
    source = read_toml(path)
    try:
        return Rulebook.model_validate(source.raw)
    except ValidationError as error:
        raise ConfigError(source.problems(complaints_of(error, Rulebook))) from error


def _shipped_folder() -> Path:
    return Path(str(files("rules").joinpath("rulebooks")))
