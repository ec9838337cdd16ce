"""Further targets that join an open ticket: they are listed, and the assignee hears of the first few."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from rules.letters.correspondence import tell_assignee, write_time

if TYPE_CHECKING:
    from rules.change import Change
    from rules.letter import Value
    from rules.report import Alert

#: What joins so soon after the opening belongs to the same outbreak: the assignee is about to read of it.
OUTBREAK: Final = timedelta(minutes=1)
#: So many newcomers are told of one by one; beyond them every tenfold number is.
_TOLD: Final = 3


def is_newcomer(change: Change) -> bool:
    """Tell whether a target that joins now does so some time after its ticket was opened, or opened again."""
    since = change.ticket.milestones.get("opened", change.ticket.opened_at)
    return change.ticket.open and change.now - since >= OUTBREAK


def tell_newcomer(change: Change, alert: Alert, reason: str) -> None:
    """Tell the assignee of a further target, with all that fire; of the many of a storm the tenth, hundredth ...."""
    count = change.ticket.alerts.newcomers
    if is_newcomer(change) and (count <= _TOLD or _is_power_of_ten(count)):
        tell_assignee(change, "firing", text=alert.summary, reason=reason, **firing_words(change))


def firing_words(change: Change) -> dict[str, Value]:
    """The firing episodes as the data of a letter lists them: (target, since) pairs, and how many more there are.

    Where alerts of several names fire, each target is named with its own: the ticket's subject tells only the first.
    """
    listed = change.ticket.alerts.firing_on
    several = len({each.name for each in listed}) > 1
    targets = (f"{each.name} {each.target}".rstrip() if several else each.target for each in listed)
    since = (write_time(each.since, change.rulebook) or "" for each in listed)
    pairs = tuple(zip(targets, since, strict=True))
    return {"firing": pairs, "more": max(0, change.ticket.firing - len(listed))}


def _is_power_of_ten(count: int) -> bool:
    return str(count).strip("0") == "1"
