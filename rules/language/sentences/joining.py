"""What belongs together: why a person's report is taken for an alert's problem, and what staff say of it.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

_LIKENESS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("like", "likeness {likeness}: {signs}", "相似度 {likeness}：{signs}", "相似度 {likeness}：{signs}"),
    (
        "like-service",
        "it names the service {service} ({word})",
        "提到服务 {service}（{word}）",
        "提到服務 {service}（{word}）",
    ),
    ("like-system", "it names the system {system}", "提到系统 {system}", "提到系統 {system}"),
    (
        "like-needed",
        "it names the service {service} ({word}), which needs {needed}",
        "提到服务 {service}（{word}），它依赖 {needed}",
        "提到服務 {service}（{word}），它依賴 {needed}",
    ),
    ("like-fails", "it says that something fails", "来信说出了故障", "來信說出了故障"),
    ("like-same-failure", "the alert says the same", "告警说的是同样的故障", "告警說的是同樣的故障"),
    ("like-category", "both are {category}", "同属 {category} 类", "同屬 {category} 類"),
    ("like-fresh", "soon after it fired", "告警刚发生不久", "告警剛發生不久"),
    ("like-words", "words alike ({likeness})", "用词相近（{likeness}）", "用詞相近（{likeness}）"),
    ("like-asks", "but it only asks for something", "但来信只是提出请求", "但來信只是提出請求"),
    (
        "joins-incident",
        "monitoring has reported it already, as {number}: {why}",
        "监控已先行发现，即工单 {number}：{why}",
        "監控已先行發現，即工單 {number}：{why}",
    ),
    (
        "may-be-same",
        "may be the same as {number}: {why}",
        "可能与工单 {number} 是同一问题：{why}",
        "可能與工單 {number} 是同一問題：{why}",
    ),
    (
        "may-be-joined",
        "this may be the same as {number} (reply with !join to join it): {why}",
        "可能与工单 {number} 是同一问题（回复 !合并 即并入）：{why}",
        "可能與工單 {number} 是同一問題（回覆 !合併 即併入）：{why}",
    ),
    (
        "may-tell-of-it",
        "{number} may tell of the same (reply with !join {number} to join it): {why}",
        "工单 {number} 可能是同一问题（回复 !合并 {number} 即并入）：{why}",
        "工單 {number} 可能是同一問題（回覆 !合併 {number} 即併入）：{why}",
    ),
    (
        "related",
        "{alert} is about {service}; {number} is about {other}, and one needs the other",
        "{alert} 涉及 {service}，工单 {number} 涉及 {other}，两者相互依赖",
        "{alert} 涉及 {service}，工單 {number} 涉及 {other}，兩者相互依賴",
    ),
    (
        "thread-goes-on",
        "{why}; what is written there goes on in {number}",
        "{why}；该工单的后续归入 {number}",
        "{why}；該工單的後續歸入 {number}",
    ),
)

_COMMANDS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("joins", "{person} says that it is the same problem", "{person} 确认是同一问题", "{person} 確認是同一問題"),
    ("splits", "{person} says that it is another problem", "{person} 指出是另一问题", "{person} 指出是另一問題"),
    ("merged-into", "merged into {number}", "并入 {number}", "併入 {number}"),
    ("joined-from", "came with {number}", "随 {number} 并入", "隨 {number} 併入"),
    ("was-joined", "{number} was joined to this ticket", "{number} 已并入本工单", "{number} 已併入本工單"),
    ("joined", "{number} is a part of {other} now", "{number} 已并入 {other}", "{number} 已併入 {other}"),
    (
        "confirmed-people",
        "confirmed, and they read what you write from now on: {known}",
        "已确认，此后也会收到您写的内容：{known}",
        "已確認，此後也會收到您寫的內容：{known}",
    ),
    (
        "parted-person",
        "{person} has ticket {number} now",
        "{person} 的问题改由工单 {number} 处理",
        "{person} 的問題改由工單 {number} 處理",
    ),
    (
        "parted-alerts",
        "{alert} has ticket {number} now",
        "告警 {alert} 改由工单 {number} 处理",
        "告警 {alert} 改由工單 {number} 處理",
    ),
    ("an-alert", "{alert}", "{alert}", "{alert}"),
    ("parted-ticket", "{number} stands on its own again", "{number} 已恢复为独立工单", "{number} 已恢復為獨立工單"),
    (
        "level-stays",
        "it was raised with what has left and stays {level}; {example} changes that",
        "本工单的级别曾因已拆出的内容升高，现仍为 {level}，可用 {example} 调整",
        "本工單的級別曾因已拆出的內容升高，現仍為 {level}，可用 {example} 調整",
    ),
    ("parted-from", "parted from {number}", "从 {number} 拆出", "從 {number} 拆出"),
    ("parted-too", "came with the report that was parted", "随拆出的来信一并移来", "隨拆出的來信一併移來"),
    ("a-number", "{number}", "{number}", "{number}"),
    ("no-ticket", "there is no ticket {number}", "没有工单 {number}", "沒有工單 {number}"),
    ("same-ticket", "{number} is this very ticket", "{number} 就是本工单", "{number} 就是本工單"),
    (
        "both-alerts",
        "{number} is an alert's ticket like this one: each ends with its own alerts",
        "{number} 和本工单都来自告警，各随自己的告警结束",
        "{number} 和本工單都來自告警，各隨自己的告警結束",
    ),
    (
        "nothing-suggested",
        "nothing is suggested here: name the ticket",
        "没有可合并的建议，请写明工单号",
        "沒有可合併的建議，請寫明工單號",
    ),
    ("none-joined", "{word} did not join this ticket", "“{word}”并未并入本工单", "「{word}」並未併入本工單"),
    ("nobody-joined", "nothing was joined to this ticket", "本工单没有并入的内容", "本工單沒有併入的內容"),
    (
        "several-joined",
        "more than one joined; say which: {known}",
        "并入的不止一个，请写明：{known}",
        "併入的不止一個，請寫明：{known}",
    ),
)

ROWS: Final = (*_LIKENESS, *_COMMANDS)
