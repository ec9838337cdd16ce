"""What the command line asks of the desk, and how both travel over the local socket: as JSON."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedMail:
    """A mail out of a file or a folder."""

    original: bytes = field(repr=False)
    source: str
    key: str
    received_at: datetime
    silent: bool
    """Nobody is written to about it."""
    note: str = ""
    """What is missing of it, and why."""


@dataclass(frozen=True, slots=True)
class HandIn:
    """Decide and record these mails, in this order; the ledger knows what it has."""

    mails: tuple[HandedMail, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Decide what lies in quarantine once more."""

    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Take something out of quarantine and do nothing about it."""

    entry: int
    by: str
    why: str


Errand = HandIn | Release | Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one report."""

    verdict: str
    ticket: str | None
    """The number of the ticket it concerns."""
    reason: str
    seen_before: bool = False
    """The ledger had it already, and nothing has changed."""


class ErrandError(Exception):
    """It was not done; the text says why, for whoever asked."""


def write_errand(errand: Errand) -> bytes:
    """The errand as JSON."""
    match errand:
        case HandIn(mails):
            told: dict[str, Any] = {"errand": "hand_in", "mails": [_mail_data(mail) for mail in mails]}
        case Release(entry):
            told = {"errand": "release", "entry": entry}
        case Drop():
            told = {"errand": "drop"} | asdict(errand)
    return json.dumps(told).encode()


def read_errand(written: bytes) -> Errand:
    """The errand of a JSON text; raises ErrandError for anything else."""
    try:
        told = json.loads(written)
        match told:
            case {"errand": "hand_in", "mails": mails}:
                return HandIn(tuple(map(_read_mail, mails)))
            case {"errand": "release", "entry": int(entry)}:
                return Release(entry)
            case {"errand": "drop", "entry": int(entry), "by": str(by), "why": str(why)}:
                return Drop(entry=entry, by=by, why=why)
    except (ValueError, LookupError, TypeError) as error:
        raise ErrandError("this is no errand: the command line and the daemon may be of two versions") from error
    raise ErrandError("this errand is not known: the command line and the daemon may be of two versions")


def write_answer(answer: list[Outcome] | ErrandError) -> bytes:
    """The answer as JSON."""
    if isinstance(answer, ErrandError):
        return json.dumps({"error": str(answer)}).encode()
    return json.dumps({"outcomes": [asdict(outcome) for outcome in answer]}).encode()


def read_answer(written: bytes) -> list[Outcome]:
    """The outcomes of a JSON text; raises ErrandError where the errand was not done."""
    try:
        told = json.loads(written)
        if "outcomes" in told:
            return [Outcome(**outcome) for outcome in told["outcomes"]]
    except (ValueError, TypeError) as error:
        raise ErrandError("the daemon gave no answer that can be read") from error
    raise ErrandError(str(told.get("error", "the daemon said nothing")))


def _mail_data(mail: HandedMail) -> dict[str, Any]:
    return {
        "original": base64.b64encode(mail.original).decode(),
        "source": mail.source,
        "key": mail.key,
        "received_at": mail.received_at.isoformat(),
        "silent": mail.silent,
        "note": mail.note,
    }


def _read_mail(told: Any) -> HandedMail:
    return HandedMail(
        original=base64.b64decode(told["original"]),
        source=str(told["source"]),
        key=str(told["key"]),
        received_at=datetime.fromisoformat(told["received_at"]),
        silent=bool(told["silent"]),
        note=str(told["note"]),
    )
