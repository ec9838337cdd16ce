"""Who works on a ticket and why: assignment, lines, clocks and rungs.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("overdue", "{clock} is overdue", "{clock}已超时", "{clock}已逾時"),
    ("due", "{clock} is due at {until}", "{clock}将于 {until} 到期", "{clock}將於 {until} 到期"),
    ("was-due", "{clock} was due at {until}", "{clock}应于 {until} 前完成", "{clock}應於 {until} 前完成"),
    ("repeat", "repeat {count} of the problem", "同一问题第 {count} 次重复反映", "同一問題第 {count} 次重複反映"),
    ("reopened-times", "reopened {count} times", "已重新打开 {count} 次", "已重新開啟 {count} 次"),
    ("complains", "the requester complains", "报告人投诉", "報告人客訴"),
    ("asks", "{person} asks for it", "{person} 要求升级", "{person} 要求升級"),
    ("asks-because", "{person} asks for it: {why}", "{person} 要求升级：{why}", "{person} 要求升級：{why}"),
    ("raised", "{cause}: {was} -> {level}", "{cause}：{was} → {level}", "{cause}：{was} → {level}"),
    ("level", "the level is {level}", "级别改为{level}", "等級改為{level}"),
    ("approval-asked", "approval asked of the {role}", "已请{role}审批", "已請{role}簽核"),
    ("closed-because", "closed: {why}", "关闭：{why}", "結案：{why}"),
    ("assigned", "assigned to {assignee}: {why}", "分派给 {assignee}：{why}", "指派給 {assignee}：{why}"),
    ("handed-over", "handed over to {line}: {why}", "转给{line}：{why}", "轉給{line}：{why}"),
    ("goes-to", "goes to {line}", "转到{line}", "轉到{line}"),
    ("lead-names", "the lead names the assignee", "由组长指定处理人", "由組長指定處理人"),
    ("line-works", "{line} works on it", "{line}正在处理", "{line}正在處理"),
    ("staff-works", "staff works on it", "工程师正在处理", "工程師正在處理"),
    ("owed", "{owed} is owed: {why}", "需要提交{owed}：{why}", "需要提交{owed}：{why}"),
    ("moment", "{moment}", "{moment}", "{moment}"),
    ("on-duty", "on duty in {team}", "{team}值班", "{team}值班"),
    ("on-line", "{line}", "{line}", "{line}"),
    ("has-skill", "skill {skill}", "具备“{skill}”技能", "具備「{skill}」技能"),
    ("has-area", "area {area}", "负责“{area}”区域", "負責「{area}」區域"),
    ("lacks-skill", "without skill {skill}", "无人具备“{skill}”技能", "無人具備「{skill}」技能"),
    ("lacks-area", "without area {area}", "无人负责“{area}”区域", "無人負責「{area}」區域"),
    ("next-in-turn", "next in turn of {equals}", "{equals} 人轮流，轮到他", "{equals} 人輪流，輪到他"),
    ("only-one", "the only one", "唯一人选", "唯一人選"),
    (
        "fewest",
        "{count} open, fewest of {equals}",
        "手上 {count} 单，{equals} 人中最少",
        "手上 {count} 件，{equals} 人中最少",
    ),
    ("open-only-one", "{count} open, the only one", "手上 {count} 单，唯一人选", "手上 {count} 件，唯一人選"),
    ("open", "{count} open", "手上 {count} 单", "手上 {count} 件"),
    ("nobody-else", "nobody else of {team} is on duty", "{team}没有其他人值班", "{team}沒有其他人值班"),
    (
        "nobody-on-line",
        "nobody of {team} on duty works on {line}",
        "{team}值班人员中没有人负责{line}",
        "{team}值班人員中沒有人負責{line}",
    ),
    (
        "all-full",
        "everybody of {team} on duty has as many tickets as they may hold",
        "{team}值班人员的工单都已达上限",
        "{team}值班人員的工單都已達上限",
    ),
    ("no-engineers", "{team} has no engineers", "{team}没有工程师", "{team}沒有工程師"),
    ("all-away", "everybody of {team} is away", "{team}的人都不在", "{team}的人都不在"),
    ("nobody-on-duty", "nobody of {team} is on duty", "{team}无人值班", "{team}無人值班"),
    (
        "advise-overdue",
        "Please tell those who wait when to expect it, and say early if more hands or help from outside are needed.",
        "请告知等待的人预计何时完成；需要协调人手或外部支持时，请尽早提出。",
        "請告知等候的人預計何時完成；若需要協調人力或外部支援，請及早提出。",
    ),
    (
        "advise-warning",
        "There is still time: please see whether it will be kept, and say early if more hands are needed.",
        "目前还来得及：请确认能否按时完成，需要人手时请尽早提出。",
        "目前還來得及：請確認能否如期完成，需要人力時請及早提出。",
    ),
    (
        "advise-repeat",
        "Please look for what lies behind it, before it hits more people.",
        "请查找背后的原因，避免影响更多的人。",
        "請查找背後的原因，以免影響更多人。",
    ),
    (
        "advise-reopened",
        "Please ask what still fails before the same is tried again.",
        "再次处理之前，请先问清哪里仍然不行。",
        "再次處理之前，請先問清楚哪裡仍然不行。",
    ),
    (
        "advise-complaint",
        "Please see to it that the requester soon hears from a person.",
        "请尽快安排专人与报告人联系。",
        "請儘快安排專人與報告人聯繫。",
    ),
    (
        "advise-asked",
        "Please answer, or give the ticket to somebody who can help.",
        "请回复，或将工单转给能够协助的人。",
        "請回覆，或將工單轉給能夠協助的人。",
    ),
    (
        "advise-vendor",
        "Please see to it that word from there comes in time: the requesters still ask us.",
        "请跟进对方的进度：报告人仍由我们答复。",
        "請跟進對方的進度：報告人仍由我們答覆。",
    ),
)
