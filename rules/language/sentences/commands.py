"""What came of a command.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("taken", "{number} is yours", "{number} 现在由您负责", "{number} 現在由您負責"),
)
