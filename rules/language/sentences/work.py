"""Who works on a ticket and why: assignment, lines, clocks and rungs.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("overdue", "{clock} is overdue", "{clock}已超时", "{clock}已逾時"),
    ("due", "{clock} is due at {until}", "{clock}将于 {until} 到期", "{clock}將於 {until} 到期"),
    ("repeat", "repeat {count} of the problem", "同一问题第 {count} 次重复反映", "同一問題第 {count} 次重複反映"),
    ("reopened-times", "reopened {count} times", "已重新打开 {count} 次", "已重新開啟 {count} 次"),
    ("complains", "the requester complains", "报告人投诉", "報告人客訴"),
    ("asks", "{person} asks for it{why}", "{person} 要求升级{why}", "{person} 要求升級{why}"),
    ("raised", "{cause}: {was} -> {level}", "{cause}：{was} → {level}", "{cause}：{was} → {level}"),
    ("level", "the level is {level}", "级别改为{level}", "等級改為{level}"),
    ("approval-asked", "approval asked of the {role}", "已请 {role} 审批", "已請 {role} 核准"),
    ("closed-because", "closed: {why}", "关闭：{why}", "結案：{why}"),
    ("assigned", "assigned to {person}: {why}", "分派给 {person}：{why}", "指派給 {person}：{why}"),
    ("handed-over", "handed over to {line}: {why}", "转给{line}：{why}", "轉給{line}：{why}"),
    ("goes-to", "goes to {line}", "转到{line}", "轉到{line}"),
    ("lead-names", "the lead names the assignee", "由组长指定处理人", "由組長指定處理人"),
    ("line-works", "{line} works on it", "{line}正在处理", "{line}正在處理"),
    ("staff-works", "staff works on it", "工程师正在处理", "工程師正在處理"),
    ("owed", "{owed} is owed: {why}", "需要提交{owed}：{why}", "需要提交{owed}：{why}"),
    ("moment", "{moment}", "{moment}", "{moment}"),
)
