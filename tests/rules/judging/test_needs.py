"""What a report must tell and does not."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.decide import decide
from rules.directory import Contact
from rules.judging.needs import missing_needs
from rules.rulebook import Rulebook
from tests.samples import ALICE, FACTS, NOW, RULEBOOK_TEXT, a_mail

if TYPE_CHECKING:
    from rules.ticket import Ticket

NEEDS = """
[needs.name]
ask = { en = "your name" }
known = "name"
[needs.number]
ask = { en = "your employee or customer number" }
words = ["工号", "employee number"]
patterns = ['\\b[A-Z]{2}-[0-9]{4}\\b']
known = "number"
[needs.department]
ask = { en = "your department or company" }
words = ["部门"]
known = "department"
[needs.steps]
ask = { en = "what you tried" }
words = ["试过", "重启", "I tried", "rebooted"]
when = { kinds = "incident" }
[needs.address]
ask = { en = "the address to go to" }
words = ["floor"]
known = "place"
when = { categories = "hardware" }
"""

RULEBOOK = Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT + NEEDS))
ALICE_KNOWN = Contact(address=ALICE, name="Alice", number="007", department="Finance", place="A 3.12")


def a_ticket(**changes: Any) -> Ticket:
    ticket = decide(a_mail(ALICE), FACTS, Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT)), NOW).ticket
    assert ticket is not None
    return replace(ticket, **changes)


def missing(text: str = "", contact: Contact | None = None, name: str = "", **changes: Any) -> tuple[str, ...]:
    return missing_needs(text, a_ticket(**changes), contact, name, RULEBOOK)


def test_of_an_empty_report_everything_is_missing_in_the_order_of_the_rulebook() -> None:
    assert missing() == ("name", "number", "department", "steps")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("my employee number is below", "number", id="a word tells it"),
        pytest.param("工號 12", "number", id="in the other script"),
        pytest.param("it is ab-1234", "number", id="a pattern tells it, in small letters"),
        pytest.param("ＡＢ-1234", "number", id="and in full width"),
        pytest.param("We re-booted nothing. I rebooted it.", "steps", id="an English word"),
        pytest.param("部門：財務", "department", id="a Chinese word"),
    ],
)
def test_the_report_tells_what_is_needed(text: str, told: str) -> None:
    assert told in missing()
    assert told not in missing(text)


def test_a_longer_word_of_one_need_does_not_hide_another() -> None:
    both = (
        '[needs]\na = { ask = { en = "?" }, words = ["phone"] }\nb = { ask = { en = "?" }, words = ["phone number"] }'
    )
    rulebook = Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT + both))
    assert missing_needs("my phone number", a_ticket(), None, "", rulebook) == ()


@pytest.mark.parametrize(
    ("contact", "name", "still"),
    [
        pytest.param(ALICE_KNOWN, "", ("steps",), id="the people file spares the questions"),
        pytest.param(None, "Alice", ("number", "department", "steps"), id="the mail shows a name"),
        pytest.param(None, "alice@corp.example", ("name", "number", "department", "steps"), id="an address is no name"),
        pytest.param(None, "  ", ("name", "number", "department", "steps"), id="nor is a blank"),
        pytest.param(
            Contact(address=ALICE, customer="Acme"), "Al", ("number", "steps"), id="a customer stands for a department"
        ),
    ],
)
def test_what_is_known_is_not_asked(contact: Contact | None, name: str, still: tuple[str, ...]) -> None:
    assert missing("", contact, name) == still


def test_only_what_the_ticket_needs_is_asked() -> None:
    assert "steps" not in missing(kind="question")
    assert "address" in missing(category="hardware")
    assert "address" not in missing(category="hardware", contact=ALICE_KNOWN)


def test_a_rulebook_without_needs_asks_nothing() -> None:
    rulebook = Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT))
    assert missing_needs("", a_ticket(), None, "", rulebook) == ()


@given(st.text(max_size=60))
def test_telling_more_never_makes_more_missing(text: str) -> None:
    readable = text.encode(errors="replace").decode()
    assert set(missing(f"employee number {readable}")) <= set(missing("employee number"))
