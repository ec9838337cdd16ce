"""Which one of several alike is meant: floors, buildings, rooms, numbered things, codes and systems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.particulars import contradict, particulars
from rules.language.similarity import OTHER_PEOPLE, SAME_REQUESTER, likeness
from rules.language.writing import fold


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        pytest.param("三楼打印机没墨了", "floor", "3", id="a floor in Chinese digits"),
        pytest.param("23层没有网", "floor", "23", id="a floor in Arabic digits"),
        pytest.param("十二楼漏水", "floor", "12", id="a floor above the tenth"),
        pytest.param("二十楼漏水", "floor", "20", id="a round floor"),
        pytest.param("3F 印表機卡紙", "floor", "3", id="a floor as in Taiwan"),
        pytest.param("printer on the third floor", "floor", "3", id="a floor in an English word"),
        pytest.param("printer on the 3rd floor", "floor", "3", id="a floor as an ordinal"),
        pytest.param("Floor 03 has no light", "floor", "3", id="a floor with a zero before it"),
        pytest.param("A栋断网", "building", "a", id="a building by its letter"),
        pytest.param("building 7 has no network", "building", "7", id="a building by its number"),
        pytest.param("会议室A投影仪坏了", "room", "a", id="a meeting room"),
        pytest.param("Ａ會議室投影機壞了", "room", "a", id="a meeting room in the other script and order"),
        pytest.param("Room B-less? Room 301 is dark", "room", "301", id="a room by its number"),
        pytest.param("2号打印机卡纸", "number", "2", id="one of several things in Chinese"),
        pytest.param("printer 12 is jammed", "number", "12", id="one of several things in English"),
        pytest.param("db-01 disk full", "code", "db-01", id="a host"),
        pytest.param("ERP报错 ORA-12541", "code", "ora-12541", id="an error"),
        pytest.param("ERP系统打不开", "system", "erp", id="a system"),
    ],
)
def test_a_particular_is_told_by_its_kind(text: str, kind: str, value: str) -> None:
    assert value in particulars(fold(text))[kind]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("电梯坏了，楼梯也不能走", id="stairs are no floor"),
        pytest.param("3 files lost, 5 colleagues wait", id="a count"),
        pytest.param("Windows11 is slow", id="a version"),
        pytest.param("Subject\nat 10.0.3.15 it says 0x80070005", id="codes below the first line are details"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_tells_no_particular(text: str) -> None:
    assert particulars(fold(text)) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("三楼打印机没墨了", "五楼打印机没墨了", id="floors"),
        pytest.param("Printer 3F jammed", "Printer 5F jammed", id="floors in English"),
        pytest.param("Printer jam\nThe one on floor 3.", "Printer jam\nThe one on floor 5.", id="floors told below"),
        pytest.param("会议室A投影仪坏了", "会议室B投影仪坏了", id="rooms"),
        pytest.param("Projector broken in room 301", "Projector broken in room 302", id="rooms in English"),
        pytest.param("A栋断网", "B栋断网", id="buildings, of a service that all use"),
        pytest.param("2号打印机卡纸", "3号打印机卡纸", id="numbered things"),
        pytest.param("server 3 is down", "server 4 is down", id="numbered things in English"),
        pytest.param("db-01 disk full", "db-02 disk full", id="hosts"),
        pytest.param("ERP打不开", "CRM打不开", id="systems"),
        pytest.param("ERP is down", "CRM is down", id="systems in English"),
        pytest.param("保存订单报错 ORA-12541", "保存订单报错 ORA-00942", id="errors"),
    ],
)
def test_whoever_names_another_one_tells_of_another_problem(one: str, other: str) -> None:
    assert contradict(particulars(fold(one)), particulars(fold(other)))
    assert likeness(one, other) < SAME_REQUESTER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("VPN连不上", "VPN連不上", id="two scripts"),
        pytest.param("VPN连不上", "ＶＰＮ 連不上", id="full width"),
        pytest.param("VPN连不上", "vpn连不上", id="small letters"),
        pytest.param("cannot connect to VPN", "VPN连不上", id="two languages"),
        pytest.param("VPN is down for everybody in Berlin", "VPN down on floor 3", id="only one names a place"),
        pytest.param("十二楼空调漏水", "12楼空调漏水", id="a floor in either digits"),
        pytest.param("会议室A投影仪坏了", "A会议室投影仪故障", id="a room in either order"),
    ],
)
def test_the_same_one_in_another_writing_is_the_same_problem(one: str, other: str) -> None:
    assert likeness(one, other) >= OTHER_PEOPLE


@given(st.text(alphabet="三十二楼会议室号栋a3 -f\n", max_size=60))
def test_nothing_contradicts_itself(text: str) -> None:
    told = particulars(fold(text))
    assert not contradict(told, told)
