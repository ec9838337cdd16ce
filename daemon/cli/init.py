"""`deskd init`: write a commented configuration that a newcomer fills in."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.config.presets import PRESETS

if TYPE_CHECKING:
    import argparse

NEXT_STEPS = """\
Wrote {path}, readable by you alone. Next:
  1. Put your address into [desk], and your mailbox and mail server into [[mailboxes]] and [smtp].
  2. Put each password into the file its password_file names, and chmod 600 that file.
  3. deskd check -c {path}    tells in one screen whether everything works.
  4. deskd run -c {path}      starts the desk. Mail that lies in the mailbox already is left alone.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to write and whether to overwrite."""
    parser.add_argument(
        "-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="the file to write"
    )
    parser.add_argument("--preset", choices=tuple(PRESETS), help="the provider of the mailbox")
    parser.add_argument("--force", action="store_true", help="overwrite a file that is there")


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say what to do next; 1 where it is there already or cannot be written."""
    path: Path = arguments.config
    try:
        _write(path, example_config(arguments.preset), force=arguments.force)
    except FileExistsError:
        sys.stderr.write(f"{path} is there already and was left alone; --force overwrites it\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"cannot write {path}: {error.strerror or error}\n")
        return 1
    sys.stdout.write(NEXT_STEPS.format(path=path))
    if arguments.preset:
        sys.stdout.write(f"The login at {arguments.preset}: {PRESETS[arguments.preset].login_hint}.\n")
    return 0


def example_config(preset: str | None = None) -> str:
    """The commented configuration; with a preset its mailbox and mail server are no comments any more."""
    from importlib.resources import files

    text = files("daemon.config").joinpath("example.toml").read_text("utf-8")
    if preset is not None:
        for table, password_file in (("[[mailboxes]]", "imap.password"), ("[smtp]", "smtp.password")):
            text = _uncommented(text, table, _account(preset, password_file))
    return text


def _uncommented(text: str, table: str, account: str) -> str:
    """The text where a table holds an account in place of its commented keys up to the password."""
    commented = re.compile(rf"# {re.escape(table)}\n((?:# name = .*\n)?)(?:# .*\n)*?# password_file = .*\n")
    return commented.sub(lambda found: f"{table}\n{found[1].removeprefix('# ')}{account}", text, count=1)


def _account(preset: str, password_file: str) -> str:
    named = f'preset = "{preset}"\nuser = "support@example.org"            # <- yours\n'
    if PRESETS[preset].takes_password:
        return f'{named}password_file = "{password_file}"\n'
    login = 'tenant = "example.org", grant = "client_credentials", client_id = "", client_secret_file = "client.secret"'
    return f"{named}oauth2 = {{ {login} }}\n"


def _write(path: Path, text: str, *, force: bool) -> None:
    """Write the whole file or nothing, so that a full disk leaves an overwritten configuration as it was."""
    if not force and path.exists():
        raise FileExistsError(path)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if force:
            part.replace(path)
        else:
            path.hardlink_to(part)  # fails where somebody else was faster
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
