"""When a mail out of a file was received."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingest.mail_files import MailFile, read_mails, taken_at

if TYPE_CHECKING:
    from pathlib import Path

DATE = b"Date: Mon, 23 Nov 2026 10:00:00 +0800\r\n"


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        pytest.param(DATE, datetime(2026, 11, 23, 2, tzinfo=UTC), id="what its sender says"),
        pytest.param(
            b"Received: from a by b;\r\n Mon, 23 Nov 2026 02:05:00 +0000\r\nReceived: from c by a; yesterday\r\n"
            + DATE,
            datetime(2026, 11, 23, 2, 5, tzinfo=UTC),
            id="what the last server says",
        ),
        pytest.param(
            b"Received: by a moment\r\n" + DATE, datetime(2026, 11, 23, 2, tzinfo=UTC), id="a server without a time"
        ),
        pytest.param(b"Date: 23 Nov 2026 10:00:00 -0000\r\n", datetime(2026, 11, 23, 10, tzinfo=UTC), id="no zone"),
        pytest.param(b"Date: Mon, 99 Nov 99999 10:00:00\r\n", None, id="no date"),
        pytest.param(b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n", None, id="after the last year"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_when_it_was_taken(header: bytes, moment: datetime | None) -> None:
    assert taken_at(header + b"Subject: x\r\n\r\nDate: Tue, 24 Nov 2026 10:00:00 +0800\r\n") == moment


def test_a_maildir_tells_by_the_name(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1700000000.M1.host:2,S").write_bytes(DATE + b"\r\nx")
    found = list(read_mails(tmp_path))
    moments = [one.received_at for one in found if isinstance(one, MailFile)]
    assert moments == [datetime.fromtimestamp(1_700_000_000, UTC)] * 2
