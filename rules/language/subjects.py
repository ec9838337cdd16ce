"""Subjects of mails: the prefixes that clients put before them, and what lists and gateways add."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Prefix = Literal["reply", "forward"]

#: Before an answer, by the clients of many languages. `VS` is one in Finland and a forward in Denmark and Norway: it is
#: taken for an answer, as more than a doubtful prefix must tell before a thread is left.
_REPLY = (
    "re", "r", "res", "ref", "rif", "aw", "antw", "antwort", "betr", "sv", "vs", "odp", "ynt", "yan", "atb", "ats",
    "vá", "bls", "απ", "σχετ", "отв", "ответ", "відп", "trả lời", "ตอบกลับ",
    "回复", "回覆", "回復", "答复", "答覆", "回信", "回函", "返信", "답장", "회신",
)  # fmt: skip
_FORWARD = (
    "fw", "fwd", "fow", "wg", "wtr", "tr", "rv", "enc", "i", "inoltra", "doorst", "vb", "vl", "pd", "ilt", "i̇lt",
    "trs", "yml", "πρθ", "пересл", "chuyển tiếp", "továbbítás", "ส่งต่อ",
    "转发", "轉發", "轉寄", "转寄", "轉送", "转送", "転送", "전달",
)  # fmt: skip
_COUNTER = r"(?:\[\d{1,3}\]|\(\d{1,3}\)|（\d{1,3}）|【\d{1,3}】|\^\d{1,3}|\*\d{1,3}|(?<=[a-z])\d{1,2})"
#: What stands in brackets before a prefix, such as the name of a list.
_LABELS = r"(?P<labels>(?:\s{0,9}(?:\[[^\[\]]{1,60}\]|【[^【】]{1,60}】)){0,4})"
_PREFIX = re.compile(
    rf"{_LABELS}\s{{0,9}}(?:(?P<reply>{'|'.join(_REPLY)})|(?:{'|'.join(_FORWARD)}))\s{{0,3}}{_COUNTER}?\s{{0,3}}[:：﹕∶]",
    re.IGNORECASE,
)
_GATEWAY_MARK = re.compile(
    r"\s{0,9}[\[【]\s?(?:ext|extern|external(?: (?:email|mail|sender))?|外部(?:邮件|郵件|来信|來信)?)\s?[\]】]",
    re.IGNORECASE,
)
# Our number, with the level behind it in letters to staff.
_TAG = re.compile(r"\[[A-Za-z]{0,8}\d[\d-]{2,20}\](?: P\d(?= ))?")
#: How Netscape's heirs forward: `[Fwd: the subject]`.
_BRACKETED = re.compile(r"\s{0,9}\[((?:fwd?|wg|tr|转发|轉寄)\s?[:：].{0,998})\]\s*", re.IGNORECASE | re.DOTALL)
_SPACE = re.compile(r"\s+")
#: A thread that grows one with every answer shows a few; nothing honest has so many.
_MOST_PREFIXES = 100
#: One mail's subject is asked for six times.
_REMEMBERED = 600


@lru_cache(maxsize=_REMEMBERED)
def bare_subject(subject: str) -> str:
    """Take the reply and forward prefixes, our number tags with their level and a gateway's mark off a subject.

    They come off in any mixture. The label of a mailing list stays, once, and a prefix behind it comes off too.
    """
    rest = _opened(_TAG.sub("", subject))
    for _ in range(_MOST_PREFIXES):
        match = _PREFIX.match(rest)
        if match is None:
            break
        labels, behind = match["labels"], _opened(rest[match.end() :])
        rest = behind if behind.lstrip().startswith(labels.strip()) else labels + behind
    return _SPACE.sub(" ", rest).strip()


def outer_prefix(subject: str) -> Prefix | None:
    """Whether the outermost prefix is that of an answer or of a forward; None where there is none."""
    match = _PREFIX.match(_opened(subject))
    if match is None:
        return None
    return "reply" if match["reply"] else "forward"


def _opened(subject: str) -> str:
    """The subject without a gateway's mark and without the brackets around a whole forward."""
    match = _GATEWAY_MARK.match(subject)
    subject = subject[match.end() :] if match else subject
    bracketed = _BRACKETED.fullmatch(subject)
    return bracketed[1] if bracketed else subject
