"""The attachments of a ticket: what came with its reports, where the bytes lie, and what the rulebook refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Refusal = Literal["program", "contents", "type", "size", "count"]
"""Why an attachment is not taken: it is a program, holds something else than its name says, is of a type that the
rulebook does not list, is too large, or comes after too many others."""

REFUSALS: tuple[Refusal, ...] = get_args(Refusal)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAttachment:
    """An attachment of one of a ticket's reports. Its bytes lie in the original of the report, and nowhere else."""

    source: str
    key: str
    """Of the report, with its source."""
    number: int
    """Its place among the attachments of the report, from 1."""
    name: str
    type: str
    """The media type, as the mail declares it."""
    size: int
    """Decoded length in bytes."""
    refused: Refusal | None = None
