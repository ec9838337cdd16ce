"""What a source told the desk: one mail, or one alert of a notification."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from immutables import Map

Channel = Literal["mail", "alert"]

#: Why nobody should be answered: an automatic reply, a delivery report, what a list or a machine sent of its own
#: accord, or a mail of our own.
Auto = Literal["reply", "bounce", "list", "own"]

#: BCP 47: `zh-Hans`, `zh-Hant`, `en`, another primary subtag, or `und` where the text does not tell.
Language = str


LONGEST_NAME = 200
"""Characters of an alertname, and of a label's value where people read it."""


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: the display name as shown, and the addr-spec by which people are told apart."""

    address: str
    """The addr-spec, lower-cased, its domain as an A-label; never empty."""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that is not its text. The bytes stay in the original."""

    name: str
    type: str
    """The media type, such as `image/png`."""
    size: int
    """Decoded length in bytes."""
    begins_like: str = ""
    """The media type that its first bytes tell, where they are a picture's, a film's or a program's."""
    inline: bool = False
    """Shown within the text, as a pasted screenshot or the logo of a signature is."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says of one letter (RFC 3464)."""

    recipient: str | None
    hard: bool
    """True for a permanent failure (5.x.x), False for one that may pass."""
    status: str | None
    """The enhanced status code of RFC 3463, such as `5.1.1`."""
    message_id: str | None = None
    """The Message-ID of the mail that came back, where the report holds it."""


@dataclass(frozen=True, slots=True)
class Forward:
    """A mail that hands on somebody else's, which is no answer to it."""

    sign: str
    """What told, for the reasons and `deskd explain`."""
    origin: str = ""
    """Whom the mail handed on names as its sender, in the words of who forwards it, which prove nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail from a mailbox."""

    source: str
    """The mailbox's name in the configuration."""
    key: str
    """Unique in the source: `UIDVALIDITY.UID` for a mailbox, the digest of the bytes elsewhere."""
    received_at: datetime
    """When the server took it (INTERNALDATE), in UTC. The Date header is only shown."""
    message_id: str | None = None
    references: tuple[str, ...] = ()
    """The ids of References and then In-Reply-To, oldest first, each with its angle brackets, none twice."""
    sender: Address | None = None
    """From, where it is exactly one address; None where it cannot be told."""
    authors: tuple[Address, ...] = ()
    """Who the mail says wrote it, for people to read, also where `sender` is nobody. Nothing hangs on it."""
    address_marks: tuple[str, ...] = ()
    """Marks of letters (`rules.token`) in the addresses that the mail was sent or delivered to."""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    """Decoded, on one line, without control characters; prefixes such as `Re:` are kept."""
    text: str = ""
    """Only what is new: without quotes and signature. Never empty where `full_text` is not."""
    full_text: str = ""
    language: Language = "und"
    auto: Auto | None = None
    auto_reason: str = ""
    """The header or pattern that told, for the log and `deskd explain`."""
    bounce: Bounce | None = None
    forward: Forward | None = None
    """Set where the mail hands another one on."""
    attachments: tuple[Attachment, ...] = ()
    content_key: str = ""
    """Message-ID together with a SHA-256 over From, Date, Subject and decoded body: the same mail, wherever it lies."""
    verified: bool = False
    """True where the sender's address is proven, by the mail server's word on this mail or on all its mail."""
    verified_reason: str = ""
    """What proved it or why nothing did, for the log and `deskd explain`."""
    imported: bool = False
    """Old mail, taken in when a mailbox is imported whole: a ticket, and no letters."""
    notes: tuple[str, ...] = ()
    """What the reading cut, repaired or could not read, one sentence each."""
    original: bytes = field(default=b"", repr=False, compare=False)

    @property
    def channel(self) -> Channel:
        return "mail"


Correction = Literal["healed", "opened"]
"""What a comparison with an Alertmanager found lost: the end of an episode, or its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert of an Alertmanager notification."""

    source: str
    """The webhook source's name in the configuration."""
    key: str
    """Fingerprint, startsAt and status: the same for every resend of one state of one episode."""
    received_at: datetime
    status: Literal["firing", "resolved"]
    fingerprint: str
    starts_at: datetime
    ends_at: datetime | None = None
    dated: bool = True
    """False where the sender told no start: then `starts_at` is when this word of it came, a new one at each resend."""
    labels: Map[str, str] = field(default_factory=Map)
    annotations: Map[str, str] = field(default_factory=Map)
    generator_url: str = ""
    group_key: str = ""
    external_url: str = ""
    monitor: str = ""
    """The name in `[[alerts.mails]]` of what read it out of a mail; empty for what was pushed or fetched."""
    notification_reason: str | None = None
    """Since Alertmanager 0.32; one of its fixed phrases, or None."""
    episode: str = ""
    """The fingerprint of the episode that it is about, where who tells it has not the labels to find that by."""
    correction: Correction | None = None
    """Set where nobody sent it: the desk asked (`rules.alertmanager.reconcile`)."""

    @property
    def channel(self) -> Channel:
        return "alert"

    @property
    def name(self) -> str:
        """The alertname as far as people read it, or the fingerprint of an alert that has none."""
        return self.labels.get("alertname", "")[:LONGEST_NAME] or self.fingerprint

    @property
    def summary(self) -> str:
        """What a person reads first: the summary, description or message, else the name."""
        for key in ("summary", "description", "message"):
            if text := self.annotations.get(key, "").strip():
                return text
        return self.name


Report = Mail | Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One webhook body: its alerts, and what was wrong with those that are not among them."""

    source: str
    alerts: tuple[Alert, ...]
    refused: tuple[tuple[str, str], ...] = ()
    """(raw JSON of one alert, why it could not be read): they go to quarantine."""
    reason: str = "unknown"
    """first, new, some_resolved, all_resolved, repeat or unknown."""
    truncated: int = 0
    """How many alerts the sender left out (`max_alerts`)."""
    receiver: str = ""
    """The sender's name for us."""
