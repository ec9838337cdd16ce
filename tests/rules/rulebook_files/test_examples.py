"""Whether a rulebook does what its own examples want."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.rulebook_files.examples import Miss, check_examples
from rules.rulebook_files.reading import RulebookError, read_rulebook
from tests.five_desks import SHIPPED
from tests.rules.rulebook_texts import WHOLE, changed
from tests.rules.rulebooks.shipped import shipped

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def misses(*examples: str) -> tuple[Miss, ...]:
    text = WHOLE + "".join(f"\n[[examples]]\n{example}\n" for example in examples)
    return check_examples(read_rulebook(text, name="ours.toml"), NOW)


VPN = 'mail = { from = "Alice <alice@corp.example>", subject = "VPN", text = "网络 is down" }\n'
ALERT = 'alert = { labels = { alertname = "VpnDown", severity = "critical" } }\n'


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(VPN + 'wanted = { verdict = "opened", category = "network", team = "network" }', id="a mail"),
        pytest.param(VPN + 'wanted = { clocks = { response = "4wh" } }', id="a promise"),
        pytest.param(VPN + 'wanted = { clocks = { response = "4.0wh" } }', id="a promise in other figures"),
        pytest.param(ALERT + 'wanted = { impact = "large", urgency = "high", priority = "P1" }', id="an alert"),
        pytest.param('alert = { labels = { alertname = "Watchdog" } }\nwanted = { verdict = "ignored" }', id="ignored"),
        pytest.param("mail = {}\nwanted = {}", id="nothing at all"),
    ],
)
def test_what_comes_out_as_wanted_is_no_miss(example: str) -> None:
    assert misses(example) == ()


def test_every_miss_is_told_with_wanted_against_got() -> None:
    wanted = (
        'name = "VPN"\nwanted = { category = "other", priority = "P2", clocks = { response = "1h", arrival = "2h" } }'
    )
    told = misses(VPN + 'wanted = { category = "network" }', VPN + wanted)
    assert [(miss.at, miss.says) for miss in told] == [
        (("examples", 1, "wanted", "category"), "wanted other, got network (VPN)"),
        (("examples", 1, "wanted", "clocks", "response"), "wanted 1h, got 4wh (VPN)"),
        (("examples", 1, "wanted", "clocks", "arrival"), "wanted 2h, got nothing (VPN)"),
    ]
    assert any("vpn" in reason for reason in told[0].reasons)


PEOPLE_RULES = """
[zones.city]
[zones.suburbs]
words = { 1 = ["north branch"] }
[priority.urgency.high]
vip = true
departments = ["Executive Office"]
[requesters]
external_team = "desk"
[needs.number]
ask = { en = "your number" }
words = ["number"]
known = "number"
[[lines]]
name = "first"
"""
CAROL = 'from = "Carol <carol@corp.example>", subject = "VPN", text = "VPN is down"'


@pytest.mark.parametrize(
    ("mail", "wanted"),
    [
        pytest.param(f"{CAROL}, relation = 'external'", "relation = 'external', team = 'desk'", id="a customer"),
        pytest.param(CAROL, "relation = 'internal', team = 'network'", id="somebody whom nobody knows"),
        pytest.param(f"{CAROL}, zone = 'city'", "zone = 'city'", id="a place by the people file"),
        pytest.param(f"{CAROL} ".replace("is down", "in the north branch"), "zone = 'suburbs'", id="a place by words"),
        pytest.param(CAROL, "missing = ['number'], line = 'first'", id="something is missing"),
        pytest.param(f"{CAROL}, number = '7'", "missing = []", id="the people file knows it"),
        pytest.param(f"{CAROL}, vip = true", "urgency = 'high', reasons = ['a VIP']", id="a VIP"),
        pytest.param(f"{CAROL}, department = 'executive office'", "urgency = 'high'", id="a department"),
        pytest.param(CAROL, "reasons = ['category network: ', 'small impact']", id="the reasons"),
    ],
)
def test_an_example_says_who_writes_and_what_is_known_of_him(mail: str, wanted: str) -> None:
    text = f"{WHOLE}{PEOPLE_RULES}\n[[examples]]\nmail = {{ {mail} }}\nwanted = {{ {wanted} }}\n"
    assert check_examples(read_rulebook(text, name="ours.toml"), NOW) == ()


def test_a_reason_that_is_not_given_and_a_need_that_is_told_are_misses() -> None:
    wanted = "missing = ['number'], reasons = ['a VIP']"
    text = f"{WHOLE}{PEOPLE_RULES}\n[[examples]]\nmail = {{ {CAROL}, number = '7' }}\nwanted = {{ {wanted} }}\n"
    told = check_examples(read_rulebook(text, name="ours.toml"), NOW)
    assert [(miss.at[2:], miss.says) for miss in told] == [
        (("wanted", "missing"), "wanted number, got nothing"),
        (("wanted", "reasons", 0), "wanted a VIP, got nothing"),
    ]


def test_an_ignored_report_has_no_category() -> None:
    [miss] = misses('alert = { labels = { alertname = "Watchdog" } }\nwanted = { category = "network" }')
    assert miss.says == "wanted network, got nothing"


def test_what_the_desk_would_set_aside_is_told_with_why() -> None:
    text = changed(('P2 = "4wh"', 'P2 = "3000wd"')) + f'\n[[examples]]\n{VPN}wanted = {{ category = "network" }}\n'
    [miss] = check_examples(read_rulebook(text, name="ours.toml"), NOW)
    assert (miss.got, miss.reasons) == ("nothing", ("the calendar has too little working time within ten years",))


def test_examples_know_nothing_of_each_other() -> None:
    assert misses(*[VPN + 'wanted = { verdict = "opened" }'] * 3) == ()


@pytest.mark.parametrize(
    ("example", "says"),
    [
        pytest.param("wanted = {}", "examples[0]: an example is either a mail or an alert", id="neither"),
        pytest.param(VPN + ALERT + "wanted = {}", "examples[0]: an example is either a mail or an alert", id="both"),
        pytest.param(VPN, "examples[0].wanted: it is missing and must be given", id="nothing wanted"),
        pytest.param(VPN + 'wanted = { prioriy = "P1" }', "did you mean 'priority'?", id="a key that is not there"),
        pytest.param('mail = { form = "x" }\nwanted = {}', "did you mean 'from'?", id="a key of a mail"),
        pytest.param(
            "mail = { vip = true }\nwanted = {}", "knows people by their addresses", id="a VIP without address"
        ),
        pytest.param(VPN + 'wanted = { clocks = { response = "1x" } }', "is not a duration", id="no duration"),
    ],
)
def test_a_wrong_example_is_told_with_its_line(example: str, says: str) -> None:
    with pytest.raises(RulebookError) as refused:
        misses(example)
    assert any(says in str(problem) and problem.line for problem in refused.value.problems)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_rulebooks_do_what_their_examples_want(name: str) -> None:
    rulebook = shipped(name)
    assert len(rulebook.examples) >= 10
    assert [miss.says for miss in check_examples(rulebook, NOW)] == []
