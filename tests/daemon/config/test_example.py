from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from daemon.cli.init import example_config
from daemon.config.problems import ConfigError
from daemon.config.read import read_config
from daemon.config.tables import ConfigFile
from tests.daemon.config.samples import write_secret

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_can_be_read_as_it_is_and_its_gaps_are_named(tmp_path: Path) -> None:
    path = write_secret(tmp_path / "deskd.toml", example_config())
    warnings = [str(warning) for warning in read_config(path).warnings]
    assert any("only an example" in warning for warning in warnings)
    assert any("no [[mailboxes]], [[listeners]] or [[alertmanagers]]" in warning for warning in warnings)


def test_what_is_commented_can_be_uncommented_as_it_stands(tmp_path: Path) -> None:
    whole = re.sub(r"^# (?=\[|[a-z_]+ = )", "", example_config(), flags=re.MULTILINE)
    names = set(tomllib.loads(whole))
    assert names == set(ConfigFile.model_fields)
    with pytest.raises(ConfigError) as refused:
        read_config(write_secret(tmp_path / "deskd.toml", whole))
    missing = [problem.says for problem in refused.value.problems if problem.severity == "error"]
    assert all(re.search("no such file|there is no file", says) for says in missing), missing
