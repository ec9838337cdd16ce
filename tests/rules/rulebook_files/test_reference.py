from __future__ import annotations

from rules.rulebook import Rulebook
from rules.rulebook_files.moments import MEANINGS
from rules.rulebook_files.reference import rulebook_reference
from rules.ticket import Moment
from rules.toml_files.reference_tables import choices


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
    assert '| `limit` | such as `{ P1 = "30m", P2 = "4wh", P3 = "3wd" }`, `"2h"` | **must be given** |' in reference
    assert '| `mon` | such as `["09:00-12:00", "13:00-18:00"]` |  |' in reference
    assert '| `extra_workdays` | such as `{ 2026-10-10 = "fri" }` |  |' in reference
    assert '| `words` | such as `{ 3 = ["printer", "打印机"] }` |  |' in reference
    assert '| `stops` | one `MOMENT` or a list of them, such as `"responded"` | **must be given** |' in reference
    assert '| `raises` | `"top"`, a whole number | `0` |' in reference
    assert '| `departments` | such as `["Executive Office"]` |  |' in reference
    assert '| `steps` | such as `{ en = ["check the cable"] }` |  |' in reference
    assert '| `known` | `"name"`, `"number"`, `"department"`, `"phone"`, `"place"` |  |' in reference
    assert '| `tell` | any of `"assignee"`, `"lead"`,' in reference
    assert "| `digits` | such as `3` | `3` |" in reference


def test_names_that_are_not_free_are_listed() -> None:
    assert "NAME is one of large, medium, small." in rulebook_reference()


def test_what_many_tables_hold_is_described_once() -> None:
    reference = rulebook_reference()
    assert reference.count("| `requesters` | any of") == 1
    assert reference.count("| `when` | as in `when = { ... }`") >= 6
    assert "<code>when = { ... }</code> Which tickets something is for." in reference


def test_every_moment_is_explained() -> None:
    assert set(MEANINGS) == set(choices(Moment))
    for moment in MEANINGS:
        assert f'| `"{moment}"` | ' in rulebook_reference()


def test_words_of_a_key_stand_before_words_of_its_type() -> None:
    assert "| How the requester is asked for it, in one line. |" in rulebook_reference()
