"""The token of a letter's Message-ID."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from rules.token import MOST_MARKS, TokenKeys, find_marks, make_mark, make_message_id, read_token

ALICE, MALLORY = "alice@corp.example", "mallory@evil.example"
KEYS = TokenKeys("k2", Map({"k1": b"old" * 11, "k2": b"new" * 11}))


def letter_to(recipient: str, *, keys: TokenKeys = KEYS, ticket: int = 7) -> str:
    return make_message_id(keys, ticket=ticket, serial=12, recipient=recipient, domain="desk.example")


def test_the_recipient_of_a_letter_proves_its_ticket() -> None:
    assert read_token(KEYS, letter_to(ALICE), sender=ALICE) == 7


def test_the_case_of_an_address_does_not_matter() -> None:
    assert read_token(KEYS, letter_to("Alice@Corp.example"), sender=ALICE) == 7


def test_a_letter_of_an_older_key_still_counts() -> None:
    old = TokenKeys("k1", KEYS.secrets)
    assert read_token(KEYS, letter_to(ALICE, keys=old), sender=ALICE) == 7


def test_a_key_that_was_removed_proves_nothing() -> None:
    old = TokenKeys("k1", KEYS.secrets)
    assert (
        read_token(TokenKeys("k2", Map({"k2": KEYS.secrets["k2"]})), letter_to(ALICE, keys=old), sender=ALICE) is None
    )


TAMPERED = [
    pytest.param(letter_to(ALICE), MALLORY, id="somebody else's letter"),
    pytest.param(letter_to(ALICE).replace(".7.", ".8."), ALICE, id="another ticket"),
    pytest.param(letter_to(ALICE).replace("d1.", "d2."), ALICE, id="another version"),
    pytest.param(letter_to(ALICE).replace("k2.", "k1."), ALICE, id="another key"),
    pytest.param("<7@desk.example>", ALICE, id="a form that was never ours"),
    pytest.param("<deskd.7.12@desk.example>", ALICE, id="a form without a MAC"),
    pytest.param(letter_to(ALICE).replace("@", ".00@"), ALICE, id="something behind the MAC"),
    pytest.param(letter_to(ALICE) + "\n", ALICE, id="a line end behind it"),
]


@pytest.mark.parametrize(("message_id", "sender"), TAMPERED)
def test_nothing_else_is_accepted(message_id: str, sender: str) -> None:
    assert read_token(KEYS, message_id, sender=sender) is None


@given(position=st.integers(0, 31), digit=st.sampled_from("0123456789abcdef"))
def test_every_digit_of_the_mac_counts(position: int, digit: str) -> None:
    whole = letter_to(ALICE)
    start = whole.index("@") - 32 + position
    changed = whole[:start] + digit + whole[start + 1 :]
    assert (read_token(KEYS, changed, sender=ALICE) == 7) == (changed == whole)


@given(st.text(max_size=80))
def test_no_text_makes_reading_fail(message_id: str) -> None:
    assert read_token(KEYS, message_id, sender=ALICE) is None


class TestMark:
    def test_it_proves_what_the_letter_proves(self) -> None:
        mark = make_mark(letter_to(ALICE))
        assert mark is not None
        assert read_token(KEYS, mark, sender=ALICE) == 7
        assert read_token(KEYS, mark, sender=MALLORY) is None

    def test_a_message_of_others_has_none(self) -> None:
        assert make_mark("<1@mail.example>") is None

    def test_it_is_found_wherever_it_is_quoted(self) -> None:
        mark = make_mark(letter_to(ALICE))
        text = f"> > [{mark}]\nsupport+{mark}@desk.example x{mark} {mark}0"
        assert find_marks(text) == (mark,)

    def test_a_text_of_nothing_else_is_soon_read(self) -> None:
        mark = make_mark(letter_to(ALICE)) or ""
        text = "".join(mark.replace("-7-", f"-{n}-") + " " for n in range(50_000))
        assert len(find_marks(text)) == MOST_MARKS
        assert find_marks("d1-" * 400_000) == ()
