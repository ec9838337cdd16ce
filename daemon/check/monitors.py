"""Whether the mails of monitors can be read as alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.config.settings import Config


def check_monitors(config: Config, lines: Lines) -> Iterator[Finding]:
    """Who mails alerts, and whether anything proves that it was they; nothing where nobody is named."""
    monitors = [monitor.name for monitor in config.rulebook.alerts.mails]
    monitors += [source.name for source in config.alert_sources if source.mails_from]
    if not monitors:
        return
    named = ", ".join(dict.fromkeys(monitors))
    if config.desk.authserv_ids or config.desk.senders_are_checked:
        yield Finding("ok", "monitors", f"mails of {named} are read as alerts where their senders are proven")
        return
    says = f"nothing proves who sent the mails of {named}: all of them become ordinary tickets"
    yield Finding("warn", "monitors", says, lines.where("desk"))
