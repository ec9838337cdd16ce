"""The clocks of a ticket after an event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.events import ClockChanged, ClockOverdue, ClockStarted, ClockStopped, ClockWarned

if TYPE_CHECKING:
    from rules.ticket import Clock

ClockEvent = ClockStarted | ClockChanged | ClockWarned | ClockOverdue | ClockStopped


def with_clock(clocks: tuple[Clock, ...], event: ClockEvent) -> tuple[Clock, ...]:
    """The clocks of a ticket after one event of a clock; of each the newest cycle and the one before it are kept."""
    if isinstance(event, ClockStarted):
        return (*(clock for clock in clocks if not _is_history(clock, event.clock)), event.clock)
    if isinstance(event, ClockChanged):
        name, cycle = event.clock.name, event.clock.cycle
    else:
        name, cycle = event.name, event.cycle
    return tuple(
        _change_clock(clock, event) if (clock.name, clock.cycle) == (name, cycle) else clock for clock in clocks
    )


def _is_history(clock: Clock, started: Clock) -> bool:
    """Tell whether a cycle is older than the last one: the events keep it, and the ticket does not carry it on."""
    return clock.name == started.name and clock.cycle < started.cycle - 1


def _change_clock(clock: Clock, event: ClockChanged | ClockWarned | ClockOverdue | ClockStopped) -> Clock:
    match event:
        case ClockChanged():
            return event.clock
        case ClockWarned():
            return replace(clock, warned_at=event.at)
        case ClockOverdue():
            return replace(clock, overdue_at=event.at)
        case ClockStopped():
            return replace(clock, stopped_at=event.at, outcome=event.outcome)
