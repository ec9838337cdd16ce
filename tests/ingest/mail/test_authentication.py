"""Whose word on the sender counts, and what of it."""

from __future__ import annotations

import time
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mail.authentication import LONGEST_FIELD, Authentication, authenticate, read_field
from ingest.mail.headers import Headers
from ingest.ourselves import Ourselves
from rules.report import Address

ALICE = Address("alice@corp.example")
DESK = Ourselves(authserv_ids=frozenset({"mx.desk.example"}))
MICROSOFT = Ourselves(authserv_ids=frozenset({"office365"}))


def judged(*fields: str, sender: str = ALICE.address, desk: Ourselves = DESK) -> Authentication:
    """What a mail with these fields, the topmost first, proves of its sender."""
    message = Message()
    for value in fields:
        message["Authentication-Results"] = value
    return authenticate(Headers(message), Address(sender), desk)


PROVEN = [
    pytest.param("mx.desk.example; dmarc=pass header.from=corp.example", id="DMARC passes for the domain of From"),
    pytest.param("mx.desk.example; dkim=pass header.d=corp.example", id="DKIM passes for it"),
    pytest.param("mx.desk.example; dkim=pass header.d=example", id="a domain of one label speaks for itself only"),
    pytest.param("mx.desk.example; spf=pass smtp.mailfrom=bounce@corp.example", id="SPF passes for the envelope"),
    pytest.param("mx.desk.example; spf=pass smtp.mailfrom=corp.example", id="SPF names a bare domain"),
    pytest.param("mx.desk.example; spf=pass smtp.mail=<alice@corp.example>", id="an older property, in brackets"),
    pytest.param("mx.desk.example; auth=pass smtp.auth=alice@corp.example", id="she logged in to write it"),
    pytest.param("MX.Desk.Example; DMARC=Pass header.FROM=CORP.example", id="case means nothing"),
    pytest.param("mx.desk.example 1; dmarc=pass header.from=corp.example", id="with the version"),
    pytest.param('"mx.desk.example"; dmarc=pass header.from="corp.example"', id="in quotes"),
    pytest.param("mx.desk.example; dmarc = pass header.from = corp.example", id="spaces round the equals sign"),
    pytest.param("mx.desk.example;dmarc=pass(p=none (or so))header.from=corp.example", id="nested comments"),
    pytest.param("mx.desk.example; dkim/1=pass header.d=corp.example", id="a method with its version"),
    pytest.param("mx.desk.example;\r\n\tdkim=none;\r\n\tdmarc=pass header.from=corp.example", id="folded"),
    pytest.param("mx.desk.example; dkim=fail header.d=list.example; dkim=pass header.d=corp.example", id="one of two"),
    pytest.param(
        "mx.desk.example; dkim=pass header.i=@corp.example header.s=s1 header.b=AbC/=+; "
        "spf=pass (mx.desk.example: domain of a@corp.example designates 192.0.2.1 as permitted sender) "
        "smtp.mailfrom=a@corp.example; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=corp.example",
        id="as Google writes it",
    ),
    pytest.param(
        "mx.desk.example; dkim=pass header.i=@corp.example header.s=s1", id="Google names no header.d, only header.i"
    ),
    pytest.param(
        "mx.desk.example; spf=pass smtp.mailfrom=<alice@corp.example>; dkim=none; "
        "dmarc=pass(permit)header.from=corp.example",
        id="as QQ and exmail glue it",
    ),
]

