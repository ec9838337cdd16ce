"""What is counted on the raw bytes."""

from __future__ import annotations

import pytest

from ingest.mail.limits import DEEPEST, MOST_PARTS, within_limits

HEAD = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


def test_an_ordinary_mail_is_left_alone() -> None:
    mail = HEAD + b"--b\r\n\r\ntext\r\n--b--\r\n"
    assert within_limits(mail) == (mail, ())


def test_lines_of_hyphens_are_no_parts() -> None:
    mail = b"Subject: a\r\n\r\n" + b"----------\r\n-- \r\n" * 1000
    assert within_limits(mail) == (mail, ())


def test_parts_side_by_side_are_not_nested() -> None:
    inner = b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n"
    mail = HEAD + inner * (DEEPEST * 2)
    assert within_limits(mail) == (mail, ())


def test_the_mail_is_cut_where_a_part_is_one_too_many() -> None:
    part = b"--b\r\n\r\nx\r\n"
    kept, notes = within_limits(HEAD + part * (MOST_PARTS + 5))
    assert kept.count(b"--b") == MOST_PARTS
    assert notes == (f"Parts after the first {MOST_PARTS} were not read.",)


@pytest.mark.parametrize(
    "level",
    [
        b"Content-Type: multipart/mixed; BOUNDARY=%d\r\n\r\n--%d\r\n",
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n',
        b"Content-Type: message/rfc822\r\n\r\nX-%d: %d\r\n",
    ],
)
def test_the_mail_is_cut_where_it_nests_too_deep(level: bytes) -> None:
    kept, notes = within_limits(b"".join(level % (number, number) for number in range(5000)))
    assert kept.lower().count(b"content-type") <= DEEPEST + 2
    assert notes == (f"Parts nested deeper than {DEEPEST} levels were not read.",)


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_a_mail_of_nothing_but_line_ends_is_cut(end: bytes) -> None:
    kept, notes = within_limits(b"Subject: a\r\n\r\n" + end * 4_000_000)
    assert len(kept) < 3_000_000
    assert notes
