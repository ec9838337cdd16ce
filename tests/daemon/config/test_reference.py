from __future__ import annotations

from daemon.config.reference import config_reference
from daemon.config.tables import ConfigFile


def test_every_table_has_a_heading() -> None:
    reference = config_reference()
    for name in ConfigFile.model_fields:
        assert f"[{name}]" in reference


def test_every_key_says_what_it_is_for() -> None:
    rows = [line for line in config_reference().splitlines() if line.startswith("| `")]
    assert len(rows) > 50
    for row in rows:
        *_, meaning, _ = row.split("|")
        assert meaning.strip(), row


def test_values_and_defaults_are_written_as_in_the_file() -> None:
    reference = config_reference()
    assert '| `security` | `"tls"`, `"starttls"`, `"plain"` | `"tls"` |' in reference
    assert '| `largest_mail` | such as `"25MiB"` | `"25MiB"` |' in reference
    assert '| `also` | such as `["helpdesk@example.org"]` |  |' in reference
    assert "| `senders_are_checked` | `true`, `false` | `false` |" in reference
    assert '| `hours` | such as `"09:00-18:00"` | `"00:00-24:00"` |' in reference
    assert '| `since` | `"all"`, such as `2026-11-01T00:00:00+08:00` |  |' in reference
    assert '| `poll` | such as `"30s"` | `"30s"` |' in reference
    assert "| `port` | such as `993` |" in reference
