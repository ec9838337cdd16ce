"""Where an Alertmanager is asked, as it is written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from daemon.config.problems import ConfigError
from daemon.config.read import read_config
from ingest.alertmanager.api import AlertmanagerError
from tests.daemon.config.samples import WHOLE, write_config

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.config.alert_source import ApiAccess

NAME = 'name = "prod"\n'


def access(folder: Path, *lines: str) -> ApiAccess:
    text = WHOLE.replace(NAME, NAME + "\n".join((*lines, "")))
    (source,) = read_config(write_config(folder, text)).alert_sources
    return source.api


def test_nothing_is_asked_unless_it_is_written(tmp_path: Path) -> None:
    assert access(tmp_path).open() == ()


def test_one_address_or_those_of_a_cluster(tmp_path: Path) -> None:
    assert access(tmp_path, 'api = "http://am:9093/"').urls == ("http://am:9093",)
    found = access(
        tmp_path, 'api = ["http://a:9093", "https://b/prefix"]', 'reconcile_every = "30s"', 'correct_after = "2m"'
    )
    assert [api.url for api in found.open()] == ["http://a:9093", "https://b/prefix"]
    assert (found.every, found.correct_after) == (30.0, timedelta(minutes=2))


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param(['api_token = "abc"'], "Bearer abc", id="a token"),
        pytest.param(['api_token_file = "prod.token"'], "Bearer prod.token-secret", id="a token in a file"),
        pytest.param(['api_user = "desk"', 'api_password = "pw"'], "Basic ZGVzazpwdw==", id="name and password"),
    ],
)
def test_each_question_carries_the_login(lines: list[str], header: str | None, tmp_path: Path) -> None:
    (api,) = access(tmp_path, 'api = "http://127.0.0.1:9093"', *lines).open()
    (tmp_path / "prod.token").write_text("prod.token-secret\n")
    assert api.authorization() == header


def test_a_login_that_cannot_be_read_now_passes(tmp_path: Path) -> None:
    (api,) = access(tmp_path, 'api = "http://127.0.0.1:9093"', 'api_token_file = "prod.token"').open()
    (tmp_path / "prod.token").unlink()
    with pytest.raises(AlertmanagerError, match=r"prod\.token") as raised:
        api.authorization()
    assert raised.value.passes


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param(
            ['api = "am:9093"'],
            "alertmanagers[0].api[0]: 'am:9093' is no address: write http://HOST:PORT, or https://HOST/PREFIX",
            id="an address says how",
        ),
        pytest.param(
            ['api = "http://am:909300"'],
            "alertmanagers[0].api[0]: Port out of range 0-65535",
            id="a port is a port",
        ),
        pytest.param(
            ['api = "http://desk:pw@am:9093"'],
            "alertmanagers[0].api[0]: an address holds no name or password: write api_user and api_password_file",
            id="a password stands elsewhere",
        ),
        pytest.param(
            ['api = "https://am"', 'api_user = "desk"'],
            "alertmanagers[0].api_password_file: a password for api needs api_user, and api_user a password",
            id="a name alone is no login",
        ),
        pytest.param(
            ['api = "https://am"', 'api_user = "desk"', 'api_password = "pw"', 'api_token = "abc"'],
            "alertmanagers[0].api_password_file: a token and a password for api are both given: keep one",
            id="two logins are one too many",
        ),
        pytest.param(
            ['api = "http://am:9093"', 'api_token = "abc"'],
            "alertmanagers[0].api_password_file: http://am:9093 would be sent the secret readable: write https://",
            id="a secret goes to no other machine readable",
        ),
    ],
)
def test_a_mistake_is_told(lines: list[str], says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        access(tmp_path, *lines)
    (problem,) = refused.value.problems
    assert f"{problem.key}: {problem.says}" == says
