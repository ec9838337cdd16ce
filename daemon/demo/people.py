"""Who writes to the desk of the demo, and who works at it."""

from __future__ import annotations

from dataclasses import dataclass

DESK_NAME = "IT Service Desk"
DESK = "support@desk.example"
COMPANY = "@corp.example"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a mail address."""

    name: str
    address: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Colleague(Actor):
    """Somebody who works at the desk."""

    role: str
    teams: tuple[str, ...]
    language: str


FANG = Actor("王芳", "wang.fang@corp.example")
ZHIHAO = Actor("林志豪", "lin.zhihao@corp.example")
EMMA = Actor("Emma Clark", "emma.clark@corp.example")
WEI = Actor("张伟", "zhang.wei@corp.example")
YANG = Actor("刘洋", "liu.yang@corp.example")
JING = Actor("陈静", "chen.jing@corp.example")
PEI = Actor("黃佩", "huang.pei@corp.example")

ZHAO = Colleague("赵刚", "zhao.gang@desk.example", "engineer", ("hardware",), "zh-CN")
REED = Colleague("Daniel Reed", "daniel.reed@desk.example", "engineer", ("software",), "en")
HE = Colleague("何敏", "he.min@desk.example", "engineer", ("accounts",), "zh-CN")
QIANG = Colleague("李强", "li.qiang@desk.example", "engineer", ("network",), "zh-CN")
YU = Colleague("周雨", "zhou.yu@desk.example", "engineer", ("service-desk",), "zh-CN")
TAO = Colleague(
    "吴涛", "wu.tao@desk.example", "lead", ("service-desk", "hardware", "software", "accounts", "network"), "zh-CN"
)
SUN = Colleague("孙莉", "sun.li@desk.example", "manager", (), "zh-CN")

REQUESTERS = (FANG, ZHIHAO, EMMA, WEI, YANG, JING, PEI)
COLLEAGUES = (ZHAO, REED, HE, QIANG, YU, TAO, SUN)


def name_of(address: str) -> str:
    """The name behind an address, or the address itself for a visitor."""
    return next((person.name for person in (*REQUESTERS, *COLLEAGUES) if person.address == address), address)
