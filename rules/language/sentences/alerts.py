"""What becomes of alerts.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("last-resolved", "its last episode resolved", "最后一条告警已恢复", "最後一則告警已恢復"),
    ("fires-again", "{alert} fires again", "{alert} 再次告警", "{alert} 再次告警"),
    (
        "fires-more",
        "{alert} fires on one more target of an open ticket",
        "{alert} 在未结工单的又一个目标上告警",
        "{alert} 在未結工單的又一個目標上告警",
    ),
    (
        "fires-reopened",
        "{alert} fires again on a ticket that was {status}",
        "工单已{status}，{alert} 再次告警",
        "工單已{status}，{alert} 再次告警",
    ),
    (
        "severity-worse",
        "severity {severity} is worse: {level}",
        "严重程度 {severity} 更高：{level}",
        "嚴重程度 {severity} 更高：{level}",
    ),
    (
        "heartbeat-missing",
        "no heartbeat of {source} since {since}: its alerts may not arrive",
        "自 {since} 起未收到 {source} 的心跳：其告警可能无法送达",
        "自 {since} 起未收到 {source} 的心跳：其告警可能無法送達",
    ),
    ("heartbeat-back", "the heartbeat of {source} is back", "{source} 的心跳已恢复", "{source} 的心跳已恢復"),
    ("severity-raises", "severity raises it to {level}", "按严重程度升为{level}", "依嚴重程度升為{level}"),
    (
        "alert-mail-firing",
        "a mail of the monitor {monitor}: {alert} fires",
        "监控 {monitor} 的邮件：{alert} 告警",
        "監控 {monitor} 的郵件：{alert} 告警",
    ),
    (
        "alert-mail-resolved",
        "a mail of the monitor {monitor}: {alert} is over",
        "监控 {monitor} 的邮件：{alert} 已恢复",
        "監控 {monitor} 的郵件：{alert} 已恢復",
    ),
    (
        "alert-mail-acknowledged",
        "a mail of the monitor {monitor}: somebody has taken {alert} there",
        "监控 {monitor} 的邮件：已有人在监控中确认 {alert}",
        "監控 {monitor} 的郵件：已有人在監控中確認 {alert}",
    ),
    (
        "alert-mail-ignored",
        "a mail of the monitor {monitor} about {alert} that the rulebook ignores",
        "监控 {monitor} 关于 {alert} 的邮件，按规则手册忽略",
        "監控 {monitor} 關於 {alert} 的郵件，依規則手冊忽略",
    ),
    ("alert-mail-nothing-fires", "nothing of it fires here", "此处没有该告警", "此處沒有該告警"),
    (
        "alert-mail-old",
        "an old mail that was imported: what it told is past",
        "导入的旧邮件：所述情况已成过去",
        "匯入的舊郵件：所述情況已成過去",
    ),
    (
        "alert-mail-unproven",
        "it names a monitor as its sender, and nothing proves it ({why}): taken as any other mail",
        "发件人写作监控，但无法证明（{why}）：按普通邮件处理",
        "寄件人寫作監控，但無法證明（{why}）：依一般郵件處理",
    ),
    (
        "alert-mail-unread",
        "a monitor sent it, and no pattern of the rulebook fits: taken as any other mail",
        "由监控发出，但不符合规则手册的任何模式：按普通邮件处理",
        "由監控發出，但不符合規則手冊的任何模式：依一般郵件處理",
    ),
    (
        "alert-mail-state",
        "{monitor} of the rulebook reads it, and knows no state {state}: taken as any other mail",
        "规则手册的 {monitor} 可读取它，但不认识状态 {state}：按普通邮件处理",
        "規則手冊的 {monitor} 可讀取它，但不認識狀態 {state}：依一般郵件處理",
    ),
    (
        "alert-mail-nameless",
        "{monitor} of the rulebook reads it, and finds no alertname: taken as any other mail",
        "规则手册的 {monitor} 可读取它，但没有得到 alertname：按普通邮件处理",
        "規則手冊的 {monitor} 可讀取它，但沒有得到 alertname：依一般郵件處理",
    ),
)
