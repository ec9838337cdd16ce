"""Webhook bodies of many senders: each is a notification, or refused with a sentence."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.alertmanager.notification import NotificationError, read_notification
from rules.decide import decide
from tests.corpora.reading import NOW, empty_desk, shipped_rulebook
from tests.corpora.score import Score, share
from tests.fuzz.on_http import RIGHT, open_webhooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
        yield _score_posts(collection, bodies)


def _decide_all(body: bytes) -> int:
    notification = read_notification(body, source="corpora", received_at=NOW)
    for alert in notification.alerts:
        decide(alert, empty_desk(), shipped_rulebook(), NOW)
    return len(notification.alerts)


def _score_posts(collection: str, bodies: Sequence[Path]) -> Score:
    """The same bodies posted to the HTTP application: each is taken, or refused with a sentence."""
    with tempfile.TemporaryDirectory(prefix="corpora-") as folder, open_webhooks(Path(folder)) as desk:
        answers = desk.post_all([path.read_bytes() for path in bodies])
        wrong = desk.failures()
    taken = sum(answer.status == 200 for answer in answers)
    wrong += [
        f"{path.name}: {answer.status} {answer.reason}"
        for path, answer in zip(bodies, answers, strict=True)
        if answer.status not in RIGHT
    ]
    return Score(
        collection=collection,
        what="posted: taken, refused, failed",
        reached=f"{taken}, {len(answers) - taken}, {len(wrong)}",
        goal="0 failed",
        is_kept=not wrong,
        must=True,
        misses=tuple(wrong),
    )
