"""The one question of the desk: what becomes of this report?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.deciding.decide_alert import decide_alert
from rules.deciding.decide_mail import decide_mail
from rules.report import Alert, Mail, Report

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.rulebook import Rulebook


def decide(report: Report, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Decide what becomes of a report, given what the desk knows and how it works. `now` is aware, in UTC.

    The decision names the verdict, what happens to which ticket, the letters to write, and why. Nothing is done
    here, and the same input always gives the same decision.
    """
    match report:
        case Mail():
            return decide_mail(report, facts, rulebook, now)
        case Alert():
            return decide_alert(report, facts, rulebook, now)
