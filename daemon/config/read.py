"""Reading `deskd.toml`: all of it is checked, and every error is told at once with its line and key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from immutables import Map
from pydantic import ValidationError

from daemon.config.build import build_config
from daemon.config.checks import check
from daemon.config.complaints import Complaint, complaints_of
from daemon.config.people_file import read_people_file, unknown_zones
from daemon.config.problems import ConfigError
from daemon.config.rulebooks import read_rulebook_file, rulebook_path
from daemon.config.tables import DEFAULT_RULEBOOK, ConfigFile
from daemon.config.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.config.problems import FileProblem
    from daemon.config.settings import Config
    from rules.directory import Contact
    from rules.rulebook import Rulebook


def read_config(path: Path) -> Config:
    """Read and check a configuration, its secrets, rulebook and people file; makes nothing, connects to nothing.

    Raises ConfigError with every error of all its files.
    """
    folder = path.absolute().parent
    source = read_toml(path, "there is no such file: `deskd init` writes one, and -c names another")
    file, complaints = _validate(source.raw, folder)
    rulebook_at, no_rulebook = _find_rulebook(source.raw, folder)
    rulebook, rulebook_problems = _read_rulebook(rulebook_at)
    complaints += [*no_rulebook, *check(source.raw, path, rulebook)]
    contacts, people_problems = _read_people(source.raw, folder, rulebook)
    problems = [*source.problems(complaints), *rulebook_problems, *people_problems]
    warnings = tuple(problem for problem in problems if problem.severity == "warning")
    if file is None or rulebook_at is None or rulebook is None or len(warnings) < len(problems):
        raise ConfigError(problems)
    return build_config(file, path, rulebook_at, rulebook, contacts, warnings)


def load_rulebook(config: Config) -> Rulebook:
    """Read the rulebook of a configuration anew. Raises ConfigError with every error of its file."""
    return read_rulebook_file(config.desk.rulebook)


def _find_rulebook(raw: Mapping[str, Any], folder: Path) -> tuple[Path | None, list[Complaint]]:
    desk = raw.get("desk")
    written = desk.get("rulebook", DEFAULT_RULEBOOK) if isinstance(desk, dict) else DEFAULT_RULEBOOK
    if not isinstance(written, str):
        return None, []
    try:
        return rulebook_path(written, folder), []
    except ValueError as error:
        return None, [Complaint(("desk", "rulebook"), str(error))]


def _read_rulebook(path: Path | None) -> tuple[Rulebook | None, tuple[FileProblem, ...]]:
    if path is None:
        return None, ()
    try:
        return read_rulebook_file(path), ()
    except ConfigError as error:
        return None, error.problems


def _read_people(
    raw: Mapping[str, Any], folder: Path, rulebook: Rulebook | None
) -> tuple[Map[str, Contact], tuple[FileProblem, ...]]:
    """The contacts of the people file; the tables complain of one that is not there."""
    table = raw.get("requesters")
    written = table.get("file") if isinstance(table, dict) else None
    path = folder / Path(written).expanduser() if isinstance(written, str) else None
    if path is None or not path.is_file():
        return Map(), ()
    try:
        people = read_people_file(path)
    except ConfigError as error:
        return Map(), error.problems
    zones = unknown_zones(path, people, rulebook.zones) if rulebook is not None else ()
    return people.contacts, (*people.warnings, *zones)


def _validate(raw: Mapping[str, Any], folder: Path) -> tuple[ConfigFile | None, list[Complaint]]:
    try:
        return ConfigFile.model_validate(raw, context={"folder": folder}), []
    except ValidationError as error:
        return None, list(complaints_of(error, ConfigFile))
