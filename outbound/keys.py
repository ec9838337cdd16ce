"""What `letter.data` must hold for each template: the agreement between those who decide letters and the texts.

Times are formatted already. Terms of the desk (status, clock, category, template ...) are given raw and named in
`words`. `due` holds (clock, time) pairs, `labels` (label, value), `links` (name, URL), `lines` (command, result);
`reasons` and `similar` hold sentences. `text`, `quoted`, `solution` and `findings` keep their lines, everything else is
shown on one. None, "" or an empty tuple leaves a line out.

`ticket_subject` is the recipient's own subject. Where it is empty the letter's subject is a sentence of ours, and a
receipt quotes nothing either: what an unverified sender wrote is never sent on to the address he gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.letter import Letter, Template

EVERY_LETTER = ("number", "ticket_subject", "priority", "desk_name")

KEYS: Mapping[Template, tuple[str, ...]] = {
    # To people, in their own thread. `joined`: the problem had an open ticket already.
    "receipt": ("respond_by", "resolve_by", "expected_by", "joined", "quoted"),
    # What the requester's report does not tell yet, each asked for in one line; also on the receipt, as `missing`.
    "asked": ("missing",),
    # `line` is the name of a line of support.
    "handed_over": ("line", "reason"),
    # When the assignee expects to be done or to be there, and his words.
    "expected": ("expected_by", "text", "assignee_name"),
    # Is it solved? Asked once more.
    "reminder": ("solution",),
    # His ticket `was` is handled as a part of this one from now on.
    "joined": ("was",),
    # He had been joined to the ticket `was` by mistake: this one is his own.
    "parted": ("was",),
    # The requester said that it is not solved.
    "again": ("due_by",),
    # The satisfaction question: (number, step) pairs, the best first, and what is asked about; both named already.
    "rating": ("steps", "aspects"),
    # With `steps` the satisfaction question comes with it.
    "closed": ("reason",),
    # His complaint has come; with `decides` somebody decides about it.
    "complained": ("decides",),
    # What the head decided about a complaint.
    "decision": ("text",),
    # `author` is a display name, never an address.
    "answer": ("author", "text"),
    "progress": ("status", "assignee_name", "since", "expected_by"),
    # `by_similarity`: staff have not confirmed that the recipient has this problem, so he reads no words of theirs.
    "resolved": ("solution", "by_similarity"),
    # With `is_alert` it goes to staff.
    "over": ("ended_at", "is_alert"),
    # To staff. `requester` is None for an alert: then nothing is said of answering.
    "assigned": (
        "requester",
        "text",
        "category",
        "impact",
        "urgency",
        "due",
        "reasons",
        "is_alert",
        "labels",
        "similar",
    ),
    # `proposals`: (address, why) of those who would do; with them the lead is asked to name somebody.
    "unassigned": ("requester", "text", "team", "reason", "proposals"),
    # `repeats` and `reporters` are counts.
    "repeated": ("reporter", "text", "repeats", "reporters", "reason"),
    # A further alert joined. `firing` are (target, since) pairs of what fires, `more` counts those not listed.
    "firing": ("text", "reason", "firing", "more"),
    # Very many alerts are on one ticket. `firing` are ("how many × alertname", since) pairs, `more` counts the others.
    "storm": ("reason", "count", "firing", "more"),
    # `was` is the priority before; the same as `priority` where the rung only tells people.
    "escalated": ("requester", "text", "was", "reason", "advice", "assignee", "due"),
    "message": ("author", "text", "status"),
    # `author` is None where an alert fired again.
    "reopened": ("author", "text", "reason"),
    # A clock will be due at `until`.
    "warning": ("clock", "until"),
    # Category and priority are to be reviewed.
    "review": ("category", "impact", "urgency", "reasons", "text", "assignee"),
    # Approval is asked for, and what came of it.
    "approval": ("requester", "text", "reason", "assignee"),
    "approved": ("granted", "author", "text"),
    # A complaint is to be verified; `verify` asks the reader to find out what happened.
    "complaint": ("author", "text", "verify"),
    "findings": ("author", "text", "findings"),
    # Something is to be written by `until`.
    "owed": ("owed", "until", "reason"),
    "undelivered": ("recipient", "template", "reason"),
    "transcript": ("lines",),
    # About an address: letters to it are held back, it rests, or it floods the desk.
    "notice": ("address", "reason"),
    # Old notices as one: (number and subject, template) pairs, the oldest first.
    "digest": ("notices",),
}

#: `similar`: to a lead, what a ticket that nobody has may be the same as.
#: `commands`: false says that replies stay inside and names no command, for desks where nothing proves who writes.
#: `missing`: on a receipt, what the report does not tell. `confirms`, `refuses`: the words to answer a solution with.
#: `steps` and `aspects`: the satisfaction question, with the solution or the closing. `checklist`: for the assignee.
#: `links`: where an alert says that more is to be read. `silences`: its alerts can be silenced at their source.
#: `colleague`: the message tells what another one of the staff did, whom a reply does not reach. `rating`: the steps of
#: an unhappy requester.
#: `asks`: the end of an alert asks the assignee to close.
#: `late`: the moment for which a solution was promised has passed.
#: `rank`: how many levels are more urgent than the ticket's; gives the letter its colour.
#: `refused`: on a receipt, the attachments that are not taken, and why. `attachments`: what becomes of each; those that
#: were to go along and are no longer kept, or were refused by the mail server, are `gone`.
#: `zone`: where the letter's times hold, such as `UTC+08:00`; said once, beneath the times.
OPTIONAL = (
    "similar",
    "commands",
    "missing",
    "confirms",
    "refuses",
    "steps",
    "aspects",
    "checklist",
    "links",
    "labels",
    "silences",
    "colleague",
    "rating",
    "asks",
    "zone",
    "rank",
    "refused",
    "late",
    "attachments",
    "gone",
)


def missing_keys(letter: Letter) -> tuple[str, ...]:
    """The keys that the letter's template needs and its data lacks."""
    return tuple(key for key in (*EVERY_LETTER, *KEYS[letter.template]) if key not in letter.data)
