"""Which mails hand another one on."""

from __future__ import annotations

from email import message_from_string
from typing import TYPE_CHECKING

import pytest

from ingest.mail.body import read_body
from ingest.replies.forwards import forward_of

if TYPE_CHECKING:
    from rules.report import Forward

GMAIL = """See below, please.

---------- Forwarded message ---------
From: Grace Hopper <grace@customer.example>
Date: Fri, Nov 20, 2026 at 9:00 AM
Subject: The gateway is down
To: Ada <ada@corp.example>

It blinks red."""
OUTLOOK = """请处理。

发件人: 王芳 <wang@customer.example>
发送时间: 2026年11月20日 9:00
收件人: 张伟
主题: 网关不通

红灯闪烁。"""
QQ = """------------------ 原始邮件 ------------------
发件人: "王芳" <wang@customer.example>;
发送时间: 2026年11月20日(星期五) 上午9:00
收件人: "张伟"<zhang@corp.example>;
主题: 网关不通

红灯闪烁。"""
ATTACHED = """Please see the attached mail.
--b
Content-Type: message/rfc822

From: Grace Hopper <grace@customer.example>
Subject: The gateway is down

It blinks red.
--b--
"""


def told(subject: str, text: str) -> Forward | None:
    message = message_from_string(f"Content-Type: text/plain; charset=utf-8\n\n{text}")
    return forward_of(message, subject, text)


def told_attached(subject: str) -> Forward | None:
    head = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
    message = message_from_string(head + ATTACHED)
    return forward_of(message, subject, read_body(message).text)


@pytest.mark.parametrize(
    ("subject", "text", "origin"),
    [
        pytest.param("Fwd: The gateway is down", GMAIL, "Grace Hopper <grace@customer.example>", id="Gmail"),
        pytest.param("The gateway is down", GMAIL, "Grace Hopper <grace@customer.example>", id="a prefix deleted"),
        pytest.param("转发: 网关不通", OUTLOOK, "王芳 <wang@customer.example>", id="Outlook in Chinese"),
        pytest.param("转发：网关不通", QQ, '"王芳" <wang@customer.example>', id="QQ"),
        pytest.param("WG: Gateway", "Bitte ansehen.", "", id="a prefix and nothing quoted"),
        pytest.param(
            "网关", "见下\n\n----------转发的邮件----------\n发件人：王芳", "王芳", id="a Chinese mark without a prefix"
        ),
        pytest.param(
            "Gateway",
            "Begin forwarded message:\n\nFrom: Grace\nSubject: Gateway\nDate: 20 November 2026\nTo: Ada\n\nRed.",
            "Grace",
            id="Apple",
        ),
    ],
)
def test_a_forward_is_known_with_whom_it_names(subject: str, text: str, origin: str) -> None:
    forward = told(subject, text)
    assert forward is not None
    assert (forward.origin, bool(forward.sign)) == (origin, True)


@pytest.mark.parametrize("subject", ["Fwd: The gateway", "The gateway"])
def test_a_mail_attached_is_a_forward_and_tells_its_sender(subject: str) -> None:
    forward = told_attached(subject)
    assert forward is not None
    assert forward.origin == "Grace Hopper <grace@customer.example>"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        pytest.param("Re: The gateway", "It blinks green now.", id="an answer"),
        pytest.param("Re: Fwd: The gateway", GMAIL, id="an answer to a forward"),
        pytest.param("回复：转发：网关不通", QQ, id="an answer to a forward in Chinese"),
        pytest.param("网关不通", QQ, id="an answer whose prefix was deleted"),
        pytest.param("Gateway", "The forwarded message never arrived.", id="words about a forwarded message"),
        pytest.param("Forwarding", "How do I forward my mail?", id="a question about forwarding"),
        pytest.param(
            "Gateway",
            "Red.\n\nOn Fri, Nov 20, 2026 at 9:00 AM Desk <d@d.example> wrote:\n\n> ---- Forwarded message ----\n> Hi",
            id="an answer that quotes a forward",
        ),
    ],
)
def test_other_mail_is_no_forward(subject: str, text: str) -> None:
    assert told(subject, text) is None


def test_an_answer_with_a_mail_attached_is_no_forward() -> None:
    assert told_attached("Re: The gateway") is None


def test_what_a_forward_names_as_its_sender_is_short() -> None:
    forward = told("Fwd: x", f"---------- Forwarded message ---------\nFrom: {'a' * 5000}")
    assert forward is not None
    assert len(forward.origin) == 200
