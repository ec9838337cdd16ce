"""Why a letter is not sent, or not to this address.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    (
        "flood",
        "the sender opened {count} tickets within {window}: this report is kept with them",
        "发件人在 {window}内登记了 {count} 个工单：本次来信并入其中",
        "寄件人在 {window}內建立了 {count} 個工單：本次來信併入其中",
    ),
    (
        "flooded",
        "it opened {count} tickets in a short time; this ticket takes what else it sends for now",
        "短时间内登记了 {count} 个工单，其余来信暂时并入本工单",
        "短時間內建立了 {count} 個工單，其餘來信暫時併入本工單",
    ),
    (
        "held-own",
        "{address} is an address of this desk",
        "{address} 是服务台自己的地址",
        "{address} 是服務台自己的地址",
    ),
    (
        "held-machine",
        "{address} is a machine's address: nobody reads what is sent to it",
        "{address} 是机器使用的地址，没有人阅读发往它的邮件",
        "{address} 是機器使用的地址，沒有人閱讀寄給它的信",
    ),
    (
        "held-hour",
        "{address} was answered {count} times by itself in the last hour: it may be a machine",
        "最近一小时已自动答复 {address} {count} 次，对方可能是机器",
        "最近一小時已自動答覆 {address} {count} 次，對方可能是機器",
    ),
    (
        "held-day",
        "{address} was answered {count} times by itself in 24 hours: it may be a machine",
        "24 小时内已自动答复 {address} {count} 次，对方可能是机器",
        "24 小時內已自動答覆 {address} {count} 次，對方可能是機器",
    ),
    (
        "held-resting",
        "{address} rests since {since}: {count} letters came back for good",
        "{address} 自 {since} 起暂停发送：已有 {count} 封邮件被永久退回",
        "{address} 自 {since} 起暫停寄送：已有 {count} 封信被永久退回",
    ),
    (
        "rests",
        "{count} letters came back for good: nothing is sent there for {rest}, or until a mail proves that it works",
        "已有 {count} 封邮件被永久退回：{rest} 内不再向它发信，直到收到它的来信为止",
        "已有 {count} 封信被永久退回：{rest} 內不再寄信給它，直到收到它的來信為止",
    ),
    (
        "held-week",
        "{address} was answered {count} times by itself on this ticket in seven days: it may be a machine",
        "7 天内已就本工单自动答复 {address} {count} 次，对方可能是机器",
        "7 天內已就本工單自動答覆 {address} {count} 次，對方可能是機器",
    ),
    (
        "held-ticket",
        "{address} got {count} letters about this ticket in 24 hours",
        "24 小时内已就本工单给 {address} 发了 {count} 封邮件",
        "24 小時內已就本工單寄給 {address} {count} 封信",
    ),
    (
        "held-news",
        "{address} was told of {count} mails on this ticket in the last hour; the ticket has all of them",
        "最近一小时已就本工单向 {address} 转达 {count} 次来信，其余来信请看工单",
        "最近一小時已就本工單向 {address} 轉達 {count} 次來信，其餘來信請看工單",
    ),
)
