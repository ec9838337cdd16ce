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
    (
        "silence-wanted",
        "a silence is being set at {source}, for as long as it fires, until {until} at the latest",
        "正在为 {source} 设置静默，告警持续期间有效，最迟至 {until}",
        "正在為 {source} 設定靜默，告警持續期間有效，最遲至 {until}",
    ),
    ("silence-ends", "the silence at {source} ends now", "正在解除 {source} 的静默", "正在解除 {source} 的靜默"),
    ("silence-set", "{source} has taken the silence", "{source} 的静默已生效", "{source} 的靜默已生效"),
    (
        "silence-failed",
        "no silence could be set at {source} so far, its alerts go on; it is tried again: {why}",
        "尚未能为 {source} 设置静默，告警仍会发送；系统会继续尝试：{why}",
        "尚未能為 {source} 設定靜默，告警仍會發送；系統會繼續嘗試：{why}",
    ),
    ("silence-over", "the time of the silence is over", "静默时间已到", "靜默時間已到"),
    (
        "silence-over-still",
        "the silence at {source} is over and not set again; its alerts notify once more while they fire",
        "{source} 的静默已到期，不再延长；告警若仍持续将重新发送",
        "{source} 的靜默已到期，不再延長；告警若仍持續將重新發送",
    ),
    (
        "silence-by-hand",
        "somebody ended it at the source",
        "有人已在来源处解除静默",
        "有人已在來源處解除靜默",
    ),
    ("silence-quiet", "none of its alerts fires", "其告警均未在触发", "其告警均未在觸發"),
    ("silence-worked", "it is being worked on", "工单正在处理", "工單正在處理"),
    (
        "silence-no-alerts",
        "{number} did not come of alerts, there is nothing to silence",
        "{number} 并非由告警产生，没有可静默的告警",
        "{number} 並非由告警產生，沒有可靜默的告警",
    ),
    (
        "silence-no-api",
        "the desk cannot silence {source}: no api is configured for it",
        "无法静默 {source}：未配置其 api",
        "無法靜默 {source}：未設定其 api",
    ),
    (
        "silence-no-labels",
        "no labels tell its alerts from others",
        "没有标签能将其告警与其他告警区分",
        "沒有標籤能將其告警與其他告警區分",
    ),
    ("silence-none", "{number} has no silence", "{number} 没有静默", "{number} 沒有靜默"),
    ("severity-of", "the severity of {alert} rose", "{alert} 的严重程度上升", "{alert} 的嚴重程度上升"),
    (
        "flaps",
        "{alert} ended and fires again at once: it goes on",
        "{alert} 恢复后随即再次告警：继续处理",
        "{alert} 恢復後隨即再次告警：繼續處理",
    ),
    (
        "flapping",
        "it flaps: its alerts fired again {count} times within {within}",
        "告警抖动：{within} 内再次告警 {count} 次",
        "告警抖動：{within} 內再次告警 {count} 次",
    ),
    ("quiet", "it flaps no more", "告警不再抖动", "告警不再抖動"),
    (
        "held-open",
        "all its alerts have ended; it is held open for {hold}, in case one fires again",
        "所有告警均已恢复；工单保留 {hold}，以防再次告警",
        "所有告警均已恢復；工單保留 {hold}，以防再次告警",
    ),
    ("more-to-do", "{person} says what else is to be done", "{person} 说明了后续事项", "{person} 說明了後續事項"),
    ("closed-untouched", "nobody else waits for it", "无人等待处理", "無人等待處理"),
    ("nobody-waits", "nobody waits for its confirmation", "无人需要确认", "無人需要確認"),
    (
        "muted",
        "{number} was closed while it fired: muted until it clears",
        "{number} 在告警期间被关闭：恢复前不再提醒",
        "{number} 在告警期間被關閉：恢復前不再提醒",
    ),
    (
        "unmuted",
        "it has cleared: the next firing is told again",
        "告警已恢复：再次告警时将重新提醒",
        "告警已恢復：再次告警時將重新提醒",
    ),
    (
        "closed-firing",
        "{count} of its alerts still fire; nothing is told of them until all have ended",
        "仍有 {count} 条告警未恢复；全部恢复之前不再提醒",
        "仍有 {count} 則告警未恢復；全部恢復之前不再提醒",
    ),
    (
        "stale",
        "no word of {alert} on {target} since {since}; whether it still fires nobody knows",
        "自 {since} 起未再收到 {target} 的 {alert} 告警；是否仍在告警不得而知",
        "自 {since} 起未再收到 {target} 的 {alert} 告警；是否仍在告警不得而知",
    ),
    ("heard-again", "there is word of {alert} again", "又收到 {alert} 的告警", "又收到 {alert} 的告警"),
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
    (
        "group-mail",
        "a mail of the Alertmanager {monitor} about its group {group}",
        "Alertmanager {monitor} 关于其告警组 {group} 的邮件",
        "Alertmanager {monitor} 關於其告警群組 {group} 的郵件",
    ),
    (
        "group-mail-known",
        "the alerts of the group are on this ticket",
        "该组告警已在此工单中",
        "該群組告警已在此工單中",
    ),
    (
        "group-mail-first",
        "no webhook has told of the group yet: its alerts will join this ticket",
        "尚未收到该组的 webhook：其告警到达后并入此工单",
        "尚未收到該群組的 webhook：其告警到達後併入此工單",
    ),
    (
        "group-mail-nameless",
        "an Alertmanager sent it, and it names no group, as without threading: taken as any other mail",
        "由 Alertmanager 发出，但未指明告警组（未开启 threading）：按普通邮件处理",
        "由 Alertmanager 發出，但未指明告警群組（未開啟 threading）：依一般郵件處理",
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
