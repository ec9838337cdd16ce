"""The list of tickets on terminals of different widths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from daemon.cli.layout import columns_of
from daemon.cli.ticket_list import list_as_text
from daemon.store.tickets.read import ListedTicket
from tests.daemon.cli.desks import NOW

if TYPE_CHECKING:
    from rules.ticket import Status

LONG = "三楼财务室打印机卡纸，重启以后还是没反应，没法打印发票"


def listed(number: str, assignee: str, subject: str, status: Status = "assigned") -> ListedTicket:
    return ListedTicket(
        number=number,
        priority="P3",
        status=status,
        kind="incident",
        category="hardware",
        team="hardware",
        assignee=assignee,
        requester="wang.fang@corp.example",
        opened_at=NOW,
        next_due_at=NOW,
        overdue=False,
        subject=subject,
    )


TICKETS = (
    listed("202611-001", "zhao.gang@corp.example", LONG),
    listed("202611-002", "alexandra.konstantinopoulou@corp.example", "Excel crashes", "in_progress"),
)


def lines_on(width: int | None) -> list[str]:
    return list(list_as_text(TICKETS, ZoneInfo("Asia/Shanghai"), NOW, width))


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(columns_of, lines_on(width))) <= width


def test_a_wide_terminal_shows_each_ticket_on_a_line_and_marks_what_it_cuts() -> None:
    _, first, second, _ = lines_on(130)
    assert first.endswith("三楼财务室打印机卡纸，重…")
    assert second.endswith("Excel crashes")


def test_on_a_narrow_one_the_subject_stands_beneath() -> None:
    title, subject, first, its_subject, second, *_ = lines_on(80)
    assert (title.split()[-2:], subject) == (["NEXT", "DUE"], "  SUBJECT")
    assert its_subject == f"  {LONG}"
    assert "zhao.gang@corp.e…" in first
    assert "alexandra.konsta…" in second


def test_what_goes_to_a_file_is_not_fitted_to_a_terminal() -> None:
    _, first, second, _ = lines_on(None)
    assert first.endswith(LONG)
    assert "alexandra.konstantinopoulou@corp.example" in second


def test_the_zone_of_the_due_times_is_named_where_there_are_any() -> None:
    assert lines_on(80)[-1] == "Due on the clocks of Asia/Shanghai"
    overdue = [replace(ticket, overdue=True) for ticket in TICKETS]
    assert "clocks" not in list(list_as_text(overdue, ZoneInfo("Asia/Shanghai"), NOW))[-1]
