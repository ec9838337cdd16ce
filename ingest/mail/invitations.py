"""What a calendar part is about (RFC 5545, RFC 5546): its method, its summary, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ingest.mail.headers import one_line

#: Time zones come first in some calendars, and are long; what is invited to stands within so much of them.
_READ: Final = 256 * 1024
_LONGEST_SUMMARY: Final = 200

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"^(BEGIN|METHOD|SUMMARY|DESCRIPTION)(?:;[^:\r\n]{0,2000})?:([^\r\n]*)", re.IGNORECASE | re.MULTILINE
)
_ESCAPE = re.compile(r"\\([\\;,nN])")
_ABOUT: Final = frozenset({"VEVENT", "VTODO", "VJOURNAL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One calendar part."""

    method: str
    """REQUEST, REPLY, CANCEL, COUNTER ... in capitals; empty where none is told."""
    summary: str
    description: str

    def __str__(self) -> str:
        kind = {"REQUEST": "an invitation", "CANCEL": "a cancellation", "REPLY": "an answer to an invitation"}
        about = f': "{self.summary}"' if self.summary else ""
        return f"{kind.get(self.method, 'a calendar entry')}{about}"


def read_invitation(text: str) -> Invitation:
    """The first event of a calendar. What is absent is empty; nothing is refused."""
    found: dict[str, str] = {}
    component = ""
    for line in _LINE.finditer(_FOLD.sub("", text[:_READ])):
        name, value = line[1].upper(), line[2]
        if name == "BEGIN":
            component = value.strip().upper()
        elif name == "METHOD" or component in _ABOUT:
            found.setdefault(name, _ESCAPE.sub(_unescaped, value))
    return Invitation(
        method=found.get("METHOD", "").strip().upper()[:20],
        summary=one_line(found.get("SUMMARY", ""))[:_LONGEST_SUMMARY],
        description=found.get("DESCRIPTION", "").strip(),
    )


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]
