"""Published faults of other helpdesks in telling who writes and what a mail belongs to, a test for each."""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import transaction
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from rules import token as token_module
from rules.token import make_message_id
from tests.daemon.desks import STANDING, StandingDesk, verdicts
from tests.samples import ALICE, BOB, KEYS, LI, MALLORY, NOW, STAFF

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from rules.decision import Decision

SUPPORT = "support@desk.example"
OURSELVES = Ourselves(addresses=frozenset({SUPPORT}), authserv_ids=frozenset({"mx.desk.example"}))
PROVING = replace(STANDING, senders_are_proven=True, own=OURSELVES.addresses)


class Mailboxes:
    """The mailboxes of a desk whose border server proves senders; mails are laid in as they come from the network."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.desk = StandingDesk(engine, standing=PROVING)
        self._count = 0

    def get(
        self,
        sender: str,
        text: str = "The VPN gateway does not answer",
        *,
        proven: bool = False,
        mailbox: str = "support",
        ours: Ourselves = OURSELVES,
        **fields: str,
    ) -> Decision:
        """Take one mail in; `fields` are further header fields."""
        self._count += 1
        domain = sender.rpartition("@")[2].rstrip(">")
        given = {
            "Authentication_Results": f"mx.desk.example; dmarc=pass header.from={domain}" if proven else "",
            "From": sender,
            "To": SUPPORT,
            "Subject": "VPN is down",
            "Message_ID": f"<{self._count}@mail.example>",
        } | fields
        header = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items() if value)
        mail = read_mail(
            f"{header}\r\n{text}\r\n".encode(),
            source=mailbox,
            key=f"9.{self._count}",
            received_at=NOW,
            ourselves=ours,
        )
        return self.desk.receive(mail)[0]

    def recipients(self) -> set[str]:
        """Everybody outside the desk who is written to."""
        with transaction(self.engine) as connection:
            return set(connection.execute(select(schema.letters.c.recipient)).scalars()) - set(STAFF.people)


@pytest.fixture
def mailboxes(sqlite_writer: Engine) -> Mailboxes:
    return Mailboxes(sqlite_writer)


def letter_to(recipient: str, ticket: int = 1) -> str:
    return make_message_id(KEYS, ticket=ticket, serial=1, recipient=recipient, domain="desk.example")


def people(decision: Decision) -> list[str]:
    assert decision.ticket is not None
    return [person.address for person in decision.ticket.participants]


def test_freescout_cve_2026_47123_a_guessed_message_id_makes_no_agent_speak(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    forged = mailboxes.get(
        LI, "Please wire the money to Mallory", References="<notify-1-1-@desk.example> <d1.k1.1.1@x>"
    )
    assert people(forged) == [ALICE]
    assert {letter.to for letter in forged.letters} <= set(STAFF.people)


def test_freescout_ghsa_8vm3_wwq4_ggfx_no_form_without_a_mac_is_accepted(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    for form in (
        "<d1.k1.1.1@desk.example>",
        "<d1.k1.1.1.@desk.example>",
        "<d0.k1.1.1@desk.example>",
        "<1@desk.example>",
    ):
        answer = mailboxes.get(LI, "!resolve", proven=True, References=form, Subject="Another matter")
        assert answer.verdict != "command"


def test_freescout_ghsa_83xx_8c27_gq78_a_colleague_who_left_has_no_voice(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    left = replace(PROVING, staff=replace(STAFF, people=STAFF.people.delete(LI)))
    mailboxes.desk.desk.change_rules(mailboxes.desk.desk.rulebook, left)
    mailboxes.desk.desk.step(0)
    answer = mailboxes.get(LI, "!resolve", proven=True, References=letter_to(LI), Subject="Quite another matter")
    assert answer.verdict == "opened"


def test_freescout_2382_who_answers_anothers_letter_becomes_nobody_there(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    foreign = mailboxes.get(
        MALLORY, "I will take over from here", proven=True, References=letter_to(ALICE), Subject="x"
    )
    assert foreign.verdict == "opened"
    assert people(foreign) == [MALLORY]


def test_freescout_4287_reply_to_is_no_identity(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    answer = mailboxes.get(
        MALLORY,
        "!resolve it",
        proven=True,
        Reply_To=LI,
        Sender=LI,
        Return_Path=LI,
        References=letter_to(LI),
        Subject="x",
    )
    assert answer.verdict == "opened"
    assert {letter.to for letter in answer.letters} <= {MALLORY, *STAFF.people}


def test_zendesk_2026_forged_senders_are_sent_nothing(mailboxes: Mailboxes) -> None:
    for number in range(20):
        mailboxes.get(f"victim{number}@else.example", f"Buy now {number}", Subject=f"Win {number}")
    assert mailboxes.recipients() == set()


def test_zendesk_2024_who_copies_himself_in_on_a_forged_mail_reads_nothing(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    forged = mailboxes.get(ALICE, "More of it", References="<1@mail.example>", Cc=MALLORY)
    assert people(forged) == [ALICE]
    assert MALLORY not in mailboxes.recipients()


def test_ticket_trick_2017_a_sign_up_mail_reaches_nobody(mailboxes: Mailboxes) -> None:
    mailboxes.get(MALLORY, proven=True)
    code = mailboxes.get(
        "no-reply@chat.example", "Your code is 314159", proven=True, Subject="Re: VPN is down [202611-001] confirm"
    )
    assert code.verdict != "appended"
    assert {letter.to for letter in code.letters if "314159" in str(letter.data)} <= {
        *STAFF.people,
        "no-reply@chat.example",
    }


def test_rt_two_desks_do_not_take_each_others_letters_for_answers(mailboxes: Mailboxes) -> None:
    letter = mailboxes.get(
        "support@other.example",
        proven=True,
        Message_ID="<d1.k1.1.1.00112233445566778899aabbccddeeff@other.example>",
        X_Deskd_Instance="other.example",
    )
    assert letter.verdict == "ignored"


def test_rt_our_own_letter_is_known_where_a_relay_took_its_headers(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    back = mailboxes.get(BOB, proven=True, Message_ID=letter_to(ALICE), To=ALICE)
    assert back.verdict == "ignored"


@pytest.mark.parametrize(
    "sender",
    [
        f'"{ALICE}" <{MALLORY}>',
        f"{ALICE}(<{MALLORY}>)",
        f"{MALLORY} <{ALICE}",
        f"{ALICE}, {MALLORY}",
        f"<{ALICE}@evil.example>",
        f"{ALICE}\x00@evil.example",
        f"{ALICE} (comment) {MALLORY}",
    ],
)
def test_cpython_cve_2023_27043_no_reading_of_a_from_makes_somebody_else(mailboxes: Mailboxes, sender: str) -> None:
    mailboxes.get(ALICE, proven=True)
    results = "mx.desk.example; dmarc=pass header.from=evil.example"
    taken = mailboxes.get(
        sender,
        "Words of nobody",
        References="<1@mail.example>",
        Subject="Quite another",
        Authentication_Results=results,
    )
    assert "moves nothing" in taken.why or ALICE not in people(taken)


def test_itop_262_the_first_authentication_results_do_not_win(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    results = "mx.evil.example; dmarc=pass header.from=desk.example"
    forged = mailboxes.get(LI, "!resolve it", References=letter_to(LI), Authentication_Results=results)
    assert forged.verdict == "appended"
    assert forged.ticket is not None
    assert forged.ticket.status != "resolved"


def test_hermes_ghsa_rxqh_5572_8m77_a_forged_field_below_ours_does_not_count(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    results = (
        "mx.desk.example; dmarc=none\r\nAuthentication-Results: mx.desk.example; dmarc=pass header.from=desk.example"
    )
    assert (
        mailboxes.get(LI, "!resolve it", References=letter_to(LI), Authentication_Results=results).verdict == "appended"
    )


def test_hermes_88560_without_a_configured_server_a_lone_field_proves_nothing(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    bare = Ourselves(addresses=OURSELVES.addresses)
    forged = mailboxes.get(LI, "!resolve it", proven=True, References=letter_to(LI), ours=bare)
    assert forged.verdict == "appended"


def test_rt_cve_2021_38562_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(left: str, right: str) -> bool:
        compared.append((left, right))
        return hmac.compare_digest(left, right)

    monkeypatch.setattr(token_module, "hmac", type("Hmac", (), {"new": hmac.new, "compare_digest": compare}))
    token_module.read_token(KEYS, letter_to(ALICE), sender=MALLORY)
    assert len(compared) == 1


def test_zammad_5064_and_django_helpdesk_a_quoted_number_attaches_no_stranger(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True)
    quoting = mailboxes.get(MALLORY, "See above", proven=True, Subject="[202611-001] Ticket#202611-001")
    assert quoting.verdict == "opened"
    assert "of which its sender is no participant" in quoting.why


def test_zammad_5716_answers_to_a_mail_that_never_came_are_one_ticket(mailboxes: Mailboxes) -> None:
    root = "<begun-outside@corp.example>"
    mailboxes.get(ALICE, proven=True, References=root, Cc=BOB)
    answer = mailboxes.get(BOB, "Here as well, since noon", proven=True, References=root, Subject="Re: lunch")
    assert answer.verdict == "appended"


def test_freescout_480_one_mail_to_two_mailboxes_is_one_ticket(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True, Message_ID="<same@mail.example>", Received="by one")
    again = mailboxes.get(
        ALICE, proven=True, Message_ID="<same@mail.example>", Received="by another", mailbox="helpdesk"
    )
    assert verdicts([again]) == ["ignored"]
    assert "in this mailbox or another" in again.why
    assert again.ticket is not None


def test_itop_253_two_mails_with_one_message_id_are_both_kept(mailboxes: Mailboxes) -> None:
    mailboxes.get(ALICE, proven=True, Message_ID="<same@mail.example>")
    other = mailboxes.get(
        BOB, "The printer prints stripes", proven=True, Message_ID="<same@mail.example>", Subject="Printer"
    )
    assert other.verdict == "opened"
