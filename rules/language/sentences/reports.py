"""Why a report is taken as it is: its thread, its repeat, its judgement.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("opened", "opened the ticket", "登记了工单", "建立了工單"),
    (
        "copied",
        "{person} copied this person in",
        "由 {person} 抄送加入",
        "由 {person} 副本加入",
    ),
    (
        "unproven",
        "{why}; kept inside: nothing proves who sent it, so that it moves nothing",
        "{why}；只在内部留存：无法证明发件人身份，不作任何变更",
        "{why}；只在內部留存：無法證明寄件人身分，不作任何變更",
    ),
    (
        "thread-token",
        "it answers a letter that was written to this sender",
        "回复了我们写给他的信",
        "回覆了我們寫給他的信",
    ),
    (
        "thread-address",
        "it was sent to the address of a letter that was written to this sender",
        "发到了我们写给他的信所带的回复地址",
        "寄到了我們寫給他的信所帶的回覆地址",
    ),
    (
        "thread-mark",
        "it quotes the mark of a letter that was written to this sender",
        "引用了我们写给他的信中的标记",
        "引用了我們寫給他的信中的標記",
    ),
    (
        "thread-mentioned",
        "a mail of this ticket refers to {mail}, too, and its sender is a participant",
        "本工单的来信也引用了 {mail}，且发件人是参与者",
        "本工單的來信也引用了 {mail}，且寄件人是參與者",
    ),
    (
        "thread-number",
        "its subject names {number}, and its sender is a participant",
        "标题写有 {number}，且发件人是参与者",
        "標題寫有 {number}，且寄件人是參與者",
    ),
    (
        "token-of-another",
        "it names a letter that was not written to its sender: that proves nothing",
        "提到的信不是写给发件人的，不能作为凭据",
        "提到的信不是寫給寄件人的，不能作為憑據",
    ),
    (
        "number-of-another",
        "its subject names {number}, of which its sender is no participant",
        "标题写有 {number}，但发件人不是该工单的参与者",
        "標題寫有 {number}，但寄件人不是該工單的參與者",
    ),
    (
        "thread-ledger",
        "it answers {mail}, a mail of this ticket, and its sender is a participant",
        "回复了本工单的来信 {mail}，且发件人是参与者",
        "回覆了本工單的來信 {mail}，且寄件人是參與者",
    ),
    (
        "forward",
        "it hands on another's mail: {sign}",
        "转发了他人的邮件：{sign}",
        "轉寄了他人的郵件：{sign}",
    ),
    (
        "forward-of",
        "it hands on a mail that names {origin} as its sender: {sign}",
        "转发了一封邮件，其中写明发件人是 {origin}：{sign}",
        "轉寄了一封郵件，其中寫明寄件人是 {origin}：{sign}",
    ),
    (
        "forward-linked",
        "forwarded out of ticket {number}: a new ticket that is linked to it",
        "由工单 {number} 的往来邮件转发：另立新工单并与其关联",
        "由工單 {number} 的往來郵件轉寄：另立新工單並與其關聯",
    ),
    (
        "repeat-own",
        "the same requester reports it again (likeness {likeness})",
        "同一报告人再次反映（相似度 {likeness}）",
        "同一報告人再次反映（相似度 {likeness}）",
    ),
    (
        "repeat-other",
        "somebody else reports the same problem (likeness {likeness})",
        "另有人反映同一问题（相似度 {likeness}）",
        "另有人反映同一問題（相似度 {likeness}）",
    ),
    (
        "not-counted",
        "{why}; not counted, nobody verified the sender",
        "{why}；未计数，发件人身份未经核实",
        "{why}；未計數，寄件人身分未經查證",
    ),
    ("wrote-again", "the requester wrote again", "报告人再次来信", "報告人再次來信"),
    ("asks-missing", "the report does not tell {missing}", "来信未说明：{missing}", "來信未說明：{missing}"),
    ("told-missing", "the requester told what was missing", "报告人补充了缺少的信息", "報告人補充了缺少的資訊"),
    (
        "complains-of",
        "it complains, and this is the sender's one open ticket",
        "来信是投诉，而这是他唯一未结的工单",
        "來信是客訴，而這是他唯一未結的工單",
    ),
    (
        "reported-for",
        "{person} reports it for {requester}",
        "由 {person} 代 {requester} 报告",
        "由 {person} 代 {requester} 報告",
    ),
    ("commands", "{why}; commands {commands}", "{why}；指令 {commands}", "{why}；指令 {commands}"),
    (
        "staff-answers",
        "{why}; {person} answers the requester",
        "{why}；{person} 回复报告人",
        "{why}；{person} 回覆報告人",
    ),
    (
        "kept-inside",
        "{why}; kept inside: the mail server does not prove its senders",
        "{why}；只在内部留存：邮件服务器不核实发件人",
        "{why}；只在內部留存：郵件伺服器不查證寄件人",
    ),
    (
        "not-sent-on",
        "not sent to the requester, kept inside the desk: the mail server does not prove its senders",
        "没有转给报告人，只在内部留存：邮件服务器不核实发件人",
        "沒有轉給報告人，只在內部留存：郵件伺服器不查證寄件人",
    ),
    ("tells-category", "category {category}: {signs}", "类别 {category}：{signs}", "類別 {category}：{signs}"),
    ("tells-kind", "kind {kind}: {signs}", "类型 {kind}：{signs}", "類型 {kind}：{signs}"),
    ("tells-impact", "impact {impact}: {signs}", "影响范围 {impact}：{signs}", "影響範圍 {impact}：{signs}"),
    ("tells-urgency", "urgency {urgency}: {signs}", "紧急程度 {urgency}：{signs}", "緊急程度 {urgency}：{signs}"),
    ("tells-zone", "zone {zone}: {signs}", "地点 {zone}：{signs}", "地點 {zone}：{signs}"),
    ("sign", "{sign} ({points}{by})", "{sign}（{points}{by}）", "{sign}（{points}{by}）"),
    ("sign-subject", "{sign} ({points}, subject{by})", "{sign}（{points}，标题{by}）", "{sign}（{points}，標題{by}）"),
    ("sign-by", "{sign} (by {pattern})", "{sign}（{pattern}）", "{sign}（{pattern}）"),
    ("sign-plain", "{sign}", "{sign}", "{sign}"),
    ("kind-default", "kind {kind}: nothing tells another", "类型 {kind}：没有其他迹象", "類型 {kind}：沒有其他跡象"),
    (
        "category-later",
        "category {category}: the diagnosis will tell it",
        "类别 {category}：待诊断后确定",
        "類別 {category}：待診斷後確定",
    ),
    (
        "category-asked",
        "no category reaches {threshold}: a person is asked",
        "没有类别达到 {threshold} 分：请人工分类",
        "沒有類別達到 {threshold} 分：請人工分類",
    ),
    ("level-kind", "{level}: every {kind}", "{level}：凡是{kind}都如此", "{level}：凡是{kind}都如此"),
    (
        "level-grounds",
        "{level}: {impact} impact, {urgency} urgency",
        "{level}：影响范围 {impact}，紧急程度 {urgency}",
        "{level}：影響範圍 {impact}，緊急程度 {urgency}",
    ),
    (
        "people-report",
        "impact {impact}: {people} people report it",
        "影响范围 {impact}：{people} 人反映",
        "影響範圍 {impact}：{people} 人反映",
    ),
    ("urgent-person", "urgency {urgency}: {why}", "紧急程度 {urgency}：{why}", "緊急程度 {urgency}：{why}"),
    ("a-vip", "a VIP", "重要人员", "重要人員"),
    ("department", "department {department}", "部门 {department}", "部門 {department}"),
    (
        "would-be",
        "would be {level} now; only a person lowers it",
        "现在看应为{level}；只有人可以降级",
        "現在看應為{level}；只有人可以降級",
    ),
    ("severity", "severity {severity}", "告警级别 {severity}", "告警等級 {severity}"),
    ("severity-missing", "severity not given", "未给出告警级别", "未提供告警等級"),
)
