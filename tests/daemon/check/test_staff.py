"""Whether there are people for the work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daemon.check.finding import Lines
from daemon.check.staff import check_staff
from daemon.config.read import read_config
from rules.toml_files.lines import key_lines
from tests.daemon.config.samples import RULEBOOK, changed, write_config

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LEAD = """\
[[people]]
address = "chen@corp.example"
role = "lead"
teams = ["service-desk"]
"""
NETWORK_ENGINEER = """\
[[people]]
address = "wang@corp.example"
teams = ["network"]
"""


def findings(folder: Path, text: str) -> list[str]:
    """What `deskd check` says of the staff of a configuration, on Monday morning."""
    config = read_config(write_config(folder, text))
    return [f"{one.grade} {one.says}" for one in check_staff(config, Lines("deskd.toml", key_lines(text)), now=NOW)]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        pytest.param(changed(), "no engineers in network", id="a team without engineers"),
        pytest.param(changed(), "nobody has the role lead", id="no leads at all"),
        pytest.param(
            changed(("[[people]]", f"{LEAD}{NETWORK_ENGINEER}[[people]]")),
            "no lead in network",
            id="a team without one",
        ),
        pytest.param(
            changed(("[[people]]", f"{NETWORK_ENGINEER}[[people]]")),
            "asks for 'network', which nobody",
            id="a skill of nobody",
        ),
        pytest.param(
            changed(('name = "李伟"', 'away = [{ from = "2026-11-20", to = "2026-12-20" }]')),
            "nobody of service-desk is on duty in the next 7 days",
            id="a team that is away as one",
        ),
    ],
)
def test_what_is_missing_is_a_warning(text: str, warning: str, tmp_path: Path) -> None:
    assert any(finding.startswith("warn ") and warning in finding for finding in findings(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        pytest.param(changed(), "is on duty", id="two nights of the week are duty"),
        pytest.param(
            changed(("[[people]]", f"{LEAD}[[people]]")), "no lead in", id="teams without engineers need no lead"
        ),
        pytest.param(
            changed(('name = "李伟"', 'away = [{ from = "2026-11-23", to = "2026-11-24T04:00" }]')),
            "is on duty",
            id="back within the week",
        ),
    ],
)
def test_what_is_there_is_not_complained_of(text: str, warning: str, tmp_path: Path) -> None:
    assert not any(warning in finding for finding in findings(tmp_path, text))


LINES = """
[teams.seniors]
[[lines]]
name = "first"
team = "service-desk"
[[lines]]
name = "second"
teams = { network = "seniors", other = "service-desk" }
[zones.city]
"""


def test_what_stands_in_the_rulebook_is_asked_of_the_staff(tmp_path: Path) -> None:
    text = changed(
        ('"small.toml"', '"lines.toml"'),
        ('teams = ["service-desk"]', 'teams = ["service-desk"]\nlines = ["first"]\nareas = ["city", "citty"]'),
    )
    (tmp_path / "lines.toml").write_text(RULEBOOK + LINES)
    found = findings(tmp_path, text)
    assert "warn nobody of service-desk works on the line second" in found
    assert any(finding.startswith("warn no engineers in network, seniors") for finding in found)
    [warning] = read_config(tmp_path / "deskd.toml").warnings
    assert (warning.key, warning.says) == (
        "people[0].areas[1]",
        "the rulebook has no zone 'citty'; did you mean 'city'?",
    )


def test_the_people_file_is_counted(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("address,vip\na@x.example,yes\nb@x.example,\n")
    text = changed(("[staff]", '[requesters]\nfile = "people.csv"\n[staff]'))
    assert "ok 2 people in the people file, 1 of them VIPs" in findings(tmp_path, text)
