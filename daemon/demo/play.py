"""The working day that the demo plays, as data, with what should come of it."""

from __future__ import annotations

from dataclasses import replace

from daemon.demo.people import EMMA, FANG, HE, JING, PEI, QIANG, REED, TAO, WEI, YANG, ZHAO, ZHIHAO
from daemon.demo.script import AlertState, AlertStep, Answering, Expected, ExpectedLetter, MailStep, Scene

CHECKOUT_1 = AlertState(
    alertname="HighErrorRate",
    instance="web-1",
    service="checkout",
    severity="critical",
    summary="12 % of all checkout requests fail with an internal server error",
)
CHECKOUT_2 = replace(CHECKOUT_1, instance="web-2")
WATCHDOG = AlertState(
    alertname="Watchdog", instance="prometheus", service="monitoring", severity="none", summary="Alerting works"
)

THREE_LANGUAGES = Scene(
    "Three people write, each in their own language",
    (
        MailStep(
            name="printer",
            sender=FANG,
            subject="三楼打印机又卡纸了",
            text="您好，\n\n三楼财务室的打印机卡纸，重启以后还是没反应，没法打印发票。\n\n谢谢，\n王芳",
            expected=Expected(
                verdicts=("opened",),
                ticket="printer",
                category="hardware",
                letters=(ExpectedLetter("receipt", FANG, "zh-CN"), ExpectedLetter("assigned", ZHAO, "zh-CN")),
            ),
        ),
        MailStep(
            name="password",
            sender=ZHIHAO,
            subject="帳號被鎖定，無法登入",
            text="您好，\n\n我的帳號今天早上被鎖定，密碼輸入三次都錯誤，現在無法登入系統，麻煩協助解鎖。\n\n林志豪",
            expected=Expected(
                verdicts=("opened",),
                ticket="password",
                category="account",
                letters=(ExpectedLetter("receipt", ZHIHAO, "zh-TW"), ExpectedLetter("assigned", HE, "zh-CN")),
            ),
        ),
        MailStep(
            name="excel",
            sender=EMMA,
            subject="Excel crashes when I open the budget",
            text="Hello,\n\nsince this morning Excel crashes as soon as I open the budget for next year.\n"
            "It is urgent, the board meets today.\n\nKind regards\nEmma",
            expected=Expected(
                verdicts=("opened",),
                ticket="excel",
                category="software",
                priority="P3",
                letters=(ExpectedLetter("receipt", EMMA, "en"), ExpectedLetter("assigned", REED, "en")),
            ),
        ),
    ),
)

REPLIES = Scene(
    "One answers her receipt, one is out of office",
    (
        MailStep(
            name="excel-more",
            sender=EMMA,
            text="One more thing: other workbooks open without trouble.",
            answering=Answering("excel", "receipt"),
            expected=Expected(verdicts=("appended",), ticket="excel", letters=(ExpectedLetter("message", REED, "en"),)),
        ),
        MailStep(
            name="out-of-office",
            sender=FANG,
            subject="自动回复：我正在休假",
            text="您好，我本周休假，下周一回复您的邮件。",
            answering=Answering("printer", "receipt"),
            automatic=True,
            expected=Expected(verdicts=("ignored",)),
        ),
    ),
)

OUTAGE = Scene(
    "An outage: four people report the same, and each further repeat raises it",
    (
        MailStep(
            name="vpn",
            sender=WEI,
            subject="VPN 连不上",
            text="今天早上开始 VPN 连不上，一直提示网关超时，无法访问内网。",
            expected=Expected(
                verdicts=("opened",),
                ticket="vpn",
                category="network",
                letters=(ExpectedLetter("receipt", WEI, "zh-CN"), ExpectedLetter("assigned", QIANG, "zh-CN")),
            ),
        ),
        MailStep(
            name="vpn-2",
            sender=YANG,
            subject="VPN 无法连接",
            text="VPN 连不上，提示网关超时，请看看。",
            expected=Expected(
                verdicts=("repeated",),
                ticket="vpn",
                letters=(ExpectedLetter("receipt", YANG, "zh-CN"), ExpectedLetter("repeated", QIANG, "zh-CN")),
            ),
        ),
        MailStep(
            name="vpn-3",
            sender=JING,
            subject="VPN 连不上，网关超时",
            text="我在家办公，VPN 连不上，提示网关超时。",
            expected=Expected(
                verdicts=("repeated",),
                ticket="vpn",
                letters=(
                    ExpectedLetter("receipt", JING, "zh-CN"),
                    ExpectedLetter("repeated", QIANG, "zh-CN"),
                    ExpectedLetter("escalated", TAO, "zh-CN"),
                ),
            ),
        ),
        MailStep(
            name="vpn-4",
            sender=PEI,
            subject="VPN 連不上",
            text="您好，VPN 連不上，一直顯示閘道逾時，無法連線到內網。",
            expected=Expected(
                verdicts=("repeated",),
                ticket="vpn",
                letters=(
                    ExpectedLetter("receipt", PEI, "zh-TW"),
                    ExpectedLetter("repeated", QIANG, "zh-CN"),
                    ExpectedLetter("escalated", TAO, "zh-CN"),
                ),
            ),
        ),
    ),
)

