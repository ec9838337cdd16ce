"""Which bounces are known as such, and which ordinary mails are taken for one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from tests.corpora.reading import read_sample, samples
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rules.report import Bounce

RECALL = 96.0
FALSE_ALARMS = 0.5

#: What says of itself that it is no bounce: an automatic reply and a complaint about spam.
OTHER_REPORTS: Final = frozenset({"vacation", "feedback"})

#: Among ordinary mails lie bounces too, and nobody has marked them; what shows one of these is not counted.
_MAY_BE_BOUNCE = re.compile(
    rb"multipart/report|message/delivery-status|mailer-daemon|postmaster@|undeliver|returned mail"
    rb"|delivery (?:status|fail)",
    re.IGNORECASE,
)


def score_bounces(corpora: Path) -> Iterator[Score]:
    """Recall over the given answers, permanent or passing, and false alarms among what is none."""
    answers = json.loads((corpora / "bounce-sisimai" / "expected.dev.json").read_text(encoding="utf-8"))["expected"]
    unknown: list[str] = []
    wrong: list[str] = []
    bounces = 0
    for name, expected in sorted(answers.items()):
        if any(each["reason"] in OTHER_REPORTS for each in expected):
            continue
        bounces += 1
        mail = read_sample((corpora / "bounce-sisimai" / name).read_bytes())
        if mail.auto != "bounce":
            unknown.append(f"{name}: {mail.auto} ({mail.auto_reason})")
        elif not _agrees(mail.bounce, expected):
            wrong.append(f"{name}: {mail.bounce}, expected {expected[0]}")
    yield share("bounce-sisimai", "recall", bounces - len(unknown), bounces, at_least=RECALL, misses=unknown)
    known = bounces - len(unknown)
    yield share("bounce-sisimai", "permanent or passing", known - len(wrong), known, misses=wrong)
    yield _false_alarms(corpora)


def _agrees(bounce: Bounce | None, expected: list[dict[str, Any]]) -> bool:
    """By the class of the status: what the answers call a hard bounce depends on its reason, and means less."""
    return bounce is not None and any(bounce.hard == each["status"].startswith("5") for each in expected)


def _false_alarms(corpora: Path) -> Score:
    alarms, ordinary = [], 0
    for sample in (*samples(corpora, "mail-*"), *samples(corpora, "bounce-sisimai/not")):
        original = sample.path.read_bytes()
        if sample.name.startswith("mail-") and _MAY_BE_BOUNCE.search(original):
            continue
        ordinary += 1
        mail = read_sample(original)
        if mail.auto == "bounce":
            alarms.append(f"{sample.name}: {mail.auto_reason}")
    return share("ordinary mails", "called a bounce", len(alarms), ordinary, at_most=FALSE_ALARMS, misses=alarms)
