"""A small rulebook in which everything is declared, and how to change one thing of it."""

from __future__ import annotations

WHOLE = """\
name = "small"
language = "en"
timezone = "Asia/Shanghai"
desk_team = "desk"

[numbers]
format = "{year}{month}-{serial}"
restart = "month"

[calendars.office]
timezone = "Asia/Shanghai"
mon = ["09:00-12:00", "13:30-18:00"]

[teams.desk]
[teams.network]

[categories.network]
team = "network"
[categories.network.words]
3 = ["vpn", "网络"]
[categories.other]
team = "desk"

[classification]
threshold = 2.0
otherwise = "other"

[priority]
levels = ["P1", "P2"]
by_kind = { question = "P2" }
[priority.matrix]
large = { high = "P1", medium = "P1", low = "P2" }
medium = { high = "P1", medium = "P2", low = "P2" }
small = { high = "P2", medium = "P2", low = "P2" }
[priority.impact.large]
people = 10
[priority.impact.medium]
people = 4

[[clocks]]
name = "response"
stops = "responded"
calendar = "office"
limit = { P1 = "30m", P2 = "4wh" }

[[clocks]]
name = "progress"
stops = "resolved"
limit = { P1 = "2h" }
repeats = true

[repeats]
window = "3d"

[alerts]
reopen_window = "4h"
[alerts.severities]
critical = { impact = "large", urgency = "high" }

[[escalations]]
name = "second-report"
on = "repeat"
count = 2
raises = 1

[[escalations]]
name = "late-response"
on = "overdue"
clock = "response"
tell = ["lead"]
"""


def changed(*changes: tuple[str, str]) -> str:
    """The rulebook with each first text replaced by the second; each must be there."""
    text = WHOLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text begins, from 1."""
    return text[: text.index(part)].count("\n") + 1