WORK = Scene(
    "The engineers answer by mail",
    (
        MailStep(
            name="excel-answer",
            sender=REED,
            text="Please start Excel in safe mode (hold Ctrl while you open it) and tell me whether it still crashes.",
            answering=Answering("excel", "assigned"),
            expected=Expected(verdicts=("appended",), ticket="excel", letters=(ExpectedLetter("answer", EMMA, "en"),)),
        ),
        MailStep(
            name="vpn-solved",
            sender=QIANG,
            text="!解决 VPN 网关已重启，证书已更新，请重新连接。",
            answering=Answering("vpn", "assigned"),
            expected=Expected(
                verdicts=("command",),
                ticket="vpn",
                status="resolved",
                letters=(
                    ExpectedLetter("resolved", WEI, "zh-CN"),
                    ExpectedLetter("over", YANG, "zh-CN"),
                    ExpectedLetter("over", JING, "zh-CN"),
                    ExpectedLetter("over", PEI, "zh-TW"),
                    ExpectedLetter("transcript", QIANG, "zh-CN"),
                ),
            ),
        ),
    ),
)

SOLVED = Scene(
    "It helped",
    (
        MailStep(
            name="excel-solved",
            sender=REED,
            text="!resolve A broken add-in was removed; Excel opens the budget.",
            answering=Answering("excel", "message"),
            expected=Expected(
                verdicts=("command",),
                ticket="excel",
                status="resolved",
                letters=(ExpectedLetter("resolved", EMMA, "en"), ExpectedLetter("transcript", REED, "en")),
            ),
        ),
        MailStep(
            name="vpn-thanks",
            sender=WEI,
            text="好了，谢谢！",
            answering=Answering("vpn", "resolved"),
            expected=Expected(
                verdicts=("appended",),
                ticket="vpn",
                status="resolved",
                letters=(ExpectedLetter("rating", WEI, "zh-CN"), ExpectedLetter("message", QIANG, "zh-CN")),
            ),
        ),
    ),
)

RATED = Scene(
    "Its ticket closes when he has said how satisfied he is",
    (
        MailStep(
            name="vpn-rated",
            sender=WEI,
            text="非常满意",
            answering=Answering("vpn", "rating"),
            expected=Expected(
                verdicts=("appended",),
                ticket="vpn",
                status="closed",
                letters=(ExpectedLetter("message", QIANG, "zh-CN"),),
            ),
        ),
    ),
)

ALERTS = Scene(
    "Alertmanager: two hosts fire, one ticket",
    (
        AlertStep(
            name="checkout",
            remark="fires on two hosts; the Watchdog is only a heartbeat",
            alerts=(CHECKOUT_1, CHECKOUT_2, WATCHDOG),
            expected=Expected(
                verdicts=("opened", "appended", "ignored"),
                ticket="checkout",
                category="software",
                priority="P1",
                letters=(ExpectedLetter("assigned", REED, "en"),),
            ),
        ),
        AlertStep(
            name="checkout-again",
            remark="the same state once more, as Alertmanager does every few hours",
            alerts=(CHECKOUT_1, CHECKOUT_2),
            expected=Expected(verdicts=("seen again", "seen again"), ticket="checkout"),
        ),
        AlertStep(
            name="checkout-half",
            remark="one host is well again",
            alerts=(replace(CHECKOUT_1, status="resolved"), CHECKOUT_2),
            expected=Expected(verdicts=("resolved", "seen again"), ticket="checkout"),
        ),
        AlertStep(
            name="checkout-refire",
            remark="and fires anew: a repeat",
            alerts=(replace(CHECKOUT_1, episode=2),),
            expected=Expected(
                verdicts=("repeated",), ticket="checkout", letters=(ExpectedLetter("repeated", REED, "en"),)
            ),
        ),
        AlertStep(
            name="checkout-over",
            remark="both are well: the last episode is over",
            alerts=(
                replace(CHECKOUT_1, episode=2, status="resolved"),
                replace(CHECKOUT_2, status="resolved"),
            ),
            expected=Expected(
                verdicts=("resolved", "resolved"),
                ticket="checkout",
                status="closed",
                letters=(ExpectedLetter("over", REED, "en"),),
            ),
        ),
    ),
)

PLAY = (THREE_LANGUAGES, REPLIES, OUTAGE, WORK, SOLVED, RATED, ALERTS)

#: How many rungs the day takes: the second and the third repeat of the outage.
ESCALATIONS = 2
