"""Taking named groups out of a text."""

from __future__ import annotations

import pytest

from rules.language.automaton import LONGEST_PATTERN, Extractor


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        pytest.param(r"^Host: (?P<host>.+)", "Time: 9\nhost: Web1 \nx", {"host": "Web1"}, id="on a line, stripped"),
        pytest.param(r"(?P<a>x)|(?P<b>y)", "y", {"b": "y"}, id="an empty group is left out"),
        pytest.param(r"主机[:：](?P<host>.+)", "主机：資料庫1", {"host": "資料庫1"}, id="nothing is folded"),
        pytest.param(r"^Host: (?P<host>.+)", "Guest: web1", None, id="it is not there"),
        pytest.param(r"(?P<long>.+)", "x" * 9_000, {"long": "x" * 500}, id="cut"),
    ],
)
def test_groups_are_extracted(pattern: str, text: str, found: dict[str, str] | None) -> None:
    assert Extractor(pattern).extract(text) == found


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"(?P<host>.+", "is no RE2 pattern: missing )"),
        (r"(?P<a>x)(?=y)", "is no RE2 pattern"),
        (r"(?P<a>.{900}){9}", "is no RE2 pattern"),
        (r"(?P<a>[^\x00-\x{10FFFF}]|.{999})", "too large"),
        ("x" * (LONGEST_PATTERN + 1), f"it may have {LONGEST_PATTERN}"),
    ],
)
def test_what_re2_does_not_take_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace(")", r"\)")):
        Extractor(pattern)