UNPROVEN = [
    pytest.param("mx.desk.example; none", id="nothing was looked at"),
    pytest.param("mx.desk.example", id="nothing but the id"),
    pytest.param("", id="an empty field"),
    pytest.param("mx.evil.example; dmarc=pass header.from=corp.example", id="another server's word"),
    pytest.param("mx.desk.example.evil.example; dmarc=pass header.from=corp.example", id="an id that begins as ours"),
    pytest.param("xmx.desk.example; dmarc=pass header.from=corp.example", id="an id that ends as ours"),
    pytest.param("mx.desk.example@evil; dmarc=pass header.from=corp.example", id="an id with more behind it"),
    pytest.param("(mx.desk.example;) evil; dmarc=pass header.from=corp.example", id="our id in a comment"),
    pytest.param("dmarc=pass header.from=corp.example", id="no id at all"),
    pytest.param("mx.desk.example 2; dmarc=pass header.from=corp.example", id="a version that nobody defined"),
    pytest.param("mx.desk.example; dmarc=pass header.from=evil.example", id="DMARC of another domain"),
    pytest.param("mx.desk.example; dmarc=pass", id="DMARC of no domain"),
    pytest.param("mx.desk.example; dmarc=pass header.from=sub.corp.example", id="DMARC of a domain below"),
    pytest.param("mx.desk.example; dmarc=none header.from=corp.example", id="DMARC of a domain without one"),
    pytest.param("mx.desk.example; dmarc=bestguesspass header.from=corp.example", id="Microsoft's guess"),
    pytest.param("mx.desk.example; dkim=pass header.d=evil.example", id="somebody else's signature"),
    pytest.param("mx.desk.example; dkim=pass header.d=evil.example header.i=@corp.example", id="header.d counts"),
    pytest.param("mx.desk.example; dkim=pass header.d=news.corp.example", id="a domain below speaks not for it"),
    pytest.param("mx.desk.example; dkim=pass header.d=xcorp.example", id="a name that only ends as ours"),
    pytest.param("mx.desk.example; dkim=pass header.d=corp.example header.d=evil.example", id="two domains"),
    pytest.param("mx.desk.example; dkim=neutral header.d=corp.example", id="a signature of no worth"),
    pytest.param("mx.desk.example; spf=pass smtp.mailfrom=alice@evil.example", id="another's envelope"),
    pytest.param("mx.desk.example; spf=pass smtp.helo=corp.example", id="HELO is no sender"),
    pytest.param("mx.desk.example; spf=softfail smtp.mailfrom=corp.example", id="SPF half fails"),
    pytest.param("mx.desk.example; auth=pass smtp.auth=bob@corp.example", id="Bob logged in and wrote as Alice"),
    pytest.param("mx.desk.example; auth=pass smtp.auth=alice", id="a login that is no address"),
    pytest.param("mx.desk.example; arc=pass header.d=corp.example", id="ARC is another's word"),
    pytest.param("mx.desk.example; iprev=pass policy.iprev=192.0.2.1", id="a method that proves no sender"),
    pytest.param("mx.desk.example; (dmarc=pass header.from=corp.example)", id="a pass inside a comment"),
    pytest.param('mx.desk.example; x="; dmarc=pass header.from=corp.example"', id="a pass inside quotes"),
    pytest.param('mx.desk.example; "dmarc=pass" header.from=corp.example', id="a method in quotes"),
    pytest.param("mx.desk.example; dmarc=pass (header.from=corp.example", id="a comment without its end"),
    pytest.param('mx.desk.example; dmarc=pass header.from="corp.example', id="a quote without its end"),
    pytest.param("mx.desk.example; dmarc=pass) header.from=corp.example", id="the end of no comment"),
    pytest.param("mx.desk.example; dmarc=pass header.from==?utf-8?q?corp.example?=", id="an encoded word"),
    pytest.param(
        "mx.desk.example; dkim=pass header.d=corp.example; dmarc=fail header.from=corp.example", id="DMARC fails"
    ),
    pytest.param("mx.desk.example; dmarc=pass header.from=corp.example; compauth=fail reason=601", id="compauth fails"),
]


@pytest.mark.parametrize("value", PROVEN)
def test_an_aligned_pass_of_our_server_proves_the_sender(value: str) -> None:
    sender = "alice@example" if "header.d=example" in value else ALICE.address
    assert judged(value, sender=sender).verified


@pytest.mark.parametrize("value", UNPROVEN)
def test_nothing_else_does(value: str) -> None:
    assert not judged(value).verified


def test_a_domain_speaks_for_those_below_it() -> None:
    assert judged("mx.desk.example; dkim=pass header.d=corp.example", sender="alice@mail.corp.example").verified


def test_a_top_level_domain_speaks_for_nobody_below_it() -> None:
    assert not judged("mx.desk.example; dkim=pass header.d=example").verified


