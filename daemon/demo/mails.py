"""The mails of the demo, as a mail program writes them."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from daemon.demo.people import DESK, DESK_NAME, Actor

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.demo.script import MailStep


def message_id(step: MailStep) -> str:
    """The Message-ID of the mail of a step; each run of the demo has a database of its own."""
    return f"<{step.name}.{step.sender.address}>"


def compose(step: MailStep, at: datetime, answered: EmailMessage | None) -> bytes:
    """Write the mail of a step, under the quoted letter that it answers."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(step.sender)
    mail["To"] = Address(DESK_NAME, addr_spec=DESK)
    mail["Date"] = format_datetime(at.astimezone())
    mail["Message-ID"] = message_id(step)
    mail["Subject"] = step.subject or _reply_subject(answered)
    if step.automatic:
        mail["Auto-Submitted"] = "auto-replied"
    if answered is None:
        mail.set_content(step.text)
    else:
        mail["In-Reply-To"] = answered["Message-ID"]
        mail["References"] = " ".join(filter(None, (answered["References"], answered["Message-ID"])))
        mail.set_content(step.text if step.automatic else f"{step.text}\n\n{_quote(answered)}")
    return mail.as_bytes()


def _reply_subject(answered: EmailMessage | None) -> str:
    subject = str(answered["Subject"]) if answered is not None else ""
    return subject if subject.startswith("Re: ") else f"Re: {subject}"


def _quote(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"On {letter['Date']}, {DESK_NAME} <{DESK}> wrote:\n{quoted}\n"


def _address(actor: Actor) -> Address:
    return Address(actor.name, addr_spec=actor.address)
