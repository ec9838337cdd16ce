"""Every mixture of From, token, authentication and trust, and what may come of it, told in plain sentences.

Each mail is as strong as a forger can make it: it names the ticket's number in its subject and a mail of the ticket in
its References, and copies somebody in. What it may do is told apart from the code that decides it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count, product
from typing import TYPE_CHECKING, Final

import pytest
from immutables import Map

from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from rules.decide import decide
from rules.facts import apply
from rules.report import Address
from rules.token import TokenKeys, make_mark, make_message_id
from tests.samples import ALICE, BOB, CAROL, CHEN, FACTS, LI, MALLORY, NOW, RULEBOOK, STAFF, a_mail

if TYPE_CHECKING:
    from rules.decision import Decision
    from rules.facts import Facts
    from rules.report import Mail
    from rules.ticket import Ticket

SUPPORT, FRIEND = "support@desk.example", "friend@evil.example"
KEYS = TokenKeys("k2", Map({"k1": b"the old key of the tests, 32 by.", "k2": b"the new key of the tests, 32 by."}))
GONE = TokenKeys("k0", Map({"k0": b"a key that was taken away, 32 b."}))
NUMBER, ROOT, SECRET = "202611-001", "<1@mail.example>", "heron"

PARTICIPANTS, STRANGERS = (ALICE, BOB), (MALLORY,)
COLLEAGUES = (LI, CHEN)
NOBODIES = ("", f"{ALICE}, {MALLORY}", SUPPORT)
TOKENS = ("none", "own", "old key", "another's", "tampered", "key gone", "other ticket")
RESULTS = ("none", "aligned", "unaligned", "fails", "other server", "forged below")
TRUSTS = ("authserv", "trusted", "neither")


@dataclass(frozen=True)
class Words:
    """What a mail says, and to a ticket in which state."""

    resolved: bool
    text: str
    repeats: bool = False
    """It tells of the ticket's problem in nearly the requester's words."""


WORDS: Final = (
    Words(resolved=False, text="!resolve the cable, said the crocodile"),
    Words(resolved=False, text="It is still broken again, said the crocodile"),
    Words(resolved=True, text="No, it is not solved, said the crocodile"),
    Words(resolved=True, text="Yes, it is solved, thank you"),
    Words(resolved=False, text="VPN is down: the VPN gateway does not answer", repeats=True),
)


@dataclass(frozen=True)
class Case:
    """One mail and the desk that it comes to."""

    sender: str
    token: str
    result: str
    trust: str
    words: Words

    @property
    def proven(self) -> bool:
        """A sender is proven who is exactly one, where all are believed or our own server says so of this very mail."""
        if self.sender in NOBODIES:
            return False
        return self.trust == "trusted" or (self.trust == "authserv" and self.result == "aligned")

    @property
    def holds_letter(self) -> bool:
        """Whoever shows the token of a letter to his address had that letter, be its key the newest or not."""
        return self.token in ("own", "old key")

    @property
    def holds_letter_of_carol(self) -> bool:
        """A colleague may have letters of any ticket, others of their own only."""
        return self.token == "other ticket" and self.sender in COLLEAGUES

    @property
    def may_command(self) -> bool:
        """A colleague is obeyed who is proven and answers a letter that was written to him."""
        return self.sender in COLLEAGUES and self.proven and (self.holds_letter or self.holds_letter_of_carol)

    @property
    def may_speak(self) -> bool:
        """A participant moves the ticket who had a letter of it, or who is proven."""
        return self.sender in PARTICIPANTS and (self.holds_letter or self.proven)

    @property
    def may_repeat(self) -> bool:
        """Whoever is proven may report the same problem and takes part then, and on the first day anybody may."""
        return self.words.repeats and self.sender not in NOBODIES and (self.proven or self.trust != "authserv")

    @property
    def may_add_people(self) -> bool:
        """Only a proven participant adds people."""
        return self.sender in PARTICIPANTS and self.proven

    @property
    def may_hear(self) -> bool:
        """The sender is answered who is proven or had a letter, and on the first day everybody."""
        return self.proven or self.trust == "neither" or self.may_speak


def ourselves(trust: str) -> Ourselves:
    return Ourselves(
        addresses=frozenset({SUPPORT}),
        senders_are_checked=trust == "trusted",
        authserv_ids=frozenset({"mx.desk.example"} if trust == "authserv" else ()),
    )


def desk(trust: str, *, resolved: bool) -> Facts:
    """Alice's ticket with Bob in Cc, given to Li, and Carol's, of which nobody else knows."""
    facts = replace(
        FACTS,
        keys=KEYS,
        staff=replace(STAFF, known=frozenset()),
        commands_by_mail=trust != "neither",
        senders_are_proven=trust == "authserv",
        own_addresses=frozenset({SUPPORT}),
    )
    letter = make_message_id(KEYS, ticket=1, serial=9, recipient=LI, domain="desk.example")
    mails = [
        a_mail(ALICE, "VPN is down", f"The VPN gateway does not answer; {SECRET}", verified=True, cc=(Address(BOB),)),
        a_mail(CAROL, "Printer broken", "It prints nothing but stripes", n=2, verified=True),
    ]
    if resolved:
        mails.append(a_mail(LI, "Re", "!resolve a new cable", n=3, verified=True, references=(letter,)))
    for mail in mails:
        facts = apply(facts, mail, decide(mail, replace(facts, commands_by_mail=True), RULEBOOK, NOW))
    return facts


DESKS: Final = {(trust, resolved): desk(trust, resolved=resolved) for trust in TRUSTS for resolved in (False, True)}


def token_of(case: Case) -> str | None:
    recipient, keys, ticket = case.sender, KEYS, 1
    match case.token:
        case "none":
            return None
        case "old key":
            keys = TokenKeys("k1", KEYS.secrets)
        case "another's":
            recipient = CHEN if case.sender != CHEN else ALICE
        case "key gone":
            keys = GONE
        case "other ticket":
            ticket = 2
    token = make_message_id(keys, ticket=ticket, serial=7, recipient=recipient, domain="desk.example")
    if case.token == "tampered":
        at = token.index("@") - 1
        token = token[:at] + ("0" if token[at] != "0" else "1") + token[at + 1 :]
    return token


def results_of(case: Case) -> list[str]:
    domain = case.sender.rpartition("@")[2] or "corp.example"
    passes = f"dmarc=pass header.from={domain}"
    fields = {
        "none": [],
        "aligned": [f"mx.desk.example; {passes}"],
        "unaligned": [
            "mx.desk.example; dmarc=pass header.from=other.example; spf=pass smtp.mailfrom=unrelated.example"
        ],
        "fails": [f"mx.desk.example; dkim=pass header.d={domain}; dmarc=fail header.from={domain}"],
        "other server": [f"mx.evil.example; {passes}", f"mx.desk.example.evil.example; {passes}"],
        "forged below": ["mx.desk.example; dmarc=none", f"mx.desk.example; {passes}"],
    }
    return [f"Authentication-Results: {field}\r\n" for field in fields[case.result]]


def mail_of(case: Case, number: int) -> Mail:
    """The mail of a case; its token stands where programs may leave it, in turn."""
    token, mark, to, quoted = token_of(case), None, SUPPORT, ""
    if token is not None and number % 3:
        mark, token = make_mark(token), None
    if mark is not None and number % 3 == 1:
        to = f"support+{mark}@desk.example"
    elif mark is not None:
        quoted = f"\r\n\r\nOn Monday the desk wrote:\r\n> Hello\r\n> [{mark}]\r\n"
    original = (
        "".join(results_of(case))
        + (f"From: {case.sender}\r\n" if case.sender else "")
        + f"To: {to}\r\nCc: {FRIEND}\r\nReply-To: {FRIEND}\r\nSubject: Re: [{NUMBER}] it\r\n"
        + f"Message-ID: <case{number}@mail.example>\r\nReferences: {ROOT} {token or ''}\r\n"
        + f"\r\n{case.words.text}{quoted}"
    )
    return read_mail(
        original.encode(), source="support", key=f"8.{number}", received_at=NOW, ourselves=ourselves(case.trust)
    )


def moved(before: Ticket, after: Ticket) -> bool:
    """Whether anything of a ticket was changed but what staff read on it."""
    fields = (
        "status", "waiting_for", "assignee", "team", "priority", "impact", "kind", "category", "solution",
        "counted_repeats", "reopened", "raised", "ratings", "complaint", "clocks", "milestones", "rungs",
    )  # fmt: skip
    return any(getattr(before, field) != getattr(after, field) for field in fields)


def effects_that_should_not_be(case: Case, mail: Mail, facts: Facts, decision: Decision) -> list[str]:
    """What came of a mail and should not have, in words; empty where all is well."""
    after = apply(facts, mail, decision)
    before_1, after_1, staff = facts.tickets[1], after.tickets[1], set(STAFF.people)
    people = {person.address for person in before_1.participants}
    added = {person.address for person in after_1.participants} - people
    about_1 = [letter for letter in decision.letters if decision.ticket is not None and decision.ticket.id == 1]
    outside = [letter for letter in decision.letters if letter.to not in staff]
    repeating = [letter.to for letter in outside if "crocodile" in str(letter.data)]
    found = {
        "Carol's ticket was touched": after.tickets[2] != facts.tickets[2] and not case.holds_letter_of_carol,
        "Carol's ticket was moved": moved(facts.tickets[2], after.tickets[2]) and not case.may_command,
        "a command was obeyed": decision.verdict == "command" and not case.may_command,
        "the ticket was moved": moved(before_1, after_1)
        and (case.holds_letter_of_carol or not (case.may_command or case.may_speak or case.may_repeat)),
        "people were copied in": FRIEND in added and not case.may_add_people,
        "somebody joined": case.sender in added and not case.may_repeat,
        "others were added": bool(added - {FRIEND, case.sender}),
        "a stranger was written to about it": any(letter.to not in people | staff | added for letter in about_1),
        "a stranger read the requester's words": any(
            SECRET in str(letter.data) for letter in outside if letter.to not in people
        ),
        "his words went to others": any(to != case.sender for to in repeating) and not case.may_command,
        "an unproven sender got his words back": bool(repeating) and not case.proven and not case.may_speak,
        "an unproven sender was answered": any(letter.to == case.sender for letter in outside) and not case.may_hear,
        "the address in Reply-To was written to": any(letter.to == FRIEND for letter in outside)
        and not case.may_add_people,
        "the desk wrote to itself": any(letter.to == SUPPORT for letter in decision.letters),
        "our own address was listened to": case.sender == SUPPORT and bool(decision.events),
    }
    return [wrong for wrong, happened in found.items() if happened]


SENDERS: Final = (*PARTICIPANTS, *COLLEAGUES, *STRANGERS, *NOBODIES)


@pytest.mark.parametrize("trust", [TRUSTS[0], *(pytest.param(trust, marks=pytest.mark.slow) for trust in TRUSTS[1:])])
@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender or "no From")
def test_no_mail_does_what_it_should_not(sender: str, token: str, trust: str) -> None:
    numbers = count(1)
    for result, words in product(RESULTS, WORDS):
        case = Case(sender, token, result, trust, words)
        facts = DESKS[trust, words.resolved]
        mail = mail_of(case, next(numbers))
        decision = decide(mail, facts, RULEBOOK, NOW)
        assert not effects_that_should_not_be(case, mail, facts, decision), (case, decision.reasons)


def test_the_matrix_is_large() -> None:
    assert len(SENDERS) * len(TOKENS) * len(RESULTS) * len(TRUSTS) * len(WORDS) == 5040


@pytest.mark.parametrize("trust", ["authserv", "trusted"])
@pytest.mark.parametrize("token", ["own", "old key"])
def test_what_should_be_is(token: str, trust: str) -> None:
    """The matrix does not pass because nothing ever happens."""
    resolve, _, refuse, _, repeat = WORDS
    stranger = decide(mail_of(Case(MALLORY, "none", "aligned", trust, repeat), 1), DESKS[trust, False], RULEBOOK, NOW)
    assert stranger.verdict == "repeated"
    for number in range(3):
        obeyed = decide(mail_of(Case(LI, token, "aligned", trust, resolve), number), DESKS[trust, False], RULEBOOK, NOW)
        assert obeyed.verdict == "command"
        assert obeyed.ticket is not None
        assert obeyed.ticket.status == "resolved"
        reopened = decide(mail_of(Case(ALICE, token, "none", trust, refuse), number), DESKS[trust, True], RULEBOOK, NOW)
        assert reopened.verdict == "reopened"
