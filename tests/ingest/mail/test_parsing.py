"""The tree of parts, and the limits on their headers."""

from __future__ import annotations

from email import message_from_bytes
from time import process_time

import pytest

from ingest.mail.limits import HEADER_BLOCK_NOTE, LARGEST_HEADER_BLOCK, MOST_PARTS, within_limits
from ingest.mail.parsing import parse

MIB = 1 << 20


def tree(mail: bytes) -> list[tuple[str, object]]:
    message, _ = parse(mail)
    return [(part.get_content_type(), part.get_payload(decode=True)) for part in message.walk()]


NESTED = (
    b"Content-Type: multipart/mixed; boundary=outer\n\n--outer\n"
    b"Content-Type: multipart/alternative; boundary=inner\n\n--inner\n\nfirst\n--inner \n\n--inner is no end\n"
)
REPORT = b"Content-Type: message/delivery-status\n\nReporting-MTA: a\n\nAction: failed\n\n"


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(b"Subject: a\n\ntext\n", id="one part"),
        pytest.param(b"From ada Sat Nov 21\nSubject: a\n b\n\tc\n\ntext", id="an envelope and a folded header"),
        pytest.param(b"Subject: a\nno header\n\ntext", id="a content without an empty line before it"),
        pytest.param(NESTED + b"--inner--\n\n--outer\n\nlast\n--outer--\n", id="a part within a part"),
        pytest.param((NESTED + b"--inner--\n\n--outer\n\nlast\n--outer--\n").replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param((NESTED + b"--inner--\n\n--outer\n\nlast\n--outer--\n").replace(b"\n", b"\r"), id="CR"),
        pytest.param(NESTED + b"--outer\n\nlast\n--outer--\n", id="the outer boundary ends an inner part"),
        pytest.param(NESTED, id="no boundary at the end"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=b\n\nno part at all", id="no boundary anywhere"),
        pytest.param(b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: a\n\nx\n--b--\n", id="a digest"),
        pytest.param(b"Content-Type: message/rfc822\n\n" + NESTED, id="a mail in a mail"),
    ],
)
def test_the_tree_is_the_one_of_the_library(mail: bytes) -> None:
    message = message_from_bytes(mail)
    assert tree(mail) == [(part.get_content_type(), part.get_payload(decode=True)) for part in message.walk()]


@pytest.mark.parametrize("gap", [b"\n", b"\n\n\n"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_blocks_of_a_delivery_report_are_parts(gap: bytes, end: bytes) -> None:
    report = (REPORT.replace(b"\n\n", b"\n" + gap)).replace(b"\n", end)
    message, _ = parse(b"Content-Type: multipart/report; boundary=b" + end * 2 + b"--b" + end + report + b"--b--")
    assert [part.items() for part in message.walk()][2:] == [[("Reporting-MTA", "a")], [("Action", "failed")]]


def test_a_boundary_hidden_from_the_raw_bytes_is_counted_as_well() -> None:
    head = b'Content-Type: multipart/mixed; boundary*0="a"; boundary*1="b"\n\n'
    kept, _ = within_limits(head + b"--ab\n\nx\n" * 50_000)
    assert len(tree(kept)) <= 2 * MOST_PARTS + 1


def test_one_long_header_is_cut_and_noted() -> None:
    message, notes = parse(b"Subject: " + b"a" * MIB + b"\nTo: b\n\ntext")
    assert len(message["subject"]) == 64 * 1024
    assert (message["to"], message.get_payload()) == ("b", "text")
    assert notes == ("Of a header longer than 64 KiB only the beginning was read.",)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_large_header_block_is_cut_and_its_body_kept(end: bytes) -> None:
    kept, notes = within_limits(b"Subject: a" + end + (b"X-Noise: b" + end) * 100_000 + end + b"text")
    assert len(kept) <= LARGEST_HEADER_BLOCK + len(end + b"text")
    assert parse(kept)[0].get_payload() == "text"
    assert notes == (HEADER_BLOCK_NOTE,)


def test_the_headers_of_a_part_are_counted_as_well() -> None:
    noise = b"X-Noise: b\n" * 100_000
    message, notes = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + noise + b"\ntext\n--b--\n")
    part = list(message.walk())[1]
    assert len(part.items()) < 33_000
    assert part.get_payload() == "text"
    assert notes == (HEADER_BLOCK_NOTE,)


def test_a_body_without_a_blank_line_before_it_is_no_header_block() -> None:
    mail = b"Subject: a\n" + b"A line of text\n" * 100_000
    assert within_limits(mail) == (mail, ())


def test_parameters_are_read_in_linear_time() -> None:
    began = process_time()
    for _ in range(20):
        parse(b"Content-Type: multipart/mixed; boundary=b" + b";" * 60_000 + b"\n\nx")
    assert process_time() - began < 2.0


def test_the_blocks_of_a_delivery_report_are_counted_as_parts_are() -> None:
    report = b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; a@x.example\n\n" * 2000
    assert len(tree(report)) < MOST_PARTS
