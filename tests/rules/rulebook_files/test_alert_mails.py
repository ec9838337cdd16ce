"""Mistakes in `[[alerts.mails]]`, each told with its key and line."""

from __future__ import annotations

import pytest

from rules.rulebook_files.reading import RulebookError, read_rulebook
from tests.rules.rulebook_texts import WHOLE

MAILS = """
[[alerts.mails]]
name = "nagios"
from = ["nagios@corp.example"]
subject = '(?P<state>\\w+) (?P<host>\\w+)'
labels = { alertname = "HostDown", instance = "{host}" }
states = { firing = ["PROBLEM"], resolved = ["RECOVERY"] }
"""


def test_one_word_stands_for_a_list() -> None:
    rulebook = read_rulebook(
        WHOLE + MAILS.replace('["nagios@corp.example"]', '"Nagios@corp.example"'), name="ours.toml"
    )
    assert set(rulebook.alerts.mails_by_sender) == {"nagios@corp.example"}


@pytest.mark.parametrize(
    ("right", "wrong", "key", "says"),
    [
        pytest.param("(?P<host>", "(?P<host", "subject", "is no RE2 pattern", id="a pattern that does not compile"),
        pytest.param("(?P<state>", "(?P<status>", "subject", "no pattern has the group state", id="no state"),
        pytest.param("{host}", "{hots}", "labels.instance", "did you mean 'host'?", id="a group that is not there"),
        pytest.param('alertname = "HostDown", ', "", "labels", "alertname is missing", id="no alertname"),
        pytest.param("instance", "severity", "labels.severity", "the group severity", id="the severity as a label"),
        pytest.param('["RECOVERY"]', '["problem"]', "states.resolved", "means firing already", id="a word twice"),
        pytest.param("nagios@corp.example", "nagios", "from", "is no address", id="a name in place of an address"),
        pytest.param('["RECOVERY"]', "[]", "states.resolved", "at least 1", id="a monitor that resolves nothing"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_line(right: str, wrong: str, key: str, says: str) -> None:
    text = WHOLE + MAILS.replace(right, wrong)
    with pytest.raises(RulebookError) as refused:
        read_rulebook(text, name="ours.toml")
    [problem] = [str(each) for each in refused.value.problems]
    assert f"alerts.mails[0].{key}" in problem
    assert says in problem
    line = int(problem.split(":")[1])
    assert wrong in text.splitlines()[line - 1] or not wrong
