from __future__ import annotations

from rules.rulebook import Rulebook
from rules.rulebook_files.reference import rulebook_reference


def test_every_table_has_a_heading() -> None:
    reference = rulebook_reference()
    for heading in ("[numbers]", "[calendars.NAME]", "[priority.impact.NAME]", "[[clocks]]", "[alerts.otherwise]"):
        assert heading in reference
    for key in Rulebook.model_fields:
        assert f"`{key}`" in reference or f"[{key}" in reference


def test_every_key_says_what_it_is_for() -> None:
    rows = [line for line in rulebook_reference().splitlines() if line.startswith("| `")]
    assert len(rows) > 50
    for row in rows:
        *_, meaning, _ = row.split("|")
        assert meaning.strip(), row


def test_values_and_defaults_are_written_as_in_the_file() -> None:
    reference = rulebook_reference()
    assert '| `limit` | such as `{ P1 = "30m", P2 = "4wh", P3 = "3wd" }` | **must be given** |' in reference
    assert '| `mon` | such as `["09:00-12:00", "13:00-18:00"]` |  |' in reference
    assert '| `extra_workdays` | such as `{ 2026-10-10 = "fri" }` |  |' in reference
    assert '| `words` | such as `{ 3 = ["printer", "打印机"] }` |  |' in reference
    assert '| `stops` | `"assigned"`, `"responded"`, `"resolved"` | **must be given** |' in reference
    assert '| `tell` | any of `"assignee"`, `"lead"`,' in reference
    assert "| `digits` | such as `3` | `3` |" in reference


def test_names_that_are_not_free_are_listed() -> None:
    assert "NAME is one of large, medium, small." in rulebook_reference()
