from __future__ import annotations

from rules.subaddress import with_detail, without_detail


def test_a_detail_stands_behind_a_plus_sign() -> None:
    assert with_detail("support@desk.example", "x1") == "support+x1@desk.example"
    assert without_detail("support+x1@desk.example") == "support@desk.example"


def test_an_address_without_one_stays_as_it_is() -> None:
    assert without_detail("support@desk.example") == "support@desk.example"
    assert without_detail("+49301234@phone.example") == "+49301234@phone.example"


def test_an_address_that_would_be_too_long_gets_none() -> None:
    assert with_detail("a-very-long-name-of-a-desk@desk.example", "d1-k1-1-" + "0" * 32) is None
