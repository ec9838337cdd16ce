"""The demo on a terminal: one line for whatever happens, a colour for each kind, columns that hold Chinese too."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from daemon.cli.layout import one_line
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
    "alert": "bright_magenta",
    "letter": "bright_black",
    "opened": "bold green",
    "appended": "bright_blue",
    "command": "bright_blue",
    "seen again": "bright_black",
    "repeated": "yellow",
    "reopened": "yellow",
    "escalated": "bold bright_red",
    "resolved": "green",
    "ignored": "bright_black",
    "bounce": "red",
    "quarantined": "bold red",
}
_MARKS = {"mail": "▸", "alert": "▸", "letter": "◂", "escalated": "▲"}
#: Columns of a name, and of everything before it.
_WHO = 14
_INDENT = 24
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
        addresses = message["From"].addresses if message["From"] else ()
        who = (addresses[0].display_name or addresses[0].addr_spec) if addresses else "nobody"
        self._line("mail", who, Text(one_line(str(message["Subject"] or "(no subject)"))))

    def notification(self, step: AlertStep) -> None:
        """Alertmanager posts a notification."""
        alerts = ", ".join(f"{alert.alertname} {alert.instance} {alert.status}" for alert in step.alerts)
        self._line("alert", "Alertmanager", Text(alerts))
        self._because(step.remark)

    def decided(self, verdict: str, entry: Entry | None, reason: str) -> None:
        """The daemon has decided a report: what became of it, and why."""
        ticket = entry.ticket if entry else None
        if ticket:
            facts = f"{ticket.category} · {ticket.priority} · {name_of(ticket.assignee or ticket.team)}"
        else:
            facts = entry.subject if entry else ""
        self._line(verdict, ticket.number if ticket else "", Text(one_line(facts)))
        self._because(reason)

    def escalated(self, escalation: Escalation) -> None:
        """A rung was taken."""
        self._line("escalated", escalation.ticket, Text(escalation.reason, style="bright_red"))

    def letter(self, letter: Delivered, written: Written | None) -> None:
        """A letter has arrived."""
        what = f"{written.template} {written.language}" if written else ""
        subject = one_line(str(letter.message["Subject"] or ""))
        self._line("letter", name_of(letter.recipient), Text.assemble(f"{what:<17} ", (subject, "dim")))

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
        """What a visitor can look at and try. Long commands stay on one line, so that they can be copied."""
        self.scene("It stays up: look around, Ctrl-C ends it")
        for what, where in lines:
            self._console.print(Text.assemble((f"{what:<15}", "dim"), where), soft_wrap=True)

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
        """One line: when, what kind, who, and as much of the rest as fits."""
        at = datetime.now().astimezone().strftime("%H:%M:%S")
        line = Text.assemble(
            (f"{at}  ", "bright_black"),
            (f"{_MARKS.get(kind, ' ')} {kind:<11} ", _COLOURS.get(kind, "")),
            f"{set_cell_size(one_line(who), _WHO)}  ",
            what,
        )
        line.truncate(self._console.width, overflow="ellipsis")
        self._console.print(line)

    def _because(self, reason: str) -> None:
        """The why, quietly, below what it is about."""
        if reason:
            self._console.print(Padding(Text(one_line(reason), style="dim"), (0, 0, 0, _INDENT), expand=False))


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
