"""Which one of several alike a report means: the floor, the building, the room, the host, the code, the system.

`printer on floor 3` and `printer on floor 5` share all their words but one, and are two problems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rules.language.problem_words import NAMED_SYSTEMS

#: What each kind of particular is in one report.
Particulars = Mapping[str, frozenset[str]]

_DIGITS: Final = {
    "一": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
_ORDINALS: Final = {
    name: str(number)
    for number, name in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=1
    )
}
_NUMBER: Final = "[0-9]{1,4}|[一二两三四五六七八九十]{1,3}"
_LABEL: Final = "[a-z]?[0-9]{1,4}[a-z]?|[a-z]|[一二两三四五六七八九十]{1,3}"
_EDGE: Final = "(?<![a-z0-9])"
_END: Final = "(?![a-z0-9])"
_ROOM: Final = "会议室|房间|教室|机房|诊室|包间"
_ORDINAL: Final = "|".join(_ORDINALS)

#: The kinds of place, told anywhere in a report. Patterns see folded text, and take a bounded number of characters.
_PLACES: Final = {
    "floor": re.compile(
        rf"(?P<a>{_NUMBER}) ?[楼层](?!梯)|{_EDGE}(?:floor|level) (?P<b>[0-9]{{1,3}}){_END}"
        rf"|{_EDGE}(?P<c>[0-9]{{1,3}}) ?(?:f|/f|(?:st|nd|rd|th) (?:floor|level)){_END}"
        rf"|{_EDGE}(?P<d>{_ORDINAL}) (?:floor|level){_END}"
    ),
    "building": re.compile(
        rf"(?P<a>{_LABEL}) ?(?:号楼|栋|座|幢)|{_EDGE}(?:building|block|tower) (?P<b>[a-z]?[0-9]{{1,3}}|[a-z]){_END}"
    ),
    "room": re.compile(
        rf"(?:{_ROOM}) ?(?P<a>{_LABEL}){_END}|(?P<b>{_LABEL}) ?号? ?(?:{_ROOM})"
        rf"|{_EDGE}room (?P<c>[a-z]?[0-9]{{1,5}}[a-z]?|[a-z]){_END}"
    ),
    "number": re.compile(
        rf"(?P<a>{_NUMBER})号(?:机|打印机|服务器|窗口|线|设备|工位|摄像头|终端|电梯)"
        rf"|{_EDGE}(?:printer|server|line|switch|router|camera|terminal|scanner|gate|window|counter|printer no\.?) "
        rf"#?(?P<b>[0-9]{{1,5}}){_END}"
    ),
}

#: A host, an asset or an error is told by letters and digits; a version by its product's name before it.
_CODE: Final = re.compile(rf"{_EDGE}(?:[a-z]{{1,20}}[-_]?[0-9][a-z0-9]{{0,20}}(?:[-_][a-z0-9]{{1,20}}){{0,4}}){_END}")
_VERSIONED: Final = re.compile(
    r"(?:windows|win|office|excel|word|outlook|ie|python|java|http|ipv|mp|p|h|v|rev|q)[-_]?\d+"
)
_WORD: Final = re.compile("[a-z]{2,12}")


def particulars(folded: str) -> Particulars:
    """Read from a folded text which places it names anywhere, and which codes and systems its first line names."""
    head = folded.partition("\n")[0]
    found = {kind: frozenset(map(_value, pattern.finditer(folded))) for kind, pattern in _PLACES.items()}
    found["code"] = frozenset(code for code in _CODE.findall(head) if not _VERSIONED.fullmatch(code))
    found["system"] = frozenset(_WORD.findall(head)) & NAMED_SYSTEMS
    return {kind: values for kind, values in found.items() if values}


def contradict(one: Particulars, other: Particulars) -> bool:
    """Whether both name something of one kind, and nothing of it the same."""
    return any(values.isdisjoint(other[kind]) for kind, values in one.items() if kind in other)


def _value(match: re.Match[str]) -> str:
    """The number or letter of a place, in Arabic digits."""
    told = next(value for value in match.groups() if value is not None)
    if told in _ORDINALS:
        return _ORDINALS[told]
    return _arabic(told) if told[0] in "一二两三四五六七八九十" else told.lstrip("0") or "0"


def _arabic(chinese: str) -> str:
    """A Chinese number up to 99: 十 is 10, 十二 is 12, 二十三 is 23."""
    tens, ten, ones = chinese.partition("十")
    if not ten:
        return "".join(_DIGITS[digit] for digit in chinese)
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))
