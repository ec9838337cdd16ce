"""What the fuzzing starts from: small mails and webhook bodies of every kind that is read in a way of its own."""

from __future__ import annotations

import json
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from tests.servers.desk import ADDRESS, compose_alert, compose_notification

if TYPE_CHECKING:
    from collections.abc import Mapping

ALICE, LIN, CHEN = "Alice Moore <alice@corp.example>", "林小雨 <lin@corp.example>", "陳美惠 <chen@corp.example>"
VPN = "The VPN gateway does not answer since nine o'clock.\nIt is urgent, the whole floor waits.\n"
PRINTER = "三楼的打印机卡纸了，打不出来，麻烦尽快处理。\n谢谢\n"
SCREEN = "會議室的投影機沒有畫面，請派人協助處理。\n"
GREEN_PIXEL = bytes.fromhex("474946383961010001008000000000ff00ffffff2c00000000010001000002024401003b")


def own_mails() -> tuple[bytes, ...]:
    """One mail of each kind, always the same bytes."""
    return (*_languages(), *_multiparts(), *_replies(), *_automatic(), *_bounces(), *_odd())


def own_bodies() -> tuple[bytes, ...]:
    """Notifications of Alertmanager and of those that send nearly the same."""
    firing, resolved = compose_alert("DiskFull", "db1"), compose_alert("DiskFull", "db2", status="resolved")
    described = firing | {
        "annotations": {"summary": "磁盘将满", "description": "<b>90%</b> of /var", "runbook_url": "x"}
    }
    without = {key: value for key, value in firing.items() if key not in {"fingerprint", "endsAt", "generatorURL"}}
    reason = json.loads(compose_notification([firing])) | {"notification_reason": "new alerts added"}
    grafana = json.loads(
        compose_notification([firing | {"values": {"A": 91.5}, "silenceURL": "", "valueString": "[ ]"}])
    )
    return (
        compose_notification([firing]),
        compose_notification([firing, resolved]),
        compose_notification([described, compose_alert("HostGone", "web9", severity="critical")]),
        compose_notification([without]),
        json.dumps(reason).encode(),
        json.dumps(grafana | {"title": "[FIRING:1]", "orgId": 1, "state": "alerting"}, ensure_ascii=False).encode(),
    )


def _mail(
    sender: str, subject: str, text: str, charset: str = "utf-8", headers: Mapping[str, str] | None = None
) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, ADDRESS, subject
    mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 10:00:00 +0800", f"<{len(text)}.{len(subject)}@corp.example>"
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text, charset=charset)
    return mail


def _raw(*headers: str, body: bytes) -> bytes:
    return "\r\n".join((*headers, "", "")).encode() + body.replace(b"\n", b"\r\n")


def _languages() -> tuple[bytes, ...]:
    old = Header("打印机坏了", "gb2312").encode()
    traditional = Header("投影機沒有畫面", "big5").encode()
    return (
        _mail(ALICE, "VPN is down", VPN).as_bytes(),
        _mail(LIN, "打印机坏了", PRINTER).as_bytes(),
        _mail(CHEN, "投影機沒有畫面", SCREEN).as_bytes(),
        _mail(LIN, "打印机坏了", PRINTER, "gb18030").as_bytes(),
        _raw(
            "From: =?gb2312?B?wdbQodPq?= <lin@corp.example>",
            f"To: {ADDRESS}",
            f"Subject: {old}",
            "Message-ID: <gb@corp.example>",
            "Content-Type: text/plain; charset=gb2312",
            "Content-Transfer-Encoding: 8bit",
            body=PRINTER.encode("gb18030"),
        ),
        _raw(
            f"From: =?big5?Q?=B3=AF?= <chen@corp.example>\r\nTo: {ADDRESS}\r\nSubject: Re: {traditional}",
            "Content-Type: text/plain; charset=big5",
            body=SCREEN.encode("big5"),
        ),
    )


def _multiparts() -> tuple[bytes, ...]:
    attached = _mail(ALICE, "Screenshot of the error", VPN)
    attached.add_alternative("<p>The <b>VPN</b> is down.</p><script>x()</script><img src='cid:1'>", subtype="html")
    attached.add_attachment(GREEN_PIXEL, maintype="image", subtype="gif", filename="错误截图.gif")
    related = _mail(LIN, "表格打不开", PRINTER)
    related.add_alternative("<html><body><table><tr><td>打不开</td></tr></table></body></html>", subtype="html")
    related.get_payload()[1].add_related(GREEN_PIXEL, "image", "gif", cid="<1>")  # type: ignore[index,union-attr]
    forwarded = _mail(ALICE, "Fwd: printer", "Please see below.\n")
    forwarded.add_attachment(_mail(LIN, "打印机坏了", PRINTER))
    html = _mail(ALICE, "Only HTML", "x")
    html.set_content(f"<div>{'<blockquote>' * 5}{VPN}</div><style>p {{ }}</style>", subtype="html")
    return tuple(mail.as_bytes() for mail in (attached, related, forwarded, html))


