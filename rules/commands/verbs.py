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
    "silence",
    "for",
    "join",
    "split",
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
    "silence": "静默",
    "for": "代报",
    "join": "合并",
    "split": "拆分",
    "help": "帮助",
}
CHINESE: Final = Map(_CHINESE_WORDS)

#: Other words that people use for the same: of daily speech, and those of Taiwan, folded.
_OTHER_WORDS: Final[dict[Verb, tuple[str, ...]]] = {
    "take": ("mine", "接单", "接手", "领取"),
    "resolve": ("resolved", "solved", "fixed", "已解决"),
    "assign": ("reassign", "转派", "指派", "分派", "派给"),
    "wait": ("hold", "pending", "等候", "挂起"),
    "line": ("转到",),
    "priority": ("prio", "level", "优先顺序", "优先权", "级别", "等级"),
    "category": ("类别", "归类"),
    "eta": ("预期", "预计时间"),
    "diagnose": ("diagnosis",),
    "note": ("internal", "注记", "内部备注"),
    "escalate": ("上报", "呈报"),
    "approve": ("approved", "核准", "同意"),
    "reject": ("rejected", "拒绝", "不同意"),
    "review": ("reviewed", "复查", "复审"),
    "findings": ("查证", "核查"),
    "decide": ("decision", "裁定"),
    "arrived": ("arrive", "onsite", "到达", "抵达"),
    "left": ("leave", "离开"),
    "report": ("提交", "缴交"),
    "owe": ("owed", "待交"),
    "close": ("closed", "结案", "关单"),
    "silence": ("mute", "静音", "屏蔽"),
    "for": ("behalf", "代为报修", "代他人"),
    "join": ("merge", "same", "并入", "确认合并"),
    "split": ("unjoin", "separate", "分开", "拆开"),
    "help": ("commands", "说明", "指令", "命令"),
}

_WORDS: Final[dict[str, Verb]] = {
    **{verb: verb for verb in VERBS},
    **{word: verb for verb, word in CHINESE.items()},
    **{word: verb for verb, words in _OTHER_WORDS.items() for word in words},
}
BY_WORD: Final = Map(_WORDS)
"""The verb of each word in either language, folded."""
