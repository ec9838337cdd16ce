"""The pages for people say what is there: their references, links, subcommands and make targets."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from daemon.__main__ import SUBCOMMANDS, main
from daemon.config.read import read_config
from tests.incident_story import RULEBOOK
from tests.reference import BLOCKS, parts, written

HOUSE = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "deploy/README.md")

#: Code is told from prose, as "make tickets" in a sentence names no target.
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def text_of(page: str) -> str:
    return (HOUSE / page).read_text(encoding="utf-8")


def named_in_code(pattern: str, page: str) -> set[str]:
    return {name for code in CODE.findall(text_of(page)) for name in re.findall(pattern, code)}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name == "five desks" else name for name in BLOCKS]
)
def test_the_reference_in_the_readme_is_up_to_date(name: str) -> None:
    _, there, _ = parts(text_of("README.md"), name)
    assert there == written(name), f"the {name} reference has changed: `make reference` rewrites it"


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_to_a_file(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", text_of(page))
    broken = [link for link in links if "://" not in link and not (HOUSE / page).parent.joinpath(link).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_every_subcommand_that_is_named_exists(page: str) -> None:
    there = {command.name for command in SUBCOMMANDS}
    assert named_in_code(r"(?:bin/|`|^)deskd ([a-z]+)", page) - there == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_is_named_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z -]*):", text_of("Makefile"), re.MULTILINE))
    there = {target for line in targets for target in line.split()}
    assert named_in_code(r"\bmake ([a-z][a-z-]*)", page) - there == set()


def test_the_readme_names_the_subcommands_and_targets_of_the_first_minutes() -> None:
    assert {"init", "check", "run", "explain", "tickets"} <= named_in_code(r"(?:bin/|`)deskd ([a-z]+)", "README.md")
    assert {"demo", "test", "setup"} <= named_in_code(r"\bmake ([a-z][a-z-]*)", "README.md")


#: What the README tells people to write into a file: rulebooks, and one piece of a deskd.toml.
WRITTEN = re.findall(r"```toml\n(.*?)```", text_of("README.md"), re.DOTALL)
SERVICES = next(text for text in WRITTEN if text.startswith("[[services]]"))
RULEBOOKS = [text for text in WRITTEN if "extends = " in text] + [
    f'name = "x"\nextends = "enterprise-itsm"\n{SERVICES}'
]
PIECES = [text for text in WRITTEN if text.startswith("[[mailboxes]]")]


def test_every_file_in_the_readme_is_looked_at() -> None:
    assert len(WRITTEN) == len(RULEBOOKS) + len(PIECES)


@pytest.mark.parametrize("text", RULEBOOKS, ids=lambda text: text.splitlines()[-1])
def test_every_rulebook_in_the_readme_can_be_used_as_it_stands(text: str, tmp_path: Path) -> None:
    shutil.copy(HOUSE / "deploy/rulebooks/monitors.toml", tmp_path)
    file = tmp_path / "our-desk.toml"
    file.write_text(text, encoding="utf-8")
    assert main(["rulebook", "check", str(file)]) == 0


def test_the_mailboxes_in_the_readme_can_be_used_as_they_stand(tmp_path: Path) -> None:
    (text,) = PIECES
    for name in re.findall(r'_file = "(.*?)"', text):
        (tmp_path / name).write_text("a-secret")
        (tmp_path / name).chmod(0o600)
    file = tmp_path / "deskd.toml"
    file.write_text(f'[desk]\nname = "Desk"\naddress = "support@corp.example"\nstate = "state"\n{text}')
    file.chmod(0o600)
    assert [mailbox.name for mailbox in read_config(file).mailboxes] == ["support", "office", "google"]


def test_the_services_in_the_readme_are_those_of_its_story() -> None:
    told = tomllib.loads(SERVICES)
    assert told["services"] == tomllib.loads(RULEBOOK)["services"]
