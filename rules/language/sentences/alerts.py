"""What becomes of alerts.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("last-resolved", "its last episode resolved", "最后一条告警已恢复", "最後一則告警已恢復"),
)
