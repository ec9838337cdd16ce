"""Who works on a ticket and why: assignment, lines, clocks and rungs.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("overdue", "{clock} is overdue", "{clock}已超时", "{clock}已逾時"),
    ("due", "{clock} is due at {until}", "{clock}将于 {until} 到期", "{clock}將於 {until} 到期"),
)
