"""What another library says of delivery reports that ours does not know."""

from __future__ import annotations

from email import message_from_bytes
from typing import TYPE_CHECKING

from ingest.machine_mail.second_opinion import Failure, second_opinion

if TYPE_CHECKING:
    import pytest

#: In a form that only its detectors know: qmail's, as a reseller has reworded it.
QMAIL = b"""\
From: MAILER-DAEMON@mx.example
To: support@desk.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<wang@corp.example>:
Sorry, no mailbox here by that name. (#5.1.1)
"""


def test_a_permanent_failure_is_named_with_its_recipient() -> None:
    assert second_opinion(message_from_bytes(QMAIL)) == Failure("wang@corp.example", hard=True)


def test_a_mail_on_which_its_detectors_fail_is_no_bounce_and_leaves_no_trace_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd = message_from_bytes("From: 王芳 <wang@corp.example>\n\nHello.\n".encode("gb18030"))
    assert second_opinion(odd) is None
    assert caplog.records == []
