"""A rulebook with a thousand words and two hundred patterns, and long mails to judge by it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Final

from rules.report import Address, Mail
from rules.rulebook_files.reading import read_rulebook
from tests.rules.rulebook_texts import changed

if TYPE_CHECKING:
    from rules.rulebook import Rulebook

WORDS: Final = 1_000
PATTERNS: Final = 200
LENGTH: Final = 4_000

_NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_SAID: Final = (
    "打印机又坏了，三楼的人都在等。",
    "報修三天了沒人處理，請儘快安排。",
    "I cannot log in since this morning, please help. ",
    "We have tried to restart it twice - no change. ",
    "报错 err-{0}07，见附件。",
    "Please install word{0} of it on the {1} floor, thank you! ",
    "在 2{1} 楼{0} 会议室，词{0}号。",
)


def crowded_rulebook() -> Rulebook:
    """Half of the words and patterns in Chinese, half in English."""
    halves = range(WORDS // 2)
    words = ", ".join(f'"word{number} of it", "词{number}号"' for number in halves)
    patterns = ", ".join(
        f'"(err|fehler)-{number}[0-9]{{2}}" = 1, "[2-9][0-9]? ?(楼|层|號房) ?{number}" = 1'
        for number in range(PATTERNS // 2)
    )
    text = changed(
        ('3 = ["vpn", "网络"]', f'3 = ["vpn", "网络"]\n1 = [{words}]'),
        ('team = "network"', f'team = "network"\npatterns = {{ {patterns} }}'),
    )
    return read_rulebook(text, name="crowded.toml")


def long_mails(count: int, *, seed: int = 7) -> list[Mail]:
    """Mails of 4,000 characters each; the same ones for the same seed."""
    random = Random(seed)
    return [_mail(number, random) for number in range(count)]


def _mail(number: int, random: Random) -> Mail:
    text = ""
    while len(text) < LENGTH:
        text += random.choice(_SAID).format(random.randrange(500), random.randrange(10))
    return Mail(
        source="support",
        key=f"1.{number}",
        received_at=_NOW,
        sender=Address(f"p{number}@corp.example"),
        subject=random.choice(_SAID).format(number, 1),
        text=text[:LENGTH],
    )
