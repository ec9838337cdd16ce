"""How a ticket ends: the requester is asked, answers, or is silent; complaints.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("confirmed", "the requester confirms that it is solved", "报告人确认已解决", "報告人確認已解決"),
)