@pytest.mark.parametrize(
    ("fields", "verified"),
    [
        pytest.param(["mx.desk.example; dmarc=none", "mx.desk.example; dmarc=pass header.from=corp.example"], False,
                     id="a pass that the mail brought along, below ours"),
        pytest.param(["mx.desk.example; dmarc=pass header.from=corp.example", "mx.desk.example; dmarc=none"], True,
                     id="the topmost of ours"),
        pytest.param(["mx.desk.example; dmarc=pass header.from=corp.example", "mx.desk.example; dmarc=fail"], False,
                     id="two fields of one server, DMARC fails in the second"),
        pytest.param(["filter.desk.example; spam=no", "mx.desk.example; dmarc=pass header.from=corp.example"], True,
                     id="an inner filter wrote its own above"),
        pytest.param(["mx.evil.example; dmarc=fail", "mx.desk.example; dmarc=pass header.from=corp.example"], True,
                     id="a stranger's failure is no word of ours"),
        pytest.param(["mx.desk.example; (", "mx.desk.example; dmarc=pass header.from=corp.example"], False,
                     id="what cannot be read may be ours, and hides nothing"),
    ],
)  # fmt: skip
def test_of_several_fields_the_topmost_of_ours_counts(fields: list[str], verified: bool) -> None:
    assert judged(*fields).verified is verified


@pytest.mark.parametrize(
    ("value", "verified"),
    [
        pytest.param("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=corp.example; dkim=pass (signature was verified) "
                     "header.d=corp.example;dmarc=pass action=none header.from=corp.example;compauth=pass reason=100",
                     True, id="all passes"),
        pytest.param("spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=evil.example; desk.example; dkim=none (message "
                     "not signed) header.d=none;desk.example; dmarc=none action=none header.from=corp.example;",
                     False, id="second domains stand as sections of their own"),
        pytest.param("dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=corp.example;",
                     False, id="mail inside one tenant"),
        pytest.param("spf=pass smtp.mailfrom=corp.example; compauth=fail reason=001", False, id="compauth fails"),
        pytest.param("mx.evil.example; dmarc=pass header.from=corp.example", False, id="a field with an id is not it"),
    ],
)  # fmt: skip
def test_microsoft_365_writes_no_authserv_id(value: str, verified: bool) -> None:
    assert judged(value, desk=MICROSOFT).verified is verified


def test_arc_and_renamed_fields_are_not_read() -> None:
    message = Message()
    message["ARC-Authentication-Results"] = "i=1; mx.desk.example; dmarc=pass header.from=corp.example"
    message["Authentication-Results-Original"] = "mx.desk.example; dmarc=pass header.from=corp.example"
    assert authenticate(Headers(message), ALICE, DESK).reason == "no Authentication-Results of mx.desk.example"


def test_a_domain_in_chinese_is_its_a_label() -> None:
    raw = "公司.example".encode().decode("ascii", "surrogateescape")
    assert judged(f"mx.desk.example; dmarc=pass header.from={raw}", sender="wang@xn--55qx5d.example").verified


@pytest.mark.parametrize(
    ("desk", "reason"),
    [
        (DESK, "no Authentication-Results of mx.desk.example"),
        (Ourselves(), "no mail server is trusted to tell who writes"),
        (Ourselves(senders_are_checked=True), "the mail server is declared to refuse forged senders"),
    ],
)
def test_the_reason_says_what_told(desk: Ourselves, reason: str) -> None:
    assert judged(desk=desk).reason == reason


def test_the_reason_names_the_result_and_the_server() -> None:
    assert judged("mx.desk.example; dmarc=pass header.from=corp.example").reason == (
        "dmarc=pass for corp.example, says mx.desk.example"
    )
    assert judged("mx.desk.example; spf=pass smtp.mailfrom=evil.example").reason == (
        "spf=pass: nothing that proves alice@corp.example, says mx.desk.example"
    )


def test_nobody_is_never_proven() -> None:
    assert not authenticate(Headers(Message()), None, Ourselves(senders_are_checked=True)).verified


@given(st.text('mx.desk example;=()"\\\t dmarcpass', max_size=200))
def test_any_text_is_read_or_refused(value: str) -> None:
    read_field(value)


@pytest.mark.parametrize("piece", ["(", '"', "\\", "a=", ";", "a=b;", " ", "dkim=pass header.d=x;", "((a)"])
def test_the_worst_field_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    started = time.process_time()
    for _ in range(5):
        read_field(piece * (LONGEST_FIELD // len(piece)))
    assert time.process_time() - started < 1


def test_a_field_beyond_all_measure_proves_nothing() -> None:
    long = "mx.desk.example; dmarc=pass header.from=corp.example; " + "dkim=none; " * LONGEST_FIELD
    assert not judged(long).verified
