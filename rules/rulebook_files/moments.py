"""What each moment of a ticket is, for those who write rulebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.ticket import Moment

MEANINGS: Final[Mapping[Moment, str]] = {
    "opened": "The ticket is opened, or reopened.",
    "assigned": "Somebody has it to work on.",
    "unassigned": "Nobody has it any more: it is another team's or line's, which is to name somebody.",
    "accepted": "Staff do anything on it for the first time.",
    "acknowledged": "Its assignee does anything on it for the first time.",
    "responded": "The requester hears from a person for the first time.",
    "diagnosed": "The assignee tells what it is, by `!diagnose`.",
    "arrived": "The assignee is there, by `!arrived`.",
    "left": "The assignee is done there, by `!left`.",
    "handed_over": "It goes to another line of support.",
    "reviewed": "Category and priority have had their second look, by `!review`.",
    "asked": "The requester is asked for what is missing.",
    "answered": "The requester answers that.",
    "resolved": "The solution is told, and the requester is asked whether it is solved.",
    "confirmed": "The requester says that it is.",
    "refused": "The requester says that it is not.",
    "reassessed": "Staff do anything on it after that.",
    "complained": "The requester complains.",
    "verified": "What happened has been found out, by `!findings`.",
    "decided": "The complaint is decided, by `!decide`.",
    "rated": "The requester says how satisfied he is.",
    "closed": "Nothing is left to do or to ask.",
    "written": "What was owed is written; only of `[[owed]]`, whose clocks it stops.",
}
"""In the order in which most tickets come to them."""
