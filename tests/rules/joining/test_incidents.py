"""A person's report of what an alert's ticket is about is suggested to staff, or joins by itself."""

from __future__ import annotations

import pytest
from immutables import Map

from rules.joining.concerns import alert_concerns, mail_concerns
from rules.joining.likeness import Claim, liken, read_claim
from rules.ticket import Participant
from tests.rules.joining.shop import ONLY_ASKS, RULEBOOK, Shop, database_down, latency, letters, told
from tests.samples import ALICE, BOB, HOUR, MALLORY, a_mail, an_alert, rulebook_with

SLOW, SLOW_ZH = ("Payment is very slow", "支付很慢，一直转圈")


def claim(subject: str, text: str) -> Claim:
    return read_claim(a_mail(subject=subject, text=text), RULEBOOK)


def test_an_alert_is_about_its_services_and_systems() -> None:
    assert alert_concerns(latency(), RULEBOOK) == ("service checkout",)
    assert alert_concerns(database_down(), RULEBOOK) == ("service db", "system db1.corp.example", "system db1")


CONCERNS = [
    pytest.param("付款失败", ("service checkout", "service db"), id="a word of the service, and what it needs"),
    pytest.param("the DATABASE is gone", ("service db",), id="in any case"),
    pytest.param("db1 and web-03.corp.example", ("system db1", "system web-03.corp.example"), id="names of systems"),
    pytest.param("since 10:30 on 2026-11-23, 3 times", (), id="numbers and dates are none"),
    pytest.param("write to bob1@corp.example", (), id="nor are addresses"),
    pytest.param("repayment of my loan", (), id="nor is a part of another word"),
]


@pytest.mark.parametrize(("text", "concerns"), CONCERNS)
def test_a_mail_is_about_what_it_names(text: str, concerns: tuple[str, ...]) -> None:
    assert mail_concerns(a_mail(subject="", text=text), RULEBOOK) == concerns


LIKE = [
    pytest.param(SLOW, "The payment page hangs.", 0.85, 1.0, id="the service, the failure, and soon"),
    pytest.param("支付慢", SLOW_ZH, 0.85, 1.0, id="in Chinese as well"),
    pytest.param("Payment", "Something is odd with payment.", 0.5, 0.79, id="the service alone is only suggested"),
    pytest.param("Database", "The database is slow.", 0.0, 0.0, id="a service that it needs is another problem"),
    pytest.param("Mailbox", "My mailbox is slow.", 0.0, 0.0, id="another service is nothing"),
    pytest.param("Slow", "Everything is slow.", 0.0, 0.0, id="slowness alone is nothing"),
    pytest.param("Please install", "Please install the payment app", 0.0, 0.49, id="a request is no report of it"),
]


@pytest.mark.parametrize(("subject", "text", "least", "most"), LIKE)
def test_a_mail_is_likened_by_what_it_names_and_says(subject: str, text: str, least: float, most: float) -> None:
    shop = Shop()
    shop.fires()
    likeness = liken(claim(subject, text), shop.ticket(), RULEBOOK, shop.now)
    assert least <= likeness.score <= most, likeness


def test_the_likeness_says_why() -> None:
    shop = Shop()
    shop.fires()
    reason = liken(claim("", SLOW), shop.ticket(), RULEBOOK, shop.now).reason
    assert reason.startswith("likeness 0.95: ")
    assert "it names the service checkout (payment); it says that something fails; the alert says the same" in reason


def test_an_old_alert_is_like_nothing() -> None:
    shop = Shop()
    shop.fires()
    shop.later(5 * HOUR)
    assert liken(claim(SLOW, SLOW), shop.ticket(), RULEBOOK, shop.now).score == 0


def test_a_likely_report_joins_the_alerts_ticket_and_says_why() -> None:
    shop = Shop()
    shop.fires()
    decision = shop.hears(ALICE, SLOW)
    ticket = shop.ticket()
    assert (decision.verdict, decision.ticket) == ("repeated", ticket)
    assert ticket.participants == (
        Participant(
            address=ALICE,
            name="Alice",
            subject=SLOW,
            language="en",
            counted=True,
            by_similarity=True,
            threads=("<1@mail.example>",),
        ),
    )
    assert decision.why.startswith(f"monitoring has reported it already, as {ticket.number}: likeness 0.")
    assert told(decision) >= {(ALICE, "receipt")}
    (receipt,) = [each for each in letters(decision) if each.template == "receipt"]
    assert receipt.data["joined"] is True


