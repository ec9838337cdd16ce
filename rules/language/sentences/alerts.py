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
)
