"""How a ticket ends: the requester is asked, answers, or is silent; complaints.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("confirms", "{person} says that it is solved", "{person} 确认已解决", "{person} 確認已解決"),
    ("confirmed", "the requester confirms that it is solved", "报告人确认已解决", "報告人確認已解決"),
    ("says-back", "it says the problem is back ({word})", "来信说问题又出现（{word}）", "來信說問題又出現（{word}）"),
    ("answered", "the requester answered", "报告人已回复", "報告人已回覆"),
    ("rated", "the requester rated it: {steps}", "报告人评价：{steps}", "報告人評價：{steps}"),
    ("steps", "{steps}", "{steps}", "{steps}"),
    (
        "unrated",
        "confirmed as solved, and no answer to the satisfaction question",
        "已确认解决，满意度未答复",
        "已確認解決，滿意度未回覆",
    ),
    ("no-complaint", "nobody complained on {number}", "{number} 没有投诉", "{number} 沒有客訴"),
    (
        "no-findings",
        "not recorded: write the findings behind it",
        "未记录：请在后面写明核实结果",
        "未記錄：請在後面寫明查證結果",
    ),
    (
        "findings-sent",
        "recorded, the {role} has the findings",
        "已记录，核实结果已报 {role}",
        "已記錄，查證結果已呈報 {role}",
    ),
    (
        "findings-kept",
        "recorded; nobody is named to decide",
        "已记录；规则中未指定由谁决定",
        "已記錄；規則中未指定由誰決定",
    ),
    (
        "no-decision",
        "not decided: write the decision behind it",
        "未决定：请在后面写明处理决定",
        "未決定：請在後面寫明處理決定",
    ),
    ("decided", "decided, the requesters are told", "已决定，并已告知报告人", "已決定，並已告知報告人"),
    (
        "decided-unverified",
        "decided before anybody verified it; the requesters are told",
        "投诉尚未核实即作出决定，已告知报告人",
        "客訴尚未查證即作出決定，已告知報告人",
    ),
)
