from __future__ import annotations

import subprocess
import sys

import pytest

from daemon.__main__ import SUBCOMMANDS, main

HEAVY = ("pydantic", "sqlalchemy", "uvicorn", "jinja2", "structlog", "asyncio", "importlib.metadata")


def test_help_names_every_subcommand_and_imports_nothing_heavy() -> None:
    script = (
        "import sys; from daemon.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stderr.strip() == "[]"
    for command in SUBCOMMANDS:
        assert command.name in told.stdout


@pytest.mark.parametrize("command", [command.name for command in SUBCOMMANDS])
def test_every_subcommand_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert f"deskd {command}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["nonsense"], ["init", "--nonsense"]])
def test_a_wrong_command_line_is_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2


def test_version_names_what_it_runs_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out.startswith("deskd 0.")
