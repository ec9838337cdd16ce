"""Two real daemons that answer each other through a relay that takes away what says that machines wrote."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from typing import TYPE_CHECKING

import pytest

from tests.servers.desk import ADDRESS, DeskProcess, compose_mail
from tests.servers.smtp import SmtpSink

if TYPE_CHECKING:
    from tests.servers.dovecot import DovecotServer, ServedMailbox

pytestmark = pytest.mark.slow

OTHER = "help@other.example"
STRIPPED = (
    "Auto-Submitted",
    "Precedence",
    "X-Auto-Response-Suppress",
    "X-Deskd-Instance",
    "In-Reply-To",
    "References",
)
#: Seconds without a mail after which it is quiet: both look every second.
QUIET = 6.0


@dataclass(slots=True)
class Relay:
    """Carries what one desk writes to the other one's mailbox."""

    sink: SmtpSink
    recipient: str
    mailbox: ServedMailbox
    seen: int = 0
    carried: list[float] = field(default_factory=list)

    def carry(self) -> None:
        new = self.sink.submissions[self.seen :]
        self.seen += len(new)
        for submission in new:
            if submission.recipients == (self.recipient,):
                message = message_from_bytes(submission.original, policy=SMTP)
                for name in STRIPPED:
                    del message[name]
                self.mailbox.deliver(message.as_bytes())
                self.carried.append(time.monotonic())


def test_two_daemons_fall_silent_after_at_most_five_mails_each_way(dovecot: DovecotServer) -> None:
    ours, theirs = dovecot.new_mailbox(), dovecot.new_mailbox()
    with SmtpSink() as our_sink, SmtpSink() as their_sink:
        one, other = DeskProcess(ours, smtp_port=our_sink.port), DeskProcess(theirs, smtp_port=their_sink.port)
        other.config.write_text(other.config.read_text().replace(ADDRESS, OTHER))
        there, back = Relay(our_sink, OTHER, theirs), Relay(their_sink, ADDRESS, ours)

        def is_quiet() -> bool:
            there.carry()
            back.carry()
            return bool(there.carried) and time.monotonic() - max(there.carried + back.carried) > QUIET

        with one, other:
            ours.deliver(compose_mail(OTHER, "VPN down", "The VPN is down.", message_id="<first@other.example>"))
            one.wait_for(is_quiet, 90)
            assert 1 <= len(there.carried) <= 5
            assert len(back.carried) <= 5
            assert len(one.rows("SELECT 1 FROM ledger")) == 1 + len(back.carried)
