"""Why a report is taken as it is: its thread, its repeat, its judgement.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (("opened", "opened the ticket", "登记了工单", "建立了工單"),)
