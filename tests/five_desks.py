"""One mail under every shipped rulebook, as `deskd explain --rulebook` tells it: the table of the README."""

from __future__ import annotations

import json
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Final

from daemon.__main__ import main

SHIPPED: Final = ("enterprise-itsm", "service-request", "first-contact", "group-operations", "desktop-events")

MAIL: Final = """\
From: Wang Fang <wang.fang@corp.example>
To: support@example.org
Subject: Printer on the third floor
Message-ID: <one-mail@corp.example>

The printer on the third floor jams with every page. Six colleagues cannot
print, and visitors are waiting at the counter.
"""

AT: Final = "2026-11-23T10:00"


def explain_under(rulebook: str, mail: Path, *more: str) -> str:
    """What `deskd explain` says of a mail under one rulebook, at ten on a Monday morning."""
    with redirect_stdout(StringIO()) as said:
        status = main(["explain", "--rulebook", rulebook, "--at", AT, *more, str(mail)])
    assert status == 0, said.getvalue()
    return said.getvalue()


def five_desks() -> str:
    """The Markdown table."""
    head = (
        "| rulebook | ticket | what it is | level | whose | promised at once | why |",
        "|---|---|---|---|---|---|---|",
    )
    with tempfile.TemporaryDirectory() as folder:
        mail = Path(folder) / "mail.eml"
        mail.write_text(MAIL)
        rows = [_row(each, explain_under(each, mail), explain_under(each, mail, "--json")) for each in SHIPPED]
    quoted = "\n".join(
        f"> {line}".rstrip() for line in MAIL.splitlines() if not line.startswith(("To:", "Message-ID:"))
    )
    return "\n".join((quoted, "", *head, *rows))


def _row(rulebook: str, text: str, told: str) -> str:
    decision = json.loads(told)["decisions"][0]
    lines = [line.strip() for line in text.splitlines()]
    opened = next(line for line in lines if line.startswith("opened: ticket "))
    cells = (
        f"`{rulebook}`",
        opened.removeprefix("opened: ticket ").split(",")[0],
        f"{decision['kind']}, {decision['category']}",
        decision["priority"],
        f"team {decision['team']}" + (f", line {opened.rpartition('line ')[2]}" if ", line " in opened else ""),
        _promised(lines),
        "; ".join(_grounds(decision)),
    )
    return f"| {' | '.join(cells)} |"


def _promised(lines: list[str]) -> str:
    limits = [line.partition(", by ")[0].replace(" within ", " ") for line in lines if " within " in line]
    asked = [f"asks for {line.partition('asked for: ')[2]}" for line in lines if line.startswith("waits for the ")]
    return "; ".join(filter(None, (", ".join(limits), *asked)))


def _grounds(decision: dict[str, Any]) -> list[str]:
    return [
        why.replace("|", "\\|")
        for why in decision["reasons"]
        if why.startswith((f"{decision['priority']}:", "urgency", "impact"))
    ]
