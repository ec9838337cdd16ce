"""Which ticket a mail continues, the strongest sign first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map

from rules.decide import decide
from rules.facts import apply
from rules.joining.threads import find_thread, is_own_letter, mentioned_ids, named_numbers, passed_over
from rules.report import Address
from rules.token import TokenKeys, make_mark, make_message_id
from tests.samples import ALICE, BOB, FACTS, KEYS, LI, MALLORY, NOW, RULEBOOK, a_mail

if TYPE_CHECKING:
    from rules.facts import Facts
    from rules.report import Mail

UNSEEN = "<root@phone.example>"
FIRST = a_mail(ALICE, verified=True, cc=(Address(BOB, "Bob"),), references=(UNSEEN,))
NUMBER = "202611-001"


def letter_to(recipient: str, *, ticket: int = 1, keys: TokenKeys = KEYS) -> str:
    return make_message_id(keys, ticket=ticket, serial=5, recipient=recipient, domain="desk.example")


def mark_for(recipient: str) -> str:
    mark = make_mark(letter_to(recipient))
    assert mark is not None
    return mark


def take(mail: Mail, facts: Facts = FACTS) -> Facts:
    return apply(facts, mail, decide(mail, facts, RULEBOOK, NOW))


OPENED = take(FIRST)


def another(sender: str = ALICE, subject: str = "Something", text: str = "Quite other words", **more: object) -> Mail:
    return a_mail(sender, subject, text, n=2, **more)


@pytest.mark.parametrize(
    ("mail", "proof"),
    [
        pytest.param(another(references=(letter_to(ALICE),)), "token", id="the Message-ID of a letter to her"),
        pytest.param(another(address_marks=(mark_for(ALICE),)), "token", id="the address of a letter to her"),
        pytest.param(another(full_text=f"Hello\n\n> [{mark_for(ALICE)}]\n"), "token", id="the mark that she quotes"),
        pytest.param(another(references=("<1@mail.example>",)), "ledger", id="a mail of the ticket"),
        pytest.param(another(references=(UNSEEN,)), "mentioned", id="a mail that never came"),
        pytest.param(another(message_id=UNSEEN), "mentioned", id="that mail itself, late"),
        pytest.param(another(BOB, references=(UNSEEN,)), "mentioned", id="his colleague's answer to it"),
        pytest.param(another(subject=f"Re: VPN [{NUMBER}]"), "number", id="the number in the subject"),
        pytest.param(another(subject=f"关于 [#{NUMBER}]"), "number", id="the number with a hash"),
    ],
)
def test_a_participant_finds_his_ticket(mail: Mail, proof: str) -> None:
    thread = find_thread(mail, OPENED)
    assert thread is not None
    assert (thread.ticket, thread.proof) == (1, proof)


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(another(MALLORY, references=(letter_to(ALICE),)), id="her letter"),
        pytest.param(another(MALLORY, references=(letter_to(MALLORY),)), id="a letter to him, of a time gone by"),
        pytest.param(another(MALLORY, address_marks=(mark_for(ALICE),)), id="her letter's address"),
        pytest.param(another(MALLORY, full_text=f"> [{mark_for(ALICE)}]"), id="her letter's mark"),
        pytest.param(another(MALLORY, references=("<1@mail.example>",)), id="her mail"),
        pytest.param(another(MALLORY, references=(UNSEEN,)), id="the mail that never came"),
        pytest.param(another(MALLORY, message_id=UNSEEN), id="the id of that mail"),
        pytest.param(another(MALLORY, subject=f"Re: VPN [{NUMBER}]"), id="the number"),
        pytest.param(another(LI, subject=f"Re: VPN [{NUMBER}]"), id="the number, from a colleague without a letter"),
        pytest.param(replace(another(references=(letter_to(ALICE),)), sender=None), id="everything, from nobody"),
    ],
)
def test_nobody_else_finds_it(mail: Mail) -> None:
    assert find_thread(mail, OPENED) is None


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(letter_to(ALICE, ticket=2), id="a ticket that is not hers"),
        pytest.param(letter_to(ALICE)[:-20] + "0" * 4 + letter_to(ALICE)[-16:], id="a changed MAC"),
        pytest.param(letter_to(ALICE, keys=TokenKeys("k1", Map({"k1": b"x" * 32}))), id="another desk's key"),
        pytest.param(letter_to(ALICE, keys=TokenKeys("k9", Map({"k9": b"x" * 32}))), id="a key that is gone"),
    ],
)
def test_a_letter_that_was_never_written_proves_nothing(token: str) -> None:
    mark = make_mark(token) or ""
    assert find_thread(another(references=(token,)), OPENED) is None
    assert find_thread(another(address_marks=(mark,)), OPENED) is None
    assert find_thread(another(full_text=mark), OPENED) is None


def test_the_token_counts_before_everything_else() -> None:
    second = take(another(BOB, "Printer broken", "It burns", verified=True, cc=(Address(ALICE),)), OPENED)
    both = a_mail(ALICE, f"Re [{NUMBER}]", "x", n=3, references=("<1@mail.example>", letter_to(ALICE, ticket=2)))
    thread = find_thread(both, second)
    assert thread is not None
    assert (thread.ticket, thread.proof) == (2, "token")


def test_two_answers_to_a_mail_that_never_came_are_one_ticket() -> None:
    answer = a_mail(BOB, "Re: lunch", "Me too, and the phone as well", n=2, references=(UNSEEN,), verified=True)
    decision = decide(answer, OPENED, RULEBOOK, NOW)
    assert decision.verdict == "appended"
    assert "a mail of this ticket refers to <root@phone.example>, too" in decision.why


def test_a_stranger_who_names_the_same_mail_takes_nobody_along() -> None:
    squatted = take(a_mail(MALLORY, "Mine", "All of it", n=7, references=(UNSEEN,)))
    first = replace(FIRST, subject="Printer", text="It is on fire", full_text="It is on fire")
    assert decide(first, squatted, RULEBOOK, NOW).verdict == "opened"


def test_a_forged_participant_leaves_no_trail_for_others() -> None:
    forged = another(references=("<1@mail.example>", "<bait@evil.example>"))
    facts = take(forged, OPENED)
    assert "<bait@evil.example>" not in facts.mentions


def test_of_two_mails_with_one_id_the_first_is_the_threads() -> None:
    copied = replace(a_mail(MALLORY, "Else", "Quite else", n=4), message_id="<1@mail.example>")
    thread = find_thread(another(references=("<1@mail.example>",)), take(copied, OPENED))
    assert thread is not None
    assert thread.ticket == 1


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        (
            another(MALLORY, references=(letter_to(ALICE),)),
            "it names a letter that was not written to its sender: that proves nothing",
        ),
        (
            another(MALLORY, subject=f"[{NUMBER}] open up"),
            f"its subject names {NUMBER}, of which its sender is no participant",
        ),
    ],
)
def test_what_did_not_count_is_told_with_the_new_ticket(mail: Mail, reason: str) -> None:
    decision = decide(mail, OPENED, RULEBOOK, NOW)
    assert decision.verdict == "opened"
    assert reason in decision.reasons
    assert list(passed_over(mail, OPENED)) == [reason]


def test_a_letter_of_ours_that_comes_back_is_known_without_its_headers() -> None:
    back = a_mail(MALLORY, n=8, message_id=letter_to(ALICE), to=(Address(ALICE),))
    assert is_own_letter(back, OPENED)
    assert decide(back, OPENED, RULEBOOK, NOW).verdict == "ignored"
    assert not is_own_letter(replace(back, to=(Address(MALLORY),)), OPENED)


def test_of_a_long_thread_the_root_and_the_newest_are_kept() -> None:
    ids = tuple(f"<{n}@long.example>" for n in range(100))
    kept = mentioned_ids(another(references=(*ids, letter_to(ALICE))))
    assert kept == (ids[0], *ids[-19:])


def test_an_id_without_end_is_not_kept() -> None:
    assert mentioned_ids(another(references=(f"<{'字' * 900}@long.example>", "<a@b.example>"))) == ("<a@b.example>",)


def test_a_subject_names_few_numbers() -> None:
    assert named_numbers("[1][2] [#3] [a b] [] [4][5][6][7]" + "[" * 10_000) == ("1", "2", "3", "4", "5")
