"""The measurement of duplicates on a collection of our own: what counts as a repeat, as found, and as wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.corpora.duplicates import COLLECTION, HALVES, DuplicateReport, play, read_reports, score_duplicates

if TYPE_CHECKING:
    from pathlib import Path

EXPORTED = DuplicateReport(1, "PDF export of Kestrel loses footnotes", "Every PDF is without its footnotes.", "notes")
EXPORTED_AGAIN = DuplicateReport(2, "Kestrel PDF export loses footnotes", "The exported PDF has none.", "notes")
TOLD_OTHERWISE = DuplicateReport(3, "Annotations vanish", "They are gone once it is printed to a file.", "notes")
JAMMED = DuplicateReport(4, "Heron scanner jams", "It takes two sheets at once.", "jam")
SOUNDS_ALIKE = DuplicateReport(5, "Heron scanner jams", "The tray was pulled out.", "tray")


def test_a_report_of_a_known_group_is_a_repeat_and_found_where_it_joins() -> None:
    tally = play([EXPORTED, EXPORTED_AGAIN, TOLD_OTHERWISE, JAMMED], 0.6)

    half = EXPORTED.half
    assert (tally.repeats[half], tally.proposed[half], tally.joined[half], tally.right[half]) == (2, 1, 1, 1)


def test_a_join_across_groups_is_wrong() -> None:
    tally = play([JAMMED, SOUNDS_ALIKE], 0.6)

    assert tally.wrong == ["5 joined 4: 'Heron scanner jams', 'Heron scanner jams'"]
    assert tally.right.total() == 0


def test_a_group_is_in_one_half() -> None:
    assert EXPORTED.half == EXPORTED_AGAIN.half
    assert {DuplicateReport(n, "", "", str(n)).half for n in range(20)} == set(HALVES)


def test_the_collection_is_read_in_the_order_of_writing(tmp_path: Path) -> None:
    (tmp_path / COLLECTION).mkdir()
    rows = [
        {"id": str(each.id), "title": each.title, "body": each.body, "cluster": each.group}
        for each in (JAMMED, EXPORTED_AGAIN, EXPORTED)
    ]
    lines = [json.dumps(row) for row in rows]
    (tmp_path / COLLECTION / "reports.jsonl").write_text("\n".join(lines))

    assert [report.id for report in read_reports(lines)] == [1, 2, 4]
    shipped = [score for score in score_duplicates(tmp_path) if score.what.startswith("precision at the shipped")]
    assert [score.is_kept for score in shipped] == [half == EXPORTED.half for half in HALVES]
