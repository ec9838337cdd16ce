"""What an engineer may say on the first lines of a mail, in English and Chinese."""

from __future__ import annotations

from typing import Final, Literal, get_args

from immutables import Map

Verb = Literal[
    "take",
    "resolve",
    "assign",
    "wait",
    "line",
    "priority",
    "category",
    "eta",
    "diagnose",
    "note",
    "escalate",
    "approve",
    "reject",
    "review",
    "findings",
    "decide",
    "arrived",
    "left",
    "report",
    "owe",
    "close",
    "for",
    "help",
]
VERBS: Final[tuple[Verb, ...]] = get_args(Verb)

#: Each verb as it is written; of Chinese the simplified form stands for both, as what is read is folded.
_CHINESE_WORDS: Final[dict[Verb, str]] = {
    "take": "认领",
    "resolve": "解决",
    "assign": "转给",
    "wait": "等待",
    "line": "转线",
    "priority": "优先级",
    "category": "分类",
    "eta": "预计",
    "diagnose": "诊断",
    "note": "备注",
    "escalate": "升级",
    "approve": "批准",
    "reject": "驳回",
    "review": "复核",
    "findings": "核实",
    "decide": "决定",
    "arrived": "到场",
    "left": "离场",
    "report": "报告",
    "owe": "待写",
    "close": "关闭",
    "for": "代报",
    "help": "帮助",
}
CHINESE: Final = Map(_CHINESE_WORDS)

_WORDS: Final[dict[str, Verb]] = {**{verb: verb for verb in VERBS}, **{word: verb for verb, word in CHINESE.items()}}
BY_WORD: Final = Map(_WORDS)
"""The verb of each word in either language, folded."""
