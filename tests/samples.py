"""A small desk for tests: its rulebook, its people, and reports to lay before it.

Alice, Bob and Carol report; Li and Wang are engineers of the network team, Zhao of the hardware team; Chen leads both;
Mallory is nobody's friend. It is Monday morning, 23 November 2026, 10:00 in Shanghai.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

from immutables import Map

from rules.facts import Facts
from rules.people import Person, Staff
from rules.report import Address, Alert, Mail
from rules.rulebook import Rulebook
from rules.token import TokenKeys

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

ALICE, BOB, CAROL, DAVE = (f"{name}@corp.example" for name in ("alice", "bob", "carol", "dave"))
MALLORY = "mallory@evil.example"
LI, WANG, ZHAO, CHEN, DING = (f"{name}@desk.example" for name in ("li", "wang", "zhao", "chen", "ding"))

RULEBOOK_TEXT = """
name = "small"
language = "en"
timezone = "Asia/Shanghai"
desk_team = "desk"

[calendars.office]
timezone = "Asia/Shanghai"
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]

[teams.desk]
[teams.network]
[teams.hardware]

[categories.network]
team = "network"
words = { vpn = 3, "网络" = 3, down = 1 }
[categories.hardware]
team = "hardware"
skill = "printers"
words = { printer = 3, "打印机" = 3 }
[categories.other]
team = "desk"

[classification]
threshold = 2
otherwise = "other"
[classification.kinds.request]
words = { "please install" = 3 }

[priority]
levels = ["P1", "P2", "P3", "P4"]
[priority.matrix]
large = { high = "P1", medium = "P2", low = "P3" }
medium = { high = "P2", medium = "P3", low = "P4" }
small = { high = "P3", medium = "P4", low = "P4" }
[priority.impact]
large = { people = 10, words = { "the whole company" = 1 } }
medium = { people = 4 }
[priority.urgency]
high = { words = { urgent = 1 } }

[[clocks]]
name = "response"
stops = "responded"
limit = { P1 = "30m", P2 = "1h", P3 = "4h", P4 = "8h" }
[[clocks]]
name = "resolution"
stops = "resolved"
limit = { P1 = "2h", P2 = "4h", P3 = "24h", P4 = "3wd" }
calendar = "office"
pauses_while_waiting = true
[[clocks]]
name = "progress"
stops = "resolved"
repeats = true
pauses_while_waiting = true
limit = { P1 = "2h" }

[repeats]
window = "24h"
same_requester = 0.4
other_people = 0.6
again = ["again", "still", "又", "还是"]
thanks = ["thanks", "谢谢"]

[alerts]
reopen_window = "24h"
resolve_hold = "0m"
[alerts.severities]
critical = { impact = "large", urgency = "high" }
warning = { impact = "medium", urgency = "medium" }

[[escalations]]
name = "second-repeat"
on = "repeat"
count = 2
raises = 1
tell = ["assignee", "lead"]
[[escalations]]
name = "third-repeat"
on = "repeat"
count = 3
raises = 1
tell = ["assignee", "lead"]
[[escalations]]
name = "late-response"
on = "overdue"
clock = "response"
raises = 1
tell = ["assignee", "lead"]
[[escalations]]
name = "late-resolution"
on = "overdue"
clock = "resolution"
raises = 1
tell = ["lead", "manager"]
[[escalations]]
name = "second-reopening"
on = "reopened"
count = 2
tell = ["manager"]
"""


def rulebook_with(text: str) -> Rulebook:
    """The small rulebook with some more tables."""
    return Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT + text))


RULEBOOK = rulebook_with("")
#: For tests that open very many tickets at once.
WITHOUT_STORMS = rulebook_with("[alerts.storm]\ntickets = 0\n")

PEOPLE = (
    Person(address=LI, name="Li Na", teams=("network",)),
    Person(address=WANG, name="Wang Wei", teams=("network",)),
    Person(address=ZHAO, name="Zhao Lei", teams=("hardware",), skills=frozenset({"printers"})),
    Person(address=CHEN, name="Chen Jing", role="lead", teams=("network", "hardware", "desk")),
    Person(address=DING, name="Ding Yi", role="manager"),
)
STAFF = Staff(people=Map({person.address: person for person in PEOPLE}), known=frozenset({"@corp.example"}))
KEYS = TokenKeys("k1", Map({"k1": b"a secret of the tests, 32 bytes."}))
FACTS = Facts(staff=STAFF, keys=KEYS, domain="desk.example", next_serial=("2026-11", 1))

VPN_SUBJECT, VPN_TEXT = "VPN is down", "The VPN gateway does not answer since nine o'clock."


def a_mail(
    sender: str | None = ALICE, subject: str = VPN_SUBJECT, text: str = VPN_TEXT, *, n: int = 1, **more: Any
) -> Mail:
    """A mail in the mailbox `support`; `n` tells mails apart."""
    given: dict[str, Any] = {
        "source": "support",
        "key": f"9.{n}",
        "received_at": NOW,
        "message_id": f"<{n}@mail.example>",
        "sender": Address(sender, sender.partition("@")[0].title()) if sender else None,
        "subject": subject,
        "text": text,
        "full_text": text,
        "language": "en",
        "content_key": f"content {n}",
    }
    return Mail(**given | more)


def an_alert(
    status: str = "firing", *, name: str = "DiskFull", host: str = "db1", minute: int = 0, **more: Any
) -> Alert:
    """An alert of the source `prod` about one host; `minute` is when its episode started, counted from now."""
    starts_at = NOW + minute * MINUTE
    given: dict[str, Any] = {
        "source": "prod",
        "key": f"{name} {host} {minute} {status}",
        "received_at": NOW,
        "status": status,
        "fingerprint": f"{name} {host}",
        "starts_at": starts_at,
        "ends_at": starts_at + MINUTE if status == "resolved" else None,
        "labels": Map(alertname=name, severity="warning", job="node", instance=host),
        "annotations": Map(summary=f"{name} on {host}"),
    }
    return Alert(**given | more)