def _replies() -> tuple[bytes, ...]:
    thread = {"In-Reply-To": "<root@desk.example>", "References": "<root@desk.example> <2@desk.example>"}
    quotes = {
        "Re: [HD-202611-0001] VPN is down": "Still broken.\n\nOn Mon, 23 Nov 2026 at 10:00, "
        f"IT Service Desk <{ADDRESS}>\nwrote:\n\n> We are on it.\n>> The VPN gateway\n",
        "RE: VPN is down": "The light is red.\n\n-----Original Message-----\nFrom: IT Service Desk\n"
        f"Sent: Monday\nTo: Alice\nSubject: VPN\n\n{VPN}",
        "回复：打印机坏了": "还是不行\n\n------------------ 原始邮件 ------------------\n"
        f'发件人: "服务台" <{ADDRESS}>;\n'
        f"发送时间: 2026年11月23日(星期一) 上午10:00\n主题: 打印机坏了\n\n{PRINTER}",
        "答复: 投影機": f"仍然沒有畫面\n\n在 2026年11月23日，上午10:00，服務台 <{ADDRESS}> 寫道：\n\n> {SCREEN}",
        "Aw: Drucker": f"Danke, geht.\n\nAm 23.11.26 um 10:00 schrieb IT Service Desk:\n> {VPN}\n-- \nAnna\n",
        "Re: please close": "!resolve replaced the cable\n\nSent from my iPhone\n\nBegin forwarded message:\n> x\n",
    }
    return tuple(_mail(ALICE, subject, text, headers=thread).as_bytes() for subject, text in quotes.items())


def _automatic() -> tuple[bytes, ...]:
    vacation = _mail(
        ALICE, "Automatic reply: VPN", "I am away until Friday.\n", headers={"Auto-Submitted": "auto-replied"}
    )
    chinese = _mail(LIN, "自动回复: 打印机", "您好，我正在休假。\n", headers={"X-Auto-Response-Suppress": "All"})
    listed = _mail(ALICE, "[all] News", VPN, headers={"List-Id": "<all.corp.example>", "Precedence": "bulk"})
    own = _mail(f"IT Service Desk <{ADDRESS}>", "[HD-1] VPN", VPN, headers={"X-Deskd-Instance": "desk.example"})
    return tuple(mail.as_bytes() for mail in (vacation, chinese, listed, own))


def _bounces() -> tuple[bytes, ...]:
    report = """--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.corp.example

Final-Recipient: rfc822; gone@corp.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: message/rfc822

From: support@desk.example
Message-ID: <letter.1@desk.example>
Subject: [HD-202611-0001] VPN is down

We are on it.
--b--
"""
    from_daemon = ("From: MAILER-DAEMON@mx.corp.example", f"To: {ADDRESS}", "Return-Path: <>")
    plain = (
        "Hi. This is the qmail-send program.\n\n<gone@corp.example>:\nno such user (#5.1.1)\n\n--- Below this line\n\n"
    )
    return (
        _raw(
            *from_daemon,
            "Subject: Undelivered Mail Returned to Sender",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            body=report.encode(),
        ),
        _raw(*from_daemon, "Subject: failure notice", body=(plain + "Message-ID: <letter.1@desk.example>\n").encode()),
        _raw(*from_daemon, "Subject: =?gb18030?B?zcvQxcztyvg=?=", body="退信原因: 550 用户不存在\n".encode("gb18030")),
    )


def _odd() -> tuple[bytes, ...]:
    """What is no proper mail to begin with."""
    return (
        _raw(
            "From: a@corp.example, b@corp.example", "Subject: =?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", body=b"two senders\n"
        ),
        _raw("Subject: no sender", "Content-Type: multipart/mixed; boundary=", body=b"--\n\nno boundary\n----\n"),
        _raw("from: <alice@xn--fiqs8s.example>", "subject: x\r\n\ty", body=b"begin 644 a.txt\n#86)C\n`\nend\n"),
        b"no header at all\r\n",
    )
