"""The demo on a terminal: one line for whatever happens, a colour for each kind, columns that hold Chinese too."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from daemon.demo.people import DESK, name_of
from daemon.demo.smtp_server import LOOPBACK, Delivered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import EmailMessage

    from daemon.demo.reckoning import Reckoning
    from daemon.demo.records import Entry, Escalation, Written
    from daemon.demo.script import AlertStep
    from daemon.demo.stage import Stage

_COLOURS = {
    "mail": "cyan",
    "alert": "magenta",
    "letter": "bright_black",
    "opened": "green",
    "appended": "blue",
    "command": "blue",
    "seen again": "bright_black",
    "repeated": "yellow",
    "reopened": "yellow",
    "escalated": "bold red",
    "resolved": "green",
    "ignored": "bright_black",
    "bounce": "red",
    "quarantined": "bold red",
}
_MARKS = {"mail": "▸", "alert": "▸", "letter": "◂", "escalated": "▲"}
#: Without a terminal lines are as long as they are, up to here.
_WIDE = 160


class Screen:
    """Prints what happens, as it happens."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, folder: Path) -> None:
        """Say what will be played and where."""
        self._console.print(Text("deskd demo", style="bold"), Text("a short working day on loopback", style="dim"))
        self._console.print(Text(f"a real IMAP server, an SMTP server and the daemon start in {folder}", style="dim"))

    def scene(self, title: str) -> None:
        """A scene begins."""
        self._console.print()
        self._console.print(Rule(Text(title, style="bold"), align="left", style="bright_black"))

    def mail(self, message: EmailMessage) -> None:
        """A mail to the desk arrives."""
        sender = message["From"].addresses[0] if message["From"] and message["From"].addresses else None
        who = (sender.display_name or sender.addr_spec) if sender else "nobody"
        self._line("mail", who, Text(str(message["Subject"] or "")))

    def notification(self, step: AlertStep) -> None:
        """Alertmanager posts a notification."""
        alerts = ", ".join(f"{alert.alertname} {alert.instance} {alert.status}" for alert in step.alerts)
        self._line("alert", "Alertmanager", Text.assemble(alerts, (f"  {step.remark}", "dim")))

    def decided(self, verdict: str, entry: Entry | None, reason: str) -> None:
        """The daemon has decided a report: what became of it, and why."""
        ticket = entry.ticket if entry else None
        facts = f"{ticket.category} · {ticket.priority} · {name_of(ticket.assignee or ticket.team)}" if ticket else ""
        self._line(verdict, ticket.number if ticket else "", Text(facts))
        if reason:
            self._row("", "", "", Text(reason, style="dim"), wraps=True)

    def escalated(self, escalation: Escalation) -> None:
        """A rung was taken."""
        self._line("escalated", escalation.ticket, Text(escalation.reason, style="red"))

    def letter(self, letter: Delivered, written: Written | None) -> None:
        """A letter has arrived."""
        what = f"{written.template} {written.language}" if written else ""
        subject = str(letter.message["Subject"] or "")
        self._line("letter", name_of(letter.recipient), Text.assemble(f"{what:<17}", (subject, "dim")))

    def end(self, reckoning: Reckoning, seconds: float) -> None:
        """The sums of the day, and what did not come out."""
        self.scene("The day in numbers")
        sums = (
            Text.assemble((f"{count} ", "bold"), (f"{name}   ", "dim"))
            for name, count in asdict(reckoning.totals).items()
        )
        self._console.print(Text.assemble(*sums))
        self._verdict(reckoning, seconds)

    def where_to_look(self, lines: Iterable[tuple[str, str]]) -> None:
        """What a visitor can look at and try."""
        self.scene("It stays up: look around, Ctrl-C ends it")
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for what, where in lines:
            table.add_row(what, Text(where))
        self._console.print(table)

    def trouble(self, text: str) -> None:
        """Something failed that should not."""
        self._console.print(Text(text, style="bold red"))

    def note(self, text: str) -> None:
        """A quiet remark."""
        self._console.print(Text(text, style="dim"))

    def _verdict(self, reckoning: Reckoning, seconds: float) -> None:
        count = len(reckoning.expectations)
        if not reckoning.missed:
            kept = Text(f"all {count} expectations were met", style="green")
            self._console.print(Text.assemble(kept, (f" in {seconds:.1f} s", "dim")))
            return
        self._console.print(Text(f"{len(reckoning.missed)} of {count} expectations were missed:", style="bold red"))
        for sentence in reckoning.missed:
            self._console.print(Text(f"  {sentence}", style="red"))

    def _line(self, kind: str, who: str, what: Text) -> None:
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        self._row(now, kind, who, what, wraps=False)

    def _row(self, at: str, kind: str, who: str, what: Text, *, wraps: bool) -> None:
        colour = _COLOURS.get(kind, "")
        row = Table.grid(padding=(0, 2), expand=self._console.is_terminal)
        row.add_column(width=8, style="bright_black")
        row.add_column(width=12, style=colour, no_wrap=True)
        row.add_column(width=13, no_wrap=True, overflow="ellipsis")
        row.add_column(ratio=1, no_wrap=not wraps, overflow="fold" if wraps else "ellipsis")
        row.add_row(at, f"{_MARKS.get(kind, ' ')} {kind}" if kind else "", who, what)
        self._console.print(row)


def make_console(*, quiet: bool) -> Console:
    """A console on standard output; `quiet` keeps it silent. Without a terminal there is no colour and more width."""
    if quiet or sys.stdout.isatty():
        return Console(quiet=quiet, highlight=False)
    return Console(width=_WIDE, highlight=False)


def places(stage: Stage) -> list[tuple[str, str]]:
    """Where a visitor looks, and how he sends a mail of his own."""
    port, config = stage.smtp_port, shlex.quote(str(stage.configuration))
    deskd = shlex.quote(sys.argv[0]) if Path(sys.argv[0]).name == "deskd" else f"{sys.executable} -m daemon"
    mail = f"From: you@corp.example\\nTo: {DESK}\\nSubject: My screen is black\\n\\nSince this morning."
    send = f"smtplib.SMTP('{LOOPBACK}', {port}).sendmail('you@corp.example', '{DESK}', '{mail}')"
    return [
        ("metrics", f"http://{stage.address}/metrics"),
        ("is it ready?", f"http://{stage.address}/-/ready"),
        ("letters", str(stage.letters)),
        ("log", str(stage.log)),
        ("tickets", f"{deskd} tickets -c {config}"),
        ("one of them", f"{deskd} tickets -c {config} show NUMBER"),
        ("write a mail", f"to {DESK} with any mail program, by SMTP on {LOOPBACK}:{port}, or:"),
        ("", f'python3 -c "import smtplib; {send}"'),
    ]
