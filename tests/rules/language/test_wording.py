"""In which words something is told: pieces of a few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.similarity import OTHER_PEOPLE, likeness
from rules.language.wording import pieces, shared_pieces

FOOTNOTES = """Kestrel loses footnotes in its PDF
Opening last quarter's budget, choosing export and sending it to our auditor shows blank margins below every
paragraph where references stood; the preview keeps them."""
FOOTNOTES_TOLD_AGAIN = """PDF of Kestrel looses footnotes
When opening last quarters budget and choosing Export for our auditors, margins are blank below every paragraph
where the references stood. The preview keeps them."""
COVER_PAGES = """Kestrel loses cover pages in its PDF
Since Tuesday a landscape sheet, inserted by the wizard from a company template with the logo, arrives without
artwork at the copy shop around the corner."""


def test_words_are_cut_into_four_letters_and_chinese_into_two() -> None:
    assert pieces("vpn 连不上") == {" vpn", "vpn ", "连不", "不上"}


def test_words_that_say_nothing_are_left_out() -> None:
    assert pieces("please help the vpn") == pieces("vpn")


def test_a_misspelt_word_keeps_most_of_its_pieces() -> None:
    assert shared_pieces(pieces("certificate expired"), pieces("certifcate expired")) > 0.7


def test_nothing_shares_nothing() -> None:
    assert shared_pieces(pieces(""), pieces("")) == 0


def test_long_reports_are_one_problem_where_their_details_agree() -> None:
    assert likeness(FOOTNOTES, FOOTNOTES_TOLD_AGAIN) >= OTHER_PEOPLE


def test_the_same_name_over_other_details_is_another_problem() -> None:
    assert likeness(FOOTNOTES, COVER_PAGES) < OTHER_PEOPLE


PAYROLL_BLANK = """Payroll system down
Hi, since this morning the payroll portal shows a blank page after entering my credentials; I tried two browsers and
restarted twice. We have to submit the month end figures by noon."""
PAYROLL_SPINS = """Payroll portal is not working
Hello team, I cannot open payroll from Berlin, it just spins and then says gateway timeout. Several of my colleagues
in accounting have the same."""
DRIVE_UNREACHABLE = """Shared drive not reachable
Hi, drive S: cannot be opened since nine, explorer says network path not found. I restarted my laptop and tried cable
and wifi."""
DRIVE_VANISHED = """Cannot open shared drive
S: disappeared from my explorer after lunch, colleagues next to me see the same; we need the tender documents today."""
ATTENDANCE_SPINS = """考勤系统打不开
您好，从今天早上开始考勤系统一直转圈，网页显示502，我们部门的人都没法打卡，换了浏览器、重启了电脑、清了缓存也不行，麻烦尽快看看。"""
ATTENDANCE_REFUSES = """考勤系統進不去了
大家好，今天上班打卡的時候輸入工號和密碼以後提示伺服器無回應，業務二科十幾位同仁遲到沒有記錄，主管要求中午以前補登，請協助處理。"""
SETUP_FAILS = """Kestrel setup fails with error 1603
Running the installation from the depot ends after copying templates; the event viewer shows that a runtime of
another vendor holds the fonts folder, and repair removes nothing."""
SETUP_WANTED = """Installation of Kestrel
Could my workstation have it installed from the depot, with templates and the fonts folder of another vendor, before
the budget conference with our auditors around the corner?"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(PAYROLL_BLANK, PAYROLL_SPINS, id="what either calls a system"),
        pytest.param(DRIVE_UNREACHABLE, DRIVE_VANISHED, id="a service"),
        pytest.param(ATTENDANCE_SPINS, ATTENDANCE_REFUSES, id="in two scripts"),
    ],
)
def test_an_outage_of_what_many_use_is_one_whatever_else_each_tells_at_length(one: str, other: str) -> None:
    assert likeness(one, other) >= OTHER_PEOPLE


def test_a_long_report_that_cannot_be_installed_is_a_problem_and_a_wish_for_it_is_ones_own() -> None:
    assert likeness(SETUP_FAILS, SETUP_FAILS) >= OTHER_PEOPLE
    assert likeness(SETUP_WANTED, SETUP_WANTED) < OTHER_PEOPLE


@given(one=st.text(max_size=60), other=st.text(max_size=60))
def test_shared_pieces_are_symmetric_and_within_bounds(one: str, other: str) -> None:
    shared = shared_pieces(pieces(one), pieces(other))
    assert 0 <= shared <= 1
    assert shared == shared_pieces(pieces(other), pieces(one))
