"""Webhook bodies of many senders: each is a notification, or refused with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.alertmanager import NotificationError, read_notification
from rules.decide import decide
from tests.corpora.reading import NOW, empty_desk, shipped_rulebook
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def score_alerts(corpora: Path) -> Iterator[Score]:
    """Bodies that were read or refused as they should be, and alerts that were decided."""
    for collection in ("alerts-payloads", "alertmanager-captured"):
        bodies = sorted(corpora.glob(f"{collection}/**/*.json"))
        raised: list[str] = []
        refused: list[str] = []
        alerts = 0
        for path in bodies:
            try:
                alerts += _decide_all(path.read_bytes())
            except NotificationError as error:
                refused.append(f"{path.name}: {error.reason}")
            except Exception as error:  # noqa: BLE001 - what raises is what is looked for
                raised.append(f"{path.name}: {error!r}")
        yield Score(
            collection=collection,
            what="exceptions",
            reached=f"{len(raised)} of {len(bodies)} bodies",
            goal="0",
            is_kept=not raised,
            must=True,
            misses=tuple(raised),
        )
        yield share(collection, "bodies read", len(bodies) - len(refused) - len(raised), len(bodies), misses=refused)
        yield Score(collection=collection, what="alerts decided", reached=f"{alerts:,}")


def _decide_all(body: bytes) -> int:
    notification = read_notification(body, source="corpora", received_at=NOW)
    for alert in notification.alerts:
        decide(alert, empty_desk(), shipped_rulebook(), NOW)
    return len(notification.alerts)
