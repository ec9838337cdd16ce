"""Who plays in a stream, by which rulebooks the desk works in it, and what is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from immutables import Map

from daemon.config.rulebooks import read_rulebook_file, rulebook_path, shipped_rulebooks
from rules.directory import Contact, Directory
from rules.people import Away, Person, Role, Rotation, Shift, Staff
from rules.rulebook_files.reading import read_rulebook
from tests.daemon.desks import STANDING
from tests.samples import ALICE, BOB, CAROL, CHEN, DAVE, DAY, DING, LI, MALLORY, NOW, RULEBOOK_TEXT, WANG, ZHAO

if TYPE_CHECKING:
    from daemon.store.gather import Standing
    from rules.rulebook import Rulebook

SUN, QIAN, HUANG = "sun@desk.example", "qian@desk.example", "huang@desk.example"
ERIN = "erin@customer.example"

EVERYTHING: Final = RULEBOOK_TEXT + (Path(__file__).parent / "everything.toml").read_text()
_BY_LEAD = EVERYTHING.replace('by = "desk"\nchoose = "round_robin"', 'by = "lead"').replace(
    'ask = "before_closing"', 'ask = "after_closing"'
)
_OWN: Final = Map({"small": RULEBOOK_TEXT, "everything": EVERYTHING, "by-lead": _BY_LEAD})

RULEBOOKS: Final = (*sorted(_OWN), *shipped_rulebooks())
"""The names of all rulebooks that a desk may work by here."""


@cache
def rulebook_called(name: str) -> Rulebook:
    """One of `RULEBOOKS`."""
    if name in _OWN:
        return read_rulebook(_OWN[name], name=name)
    return read_rulebook_file(rulebook_path(name, Path()))


@cache
def standing_under(name: str) -> Standing:
    """The people of the desk, spread over the teams, lines, zones and skills that a rulebook has."""
    return replace(STANDING, staff=_staff(rulebook_called(name)), directory=_directory(rulebook_called(name)))


def _staff(rulebook: Rulebook) -> Staff:
    teams, lines, zones = list(rulebook.teams), [line.name for line in rulebook.lines], list(rulebook.zones)
    skills = frozenset(category.skill for category in rulebook.categories.values() if category.skill)
    others: dict[str, Role] = {CHEN: "lead", SUN: "supervisor", DING: "manager", QIAN: "head"}
    people = (
        Person(address=LI, name="Li Na", teams=tuple(teams), lines=frozenset(lines[:1]), limit=6),
        Person(address=WANG, name="Wang Wei", teams=tuple(teams[::2]), areas=frozenset(zones[:1]), language="en"),
        Person(address=ZHAO, name="Zhao Lei", teams=tuple(teams[1:]), skills=skills, away=_DAY_OFF, language="zh-TW"),
        Person(address=HUANG, name="Huang Min", teams=tuple(teams[-1:]), lines=frozenset(lines[1:])),
        *(Person(address=who, role=role, teams=tuple(teams)) for who, role in others.items()),
    )
    turns = Shift(team=rulebook.desk_team, people=(LI, WANG), rotation=Rotation(7, NOW.date()))
    known = frozenset({"@corp.example"})
    return Staff(people=Map({person.address: person for person in people}), roster=(turns,), known=known)


_DAY_OFF = (Away(NOW + DAY, NOW + 3 * DAY),)


def _directory(rulebook: Rulebook) -> Directory:
    zone = next(reversed(rulebook.zones), "")
    contacts = (
        Contact(address=ALICE, name="Alice", number="E1", department="Executive Office", vip=True, phone="80011"),
        Contact(address=BOB, name="Bob", zone=zone, language="zh-Hans"),
        Contact(address=ERIN, name="Erin", relation="external", number="C7", customer="Customer Ltd"),
    )
    return Directory(Map({contact.address: contact for contact in contacts}))


#: In one, two or three languages: known, unknown, a customer, and staff who report something themselves.
REPORTERS: Final = (ALICE, BOB, CAROL, DAVE, ERIN, MALLORY, LI, CHEN, None)

#: Language, subject, text.
PROBLEMS: Final = (
    ("en", "VPN is down", "The VPN gateway does not answer since nine o'clock."),
    ("en", "VPN is down again", "The VPN gateway does not answer, it is still broken. Urgent!"),
    ("en", "Printer", "The printer jams with every page."),
    ("en", "Printer on floor 3", "The printer on floor 3 jams, call 80011. The whole company cannot print downtown."),
    ("en", "How do I renew?", "How do I renew the subscription?"),
    ("en", "Please install", "Please install the reader on my laptop."),
    ("en", "Complaint", "I complain: nobody has come since Monday, this is a complaint."),
    ("en", "!for", f"!for {CAROL}\nHer VPN is down on floor 4."),
    ("en", "For a customer", f"!for {ERIN} called by telephone\nThe printer in the suburb is broken."),
    ("zh-Hans", "网络断了", "三楼的网络又断了，大家都不能工作，很急。"),
    ("zh-Hans", "打印机坏了", "打印机卡纸。"),
    ("zh-Hans", "投诉", "我要投诉，一直没人处理。"),
    ("zh-Hant", "印表機卡紙", "23樓會議室的印表機卡紙，請協助。"),
    ("zh-Hant", "代報", f"！代报 {BOB}\n網路斷了"),
    ("und", "", ""),
    ("und", "?", "!!!"),
)

#: What requesters answer: yes, no, thanks, ratings, what was asked for, complaints, anything.
ANSWERS: Final = (
    "yes",
    "Solved, thanks!",
    "no",
    "not solved, it is still broken",
    "It is broken again.",
    "thanks",
    "谢谢",
    "是的",
    "已解决，非常满意",
    "没有解决",
    "已解決",
    "5",
    "3",
    "1",
    "Speed: great\nAttitude: bad",
    "yes, 3/3",
    "非常满意",
    "不满意",
    "room 5, floor 3, my number is 8001177, since nine",
    "room 5, floor 3, my number is 8001177, employee number E1, since nine, restarted twice, the whole company",
    "工号 E1，三楼，电话 8001177",
    "I complain about this, it is a complaint!",
    "我要投诉",
    "Another word: urgent, the printer is gone.",
    "!resolve I am no engineer",
    "",
)

#: What staff writes: each command of `rules.commands`, right and wrong, in English and Chinese.
COMMANDS: Final = (
    "!take",
    "！认领",
    "!resolve changed the cable",
    "!解决 换了网线",
    "!resolve",
    f"!assign {WANG} he knows it",
    "!assign Zhao Lei",
    "!assign nobody",
    f"!转给 {HUANG}",
    "!wait the maker sends a part",
    "!等待 用户",
    "!wait",
    "!line up",
    "!line maker",
    "!line 1",
    "!转线 2",
    "!line nowhere",
    "!priority P1 the floor waits",
    "!priority 2",
    "!优先级 低",
    "!priority none",
    "!category hardware",
    "!category network",
    "!分类 other",
    "!category nonsense",
    "!eta 2h waiting for the part",
    "!eta tomorrow 10:00",
    "!预计 2026-12-01 15:00",
    "!eta never",
    "!diagnose the switch is broken",
    "!诊断 hardware 风扇坏了",
    "!note he was rude",
    "!escalate I cannot solve it",
    "!升级",
    "!approve",
    "!批准 可以",
    "!reject too dear",
    "!驳回",
    "!review",
    "!复核 P2",
    "!findings nobody was there",
    "!核实",
    "!decide an apology",
    "!决定 道歉",
    "!arrived",
    "!到场 14:30",
    "!left one cable, two plugs",
    "!离场 一根网线",
    "!report onsite_report all is well",
    "!report article how to do it",
    "!report analysis nobody was there",
    "!report",
    "!owe article",
    "!owe analysis",
    "!owe nothing",
    "!close",
    "!close he told me so",
    "!关闭 已电话确认",
    "!for nobody",
    "!join",
    "!join 202611-001",
    "！合并 202611-002",
    f"!join {ALICE}",
    "!split",
    "!拆分 202611-001",
    f"!split {CAROL}",
    "!help",
    "!帮助",
    "!nonsense",
    "!",
    "We look at it.",
    "我们在处理",
)

#: What brings a ticket further when the right person says it, one line after the other.
STEPS: Final = (
    ("!take", "!diagnose the switch is broken"),
    ("!take", "!resolve changed the cable"),
    ("!解决 换了网线",),
    ("!wait the maker sends a part",),
    ("!line up",),
    ("!line maker",),
    ("!line 1",),
    ("!escalate I cannot solve it",),
    ("!approve",),
    ("!reject too dear",),
    ("!review",),
    ("!findings nobody was there",),
    ("!decide an apology",),
    ("!arrived", "!left one cable"),
    ("!arrived",),
    ("!owe article", "!report article how to do it"),
    ("!report analysis nobody was there",),
    ("!report onsite_report all is well",),
    ("!category hardware",),
    ("!category network",),
    ("!priority 1 the floor waits",),
    ("!close he told me so",),
    (f"!assign {WANG}",),
    (f"!for {DAVE} he called",),
    (f"!代报 {ERIN}",),
    ("We look at it.",),
)

#: How much time passes at once.
SPANS: Final = (
    timedelta(0),
    timedelta(minutes=1),
    timedelta(minutes=25),
    timedelta(hours=1),
    timedelta(hours=5),
    DAY,
    4 * DAY,
    20 * DAY,
)