def test_who_wrote_already_is_the_same_person_again() -> None:
    shop = Shop()
    shop.fires()
    shop.hears(ALICE, SLOW)
    shop.hears(BOB, "支付慢", SLOW_ZH, language="zh-Hans")
    shop.hears(ALICE, SLOW)
    assert [each.address for each in shop.ticket().participants] == [ALICE, BOB]
    assert shop.ticket().repeats == 3


def test_a_less_likely_report_is_suggested_to_its_assignee() -> None:
    shop = Shop(ONLY_ASKS)
    shop.fires()
    decision = shop.hears(ALICE, SLOW)
    ticket, incident = shop.ticket(2), shop.ticket(1)
    assert decision.verdict == "opened"
    assert ticket.suggested is not None
    assert ticket.suggested.ticket == incident.id
    (assigned,) = [each for each in letters(decision) if each.template == "assigned"]
    similar = str(assigned.data["similar"])
    assert f"this may be the same as {incident.number} (reply with !join to join it): likeness" in similar
    assert (ALICE, "receipt") in told(decision)
    assert incident.participants == ()


def test_a_sender_who_may_be_forged_is_only_suggested() -> None:
    shop = Shop(senders_are_proven=True)
    shop.fires()
    decision = shop.hears(MALLORY, SLOW, verified=False)
    assert decision.verdict == "opened"
    assert shop.ticket(2).suggested is not None


def test_a_desk_that_names_no_services_suggests_by_systems_alone() -> None:
    shop = Shop(rulebook_with(""))
    shop.fires(database_down())
    decision = shop.hears(ALICE, "db1 is down", "The reports on db1 cannot be opened.")
    assert decision.verdict == "repeated"


def test_the_alert_of_what_a_service_needs_joins_its_ticket() -> None:
    shop = Shop()
    shop.fires()
    decision = shop.fires(database_down())
    assert (decision.verdict, decision.ticket) == ("appended", shop.ticket())
    assert decision.why == "HostDown is about db; 202611-001 is about checkout, and one needs the other"
    assert (shop.ticket().firing, "service db" in shop.ticket().concerns) == (2, True)


def test_so_does_the_alert_of_a_service_that_needs_what_fires() -> None:
    shop = Shop()
    shop.fires(database_down())
    assert shop.fires().verdict == "appended"


def test_the_ticket_heals_when_both_have() -> None:
    shop = Shop()
    shop.fires()
    shop.fires(database_down())
    shop.fires(latency("resolved"))
    assert shop.ticket().open
    shop.fires(database_down("resolved"))
    assert not shop.ticket().open


def test_people_who_name_either_find_it() -> None:
    shop = Shop()
    shop.fires()
    shop.fires(database_down())
    assert shop.hears(ALICE, "The database is slow").verdict == "repeated"


def test_what_fires_long_after_is_a_problem_of_its_own() -> None:
    shop = Shop()
    shop.fires()
    shop.later(5 * HOUR)
    assert shop.fires(database_down()).verdict == "opened"


def test_services_that_do_not_need_each_other_are_two_problems() -> None:
    shop = Shop()
    shop.fires(database_down())
    mails = an_alert(name="MailQueue", labels=Map(alertname="MailQueue", service="mail"))
    assert shop.fires(mails).verdict == "opened"


def test_who_wrote_before_the_alert_fired_is_suggested_to_its_assignee() -> None:
    shop = Shop()
    shop.hears(ALICE, SLOW)
    shop.hears(BOB, "Mailbox", "My mailbox is full")
    shop.later()
    decision = shop.fires()
    (assigned,) = [each for each in letters(decision) if each.template == "assigned"]
    similar = str(assigned.data["similar"])
    assert "202611-001 may tell of the same (reply with !join 202611-001 to join it): likeness 0.9" in similar
    assert "202611-002" not in similar
    suggested = shop.ticket(1).suggested
    assert suggested is not None
    assert suggested.ticket == 3
    shop.answers("!join", ticket=1)
    assert (shop.ticket(1).merged_into, shop.ticket(3).open) == (3, True)


def test_who_wrote_long_before_it_is_not() -> None:
    shop = Shop()
    shop.hears(ALICE, SLOW)
    shop.later(5 * HOUR)
    shop.fires()
    assert shop.ticket(1).suggested is None
