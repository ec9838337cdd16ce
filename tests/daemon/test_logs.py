"""What log lines look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from daemon.logs import set_up_logging

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_the_console_form_has_no_colours_where_standard_error_is_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("console", "info")
    structlog.get_logger().info("part.works", part="smtp")
    line = capsys.readouterr().err
    assert "part.works" in line
    assert "\x1b" not in line
