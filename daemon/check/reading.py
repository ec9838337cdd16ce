"""Whether mails can be read here: in processes of their own, whose memory is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.check.finding import Finding
from ingest.raw_mail import NoWorkerError
from ingest.workers.pool import PoolSettings
from ingest.workers.process import WorkerProcess
from ingest.workers.worker import Bounds, ReadAsDesk

if TYPE_CHECKING:
    from ingest.ourselves import Ourselves


def check_reading(ourselves: Ourselves) -> list[Finding]:
    """Start a worker as the daemon does, and end it."""
    settings = PoolSettings()
    bounds = Bounds(settings.memory, alarm=2 * settings.patience)
    try:
        worker = WorkerProcess(ReadAsDesk(ourselves), bounds)
    except NoWorkerError as error:
        return [Finding("FAIL", "reading", str(error))]
    worker.kill()
    if worker.complaint:
        return [Finding("warn", "reading", worker.complaint)]
    return [Finding("ok", "reading", f"a worker starts, and has at most {settings.memory >> 20} MiB")]
