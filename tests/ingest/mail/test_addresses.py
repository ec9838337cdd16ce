"""Mailboxes out of header values, and who a sender is."""

from __future__ import annotations

from email import message_from_string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mail.addresses import addr_spec, addresses, authors, only_address
from ingest.mail.headers import Headers
from rules.report import Address


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        pytest.param("ada@x.example", "", "ada@x.example", id="bare"),
        pytest.param("Ada Ng <Ada@X.Example>", "Ada Ng", "ada@x.example", id="lower-cased"),
        pytest.param('"Ng, Ada" <ada@x.example>', "Ng, Ada", "ada@x.example", id="a comma in quotes"),
        pytest.param("Ng, Ada <ada@x.example>", "Ng, Ada", "ada@x.example", id="a comma without quotes"),
        pytest.param("ada@x.example (Ada Ng)", "Ada Ng", "ada@x.example", id="the name as a comment"),
        pytest.param("=?gb2312?B?1cXOsA==?= <ada@x.example>", "张伟", "ada@x.example", id="an encoded name"),
        pytest.param('"=?utf-8?q?Ad=C3=A4?=" <ada@x.example>', "Adä", "ada@x.example", id="an encoded name in quotes"),
        pytest.param(
            '"boss@corp.example" <x@evil.example>', "boss@corp.example", "x@evil.example", id="a name that lies"
        ),
        pytest.param("ada@bücher.example", "", "ada@xn--bcher-kva.example", id="an A-label"),
        pytest.param("<ada@x.example>,", "", "ada@x.example", id="a stray comma"),
        pytest.param('"Ada <ada@x.example>', "Ada", "ada@x.example", id="a quote that never ends"),
        pytest.param("Ada <mailto:ada@x.example>", "Ada", "ada@x.example", id="a link"),
        pytest.param("ada..ng.@x.example", "", "ada..ng.@x.example", id="dots as some telephone companies give them"),
    ],
)
def test_one_mailbox_is_the_sender(value: str, name: str, address: str) -> None:
    assert only_address([value]) == Address(address, name)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([], id="no From"),
        pytest.param([""], id="an empty From"),
        pytest.param(["a@x.example", "b@x.example"], id="two From lines"),
        pytest.param(["a@x.example", "a@x.example"], id="the same From twice"),
        pytest.param(["a@x.example, b@x.example"], id="two mailboxes"),
        pytest.param(["Ada <>"], id="empty brackets"),
        pytest.param(["Ada <a@x.example> <b@x.example>"], id="two pairs of brackets"),
        pytest.param(["a@x.example)b@evil.example"], id="a comment that was never opened"),
        pytest.param(["a b@x.example"], id="a space in the address"),
        pytest.param(["a@x.example\nb"], id="a line break"),
        pytest.param(["staff:;"], id="an empty group"),
        pytest.param(["a@@x.example"], id="two at signs"),
        pytest.param(["a@-.example."], id="no host name"),
    ],
)
def test_a_sender_who_cannot_be_told_is_nobody(values: list[str]) -> None:
    assert only_address(values) is None


def test_recipients_are_listed_once_each_and_groups_are_opened() -> None:
    found = addresses(["Staff: a@x.example, B <b@x.example>;", "a@x.example, nobody, c@x.example"])
    assert [each.address for each in found] == ["a@x.example", "b@x.example", "c@x.example"]


def test_an_address_in_a_comment_is_a_recipient_and_no_sender() -> None:
    assert addresses(["Ada Ng (ada@x.example)"]) == (Address("ada@x.example", "Ada Ng"),)
    assert only_address(["Ada Ng (ada@x.example)"]) is None


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param("From: a@x.example, b@x.example", ["a@x.example", "b@x.example"], id="two mailboxes"),
        pytest.param("From: [??]\nFrom: a@x.example", ["a@x.example"], id="two From lines"),
        pytest.param("From: Ada <>\nReply-To: a@x.example", ["a@x.example"], id="no address in From"),
        pytest.param("Sender: a@x.example\nReply-To: b@x.example", ["a@x.example"], id="no From"),
        pytest.param("Subject: a", [], id="nothing at all"),
    ],
)
def test_whom_a_mail_names_is_shown_where_nobody_is_the_sender(fields: str, named: list[str]) -> None:
    headers = Headers(message_from_string(f"{fields}\n\n"))
    assert [each.address for each in authors(headers)] == named
    assert only_address(headers.all_raw("from")) is None


def test_a_long_list_is_cut() -> None:
    assert len(addresses([", ".join(f"a{n}@x.example" for n in range(2000))])) == 500


@given(st.text(max_size=120))
def test_any_value_is_read(value: str) -> None:
    for each in addresses([value]):
        assert addr_spec(each.address) == each.address
