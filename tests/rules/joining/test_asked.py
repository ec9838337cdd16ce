"""Which facts a mail's commands to join or part need."""

from __future__ import annotations

import pytest

from rules.joining.asked import joining_commands, named_by_commands
from tests.samples import a_mail

NAMED = [
    pytest.param("!join 202611-001", ("202611-001",), id="a number"),
    pytest.param("！合并 [#202611-001]，谢谢", ("202611-001",), id="in brackets, in Chinese"),
    pytest.param("!note x\n!split 202611-007", ("202611-007",), id="on the second line"),
    pytest.param("!join SR.2026-001.", ("SR.2026-001",), id="with a point in it, and one behind it"),
    pytest.param("!join", (), id="none"),
    pytest.param("please !join 202611-001", (), id="no command, but a word in a sentence"),
]


@pytest.mark.parametrize(("text", "numbers"), NAMED)
def test_the_tickets_that_commands_name_are_known(text: str, numbers: tuple[str, ...]) -> None:
    assert named_by_commands(a_mail(text=text, verified=True)) == numbers


def test_nothing_is_gathered_for_the_commands_of_strangers() -> None:
    assert joining_commands(a_mail(text="!split 202611-001", verified=False)) == ()
