"""What `deskd quarantine` shows."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from daemon.cli.layout import GAP, align, cut, fit, lines_of, one_line, terminal_width, write
from daemon.cli.ticket_views import View
from daemon.store.reports.quarantine import find_quarantined, list_quarantined
from ingest.mail.read import read_mail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from daemon.config.settings import Config
    from daemon.store.reports.quarantine import Quarantined
    from rules.report import Mail

TITLES = ("ID", "RECEIVED", "SOURCE", "FROM", "SUBJECT", "REASON")
SUBJECT_WIDTH, REASON_WIDTH = 40, 80
SHOWN_LINES = 20


def print_list(config: Config, *, as_json: bool) -> int:
    """Print what lies there; returns the exit status, 0."""
    view = View(config=config, as_json=as_json)
    with view.reading() as connection:
        entries = list_quarantined(connection)
    if as_json:
        write("".join(f"{_as_json(_entry_data(entry, view.zone))}\n" for entry in entries))
    elif not entries:
        write("nothing lies in quarantine\n")
    else:
        write("".join(f"{line}\n" for line in _list(entries, view.zone, terminal_width())))
    return 0


def print_entries(config: Config, ids: Sequence[int], *, as_json: bool) -> int:
    """Print each with how it begins; returns the exit status, 1 where one is not there."""
    view = View(config=config, as_json=as_json)
    status = 0
    with view.reading() as connection:
        for entry in ids:
            found = find_quarantined(connection, entry)
            if found is None:
                sys.stderr.write(f"{entry} is nothing that lies in quarantine\n")
                status = 1
            elif as_json:
                write(_as_json(_whole_data(found, config, view.zone)) + "\n")
            else:
                write("".join(f"{line}\n" for line in fit(_tell(found, config, view.zone), terminal_width())))
    return status


def _list(entries: Sequence[Quarantined], zone: ZoneInfo, width: int | None) -> Iterator[str]:
    """A row for each; on a terminal the reasons are set beneath."""
    rows = [_row(entry, zone) for entry in entries]
    if width is None:
        yield from align([TITLES, *rows])
    else:
        titles, *lines = align([row[:-1] for row in (TITLES, *rows)])
        beneath = (line for head, row in zip(lines, rows, strict=True) for line in (head, GAP + row[-1]))
        yield from fit((titles, *beneath), width)
    yield f"Received on the clocks of {zone.key}"


def _row(entry: Quarantined, zone: ZoneInfo) -> tuple[str, ...]:
    return (
        str(entry.id),
        f"{entry.received_at.astimezone(zone):%Y-%m-%d %H:%M}",
        entry.source,
        one_line(entry.reporter or "-"),
        cut(one_line(entry.subject) or "-", SUBJECT_WIDTH),
        cut(one_line(entry.reason), REASON_WIDTH),
    )


def _tell(found: Quarantined, config: Config, zone: ZoneInfo) -> Iterator[str]:
    arrived = f", and {found.seen - 1} times again" if found.seen > 1 else ""
    received = f"{found.received_at.astimezone(zone):%Y-%m-%d %H:%M %z}"
    yield f"{found.id}: {found.channel} from {found.source}, {received}{arrived}"
    yield f"  because {one_line(found.reason)}"
    if found.content is None:
        yield "  its original is not kept"
        return
    yield f"  {len(found.content)} bytes"
    if found.channel == "mail":
        mail = _mail(found, config)
        yield f"  from {one_line(str(mail.sender or 'nobody'))}: {one_line(mail.subject) or '(no subject)'}"
        yield from (f"  ({one_line(note)})" for note in mail.notes)
    yield from (f"  | {line}" for line in lines_of(_begins(found), most=SHOWN_LINES))


def _entry_data(entry: Quarantined, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": entry.id,
        "source": entry.source,
        "key": entry.key,
        "channel": entry.channel,
        "received_at": entry.received_at.astimezone(zone).isoformat(),
        "reporter": entry.reporter,
        "subject": entry.subject,
        "reason": entry.reason,
        "seen": entry.seen,
    }


def _whole_data(found: Quarantined, config: Config, zone: ZoneInfo) -> dict[str, Any]:
    is_mail = found.channel == "mail" and found.content is not None
    return _entry_data(found, zone) | {
        "size": None if found.content is None else len(found.content),
        "notes": list(_mail(found, config).notes) if is_mail else [],
        "begins": _begins(found),
    }


def _mail(found: Quarantined, config: Config) -> Mail:
    """The mail as it is read today."""
    return read_mail(
        found.content or b"",
        source=found.source,
        key=found.key,
        received_at=found.received_at,
        ourselves=config.desk.ourselves,
    )


def _begins(found: Quarantined) -> str:
    """The first lines as they came; bytes that are no UTF-8 are shown as signs for them."""
    text = (found.content or b"")[:8_000].decode("utf-8", "replace").replace("\r\n", "\n")
    return "\n".join(text.split("\n")[: SHOWN_LINES + 1])


def _as_json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
