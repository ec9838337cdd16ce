from __future__ import annotations

from rules.rulebook_files.doubts import calendar_doubts
from rules.rulebook_files.reading import read_rulebook
from tests.rules.rulebook_texts import WHOLE


def test_a_year_whose_make_up_days_are_not_announced_is_a_warning_at_its_calendar() -> None:
    chinese = WHOLE.replace("[teams.desk]", 'holidays = "CN"\n[teams.desk]', 1)
    [doubt] = calendar_doubts(read_rulebook(chinese, name="ours.toml"), (2024, 2029))
    assert (doubt.at, doubt.severity) == (("calendars", "office", "holidays"), "warning")
    assert "2029" in doubt.says


def test_without_public_holidays_there_is_no_doubt() -> None:
    assert list(calendar_doubts(read_rulebook(WHOLE, name="ours.toml"), (2024, 2029))) == []
