"""What flufl.bounce makes of a delivery report that none of our own patterns fits.

Asked second and only of mail that a mail system sent: of 379 collected bounces it knows 312 where ours know 374, and of
738 ordinary mails it takes 12 for bounces and fails on 66.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.mail.addresses import addr_spec

if TYPE_CHECKING:
    from email.message import Message

#: What its detectors have been seen to raise, or may, on mail that is not what they expect.
_RAISED = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

#: It logs what its detectors raise with a traceback, though it goes on; of a mail that is no bounce that tells nothing.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient whom a mail did not reach."""

    recipient: str
    hard: bool


def second_opinion(message: Message) -> Failure | None:
    """The first recipient that a detector names, a permanent failure before a passing one; None where none does."""
    from flufl.bounce import all_failures  # noqa: PLC0415 - many patterns to compile, for one mail in thousands

    try:
        passing, permanent = all_failures(message)
    except _RAISED:
        return None
    for failed, hard in ((permanent, True), (passing, False)):
        for recipient in sorted(failed):
            if address := addr_spec(recipient.decode("utf-8", "replace")):
                return Failure(address, hard)
    return None
