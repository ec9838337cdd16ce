"""What came along with a mail: taken or refused, noted on the ticket, and said to those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Attached
from rules.judging.attachments import judge_attachments
from rules.language.sayings import say, say_all
from rules.letters.enclosing import tell_refused

if TYPE_CHECKING:
    from rules.attachment import TicketAttachment
    from rules.change import Change
    from rules.report import Mail


def take_attachments(change: Change, mail: Mail) -> tuple[TicketAttachment, ...]:
    """Note the attachments of a mail on the ticket, each with why it is refused, if it is; returns them all."""
    attachments = judge_attachments(mail, change.rulebook.attachments)
    if not attachments:
        return ()
    refused = [tell_refused(each, change.rulebook) for each in attachments if each.refused]
    because = say("attachments-refused", refused=say_all(refused)) if refused else None
    change.happen(Attached(at=change.now, attachments=attachments), because=because)
    return attachments
