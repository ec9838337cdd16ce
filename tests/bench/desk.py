"""The real daemon as it is measured: the shipped rulebook, a staff of twenty, SQLite with synchronous=FULL."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from tests.bench.process import Usage, usage_of
from tests.servers.desk import ADDRESS, TOKEN, DeskProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.dovecot import ServedMailbox

RULEBOOK = """\
name = "measured"
extends = "enterprise-itsm"

[letters] # every letter is judged, and none of a day that comes in seconds is held back or kept waiting
replies_per_hour = 1_000_000
replies_per_day = 1_000_000
receipts_per_ticket = 1_000_000
ticket_per_day = 1_000_000
news_per_hour = 1_000_000
staff_per_hour = 1_000_000
desk_per_hour = 1_000_000
"""
#: Every group of the corpus opens its ticket, however many come in a second.
NO_STORMS = """
[alerts.storm]
tickets = 0
"""
#: Where the people of the corpus write from; letters go only to those whom the desk knows.
REQUESTERS = ("@corp.example", "@example.org", "@mail.example.net")
TEAMS = ("service-desk", "hardware", "software", "accounts", "network")
PEOPLE_IN_A_TEAM = 4
SOURCE = "prod"
LOOK_SECONDS, LONGEST_WAIT = 0.1, 300.0


class MeasuredDesk(DeskProcess):
    """`deskd run` with one mailbox, a mail server at `smtp_port`, and webhooks."""

    def __init__(
        self, mailbox: ServedMailbox | None, smtp_port: int, *, database: str | None = None, storms: bool = False
    ) -> None:
        super().__init__(mailbox, smtp_port=smtp_port, database=database)
        tables = [
            _DESK.format(address=ADDRESS, port=self.port, source=SOURCE, token=TOKEN),
            f"[staff]\nknown = {json.dumps(REQUESTERS)}\n",
            f'[database]\nurl = "{database}"\n' if database else "",
            self._mailbox_table(mailbox, "") if mailbox else "",
            self._smtp_table(smtp_port),
            *(_person(team, number) for team in TEAMS for number in range(PEOPLE_IN_A_TEAM)),
        ]
        self.config.write_text("\n".join(tables))
        (self.base / "rulebook.toml").write_text(RULEBOOK if storms else RULEBOOK + NO_STORMS)

    def usage(self) -> Usage:
        """What the daemon and its children have used since its start."""
        assert self.child is not None
        return usage_of(self.child.pid)

    def wait_long_for(self, ready: Callable[[], bool]) -> None:
        """Wait until something is so, and look seldom: a look takes time from the daemon."""

        def look() -> bool:
            time.sleep(LOOK_SECONDS)
            return ready()

        self.wait_for(look, LONGEST_WAIT)

    def count(self, what: str) -> int:
        """The rows of a table, or of a table and its condition."""
        return int(self.rows(f"SELECT count(*) FROM {what}")[0][0])


_DESK = """\
[desk]
name = "IT Service Desk"
address = "{address}"
rulebook = "rulebook.toml"
state = "state"
senders_are_checked = true

[http]
webhooks = "127.0.0.1:{port}"

[[alertmanagers]]
name = "{source}"
token = "{token}"

[log]
format = "json"
"""


def _person(team: str, number: int) -> str:
    role = "lead" if number == 0 else "engineer"
    return (
        f'[[people]]\naddress = "{team}.{number}@desk.example"\nname = "Engineer {number} of {team}"\n'
        f'role = "{role}"\nteams = ["{team}"]\n'
    )
