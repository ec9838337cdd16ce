"""What only the running process knows. Plain functions, so that nobody else names a metric or a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from daemon.metrics.catalogue import OTHER

if TYPE_CHECKING:
    from datetime import datetime

    from prometheus_client.metrics import MetricWrapperBase

    from daemon.metrics.scope import LabelSpace

# A `_created` series beside each counter would nearly double the series of this process.
disable_created_metrics()  # type: ignore[no-untyped-call]

CODES = (200, 400, 401, 408, 413, 415, 503)
OUTCOMES = ("done", "failed")
HANDED_OVER = ("taken", "try_again", "refused")
WORKERS = ("clock", "courier")
WORKER_ENDINGS = ("slow", "died", "worn", "stopped")
TOKEN_ANSWERS = ("given", "refused", "away")
LEVELS = ("warning", "error")

_REQUESTS = Counter("deskd_webhook_requests_total", "Webhook requests answered.", ["source", "code"], registry=None)
_REQUEST_SECONDS = Histogram(
    "deskd_webhook_request_duration_seconds",
    "Time to the answer of a webhook request, which comes after COMMIT.",
    ["source"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10),
    registry=None,
)
_RECONCILIATIONS = Counter(
    "deskd_reconcile_looks_total",
    "Comparisons with what Alertmanager says fires.",
    ["source", "outcome"],
    registry=None,
)
_RECONCILED_AT = Gauge(
    "deskd_reconcile_last_success_timestamp_seconds",
    "When what fires was last compared with Alertmanager; 0 before the first time.",
    ["source"],
    registry=None,
)
_POLLS = Counter("deskd_mailbox_polls_total", "Looks into a mailbox.", ["mailbox", "outcome"], registry=None)
_POLL_SUCCESS = Gauge(
    "deskd_mailbox_last_success_timestamp_seconds",
    "When the mailbox was last read to its end; 0 before the first time.",
    ["mailbox"],
    registry=None,
)
_POLL_INTERVAL = Gauge(
    "deskd_mailbox_poll_interval_seconds", "How often the mailbox is to be read.", ["mailbox"], registry=None
)
_BACKLOG = Gauge("deskd_mailbox_unprocessed_messages", "Mails that wait in the mailbox.", ["mailbox"], registry=None)
_DELAY = Histogram(
    "deskd_mail_ingest_delay_seconds",
    "From the mail server's taking a mail (INTERNALDATE) to the commit of its report.",
    ["mailbox"],
    buckets=(1, 5, 15, 30, 60, 120, 300, 900, 3_600, 14_400, 86_400),
    registry=None,
)
_HANDED_OVER = Counter(
    "deskd_listener_mails_total",
    "Mails handed over by a mail server: taken, to come again, or refused, a wrong recipient counting as one.",
    ["listener", "outcome"],
    registry=None,
)
_ANSWER_SECONDS = Histogram(
    "deskd_listener_answer_duration_seconds",
    "From the last byte of a mail that is handed over to the answer, which comes after COMMIT.",
    ["listener"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
    registry=None,
)
_CONNECTIONS = Gauge("deskd_listener_connections", "Connections of mail servers.", ["listener"], registry=None)
_TURNED_AWAY = Counter(
    "deskd_listener_turned_away_total", "Connections that were not let in.", ["listener"], registry=None
)
_READ_SECONDS = Histogram(
    "deskd_mail_read_duration_seconds",
    "Time to read one mail, in its worker process.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 5),
    registry=None,
)
_WORKERS_ENDED = Counter(
    "deskd_read_workers_ended_total",
    "Processes that read mails and have ended: too slow over one mail, by themselves, or worn and replaced.",
    ["reason"],
    registry=None,
)
_WORKER_SUCCESS = Gauge(
    "deskd_worker_last_success_timestamp_seconds",
    "When the worker last came through its loop without an error; 0 before the first time.",
    ["worker"],
    registry=None,
)
_ITERATIONS = Counter(
    "deskd_worker_iterations_total", "Turns of a worker's loop.", ["worker", "outcome"], registry=None
)
_RELOAD_OK = Gauge(
    "deskd_config_last_reload_successful", "Whether the configuration was taken when last read.", registry=None
)
_RELOADED = Gauge(
    "deskd_config_last_reload_success_timestamp_seconds", "When the configuration was last taken.", registry=None
)
_BUILD = Gauge("deskd_build_info", "1, with what is running.", ["version", "revision"], registry=None)
_LETTERS_LEAVE = Gauge(
    "deskd_letters_leave",
    "Whether letters leave; 0 while the mail server is away or refuses nearly all of them.",
    registry=None,
)
_TOKENS = Counter(
    "deskd_access_tokens_total",
    "Access tokens asked for (OAuth2): given, refused, or the authorisation server was away.",
    ["answer"],
    registry=None,
)
_LOGGED = Counter("deskd_log_messages_total", "Lines logged at this level.", ["level"], registry=None)

METRICS: tuple[MetricWrapperBase, ...] = (
    _REQUESTS,
    _REQUEST_SECONDS,
    _RECONCILIATIONS,
    _RECONCILED_AT,
    _POLLS,
    _POLL_SUCCESS,
    _POLL_INTERVAL,
    _BACKLOG,
    _DELAY,
    _HANDED_OVER,
    _ANSWER_SECONDS,
    _CONNECTIONS,
    _TURNED_AWAY,
    _READ_SECONDS,
    _WORKERS_ENDED,
    _WORKER_SUCCESS,
    _ITERATIONS,
    _RELOAD_OK,
    _RELOADED,
    _BUILD,
    _LETTERS_LEAVE,
    _TOKENS,
    _LOGGED,
)

_declared: dict[str, frozenset[str]] = {"source": frozenset(), "mailbox": frozenset(), "listener": frozenset()}


def declare(space: LabelSpace) -> None:
    """Say what there is of them all: their series exist from now on, and others count as `other`."""
    _declared["source"] = frozenset(space.values("source"))
    _declared["mailbox"] = frozenset(space.values("mailbox"))
    for source in _declared["source"]:
        _REQUEST_SECONDS.labels(source)
        for code in CODES:
            _REQUESTS.labels(source, str(code))
        _RECONCILED_AT.labels(source)
        for outcome in OUTCOMES:
            _RECONCILIATIONS.labels(source, outcome)
    _declared["listener"] = frozenset(space.values("listener"))
    for mailbox in _declared["mailbox"] - _declared["listener"]:
        _declare_mailbox(mailbox)
    for listener in _declared["listener"]:
        _declare_listener(listener)
    for worker in WORKERS:
        _WORKER_SUCCESS.labels(worker)
        for outcome in OUTCOMES:
            _ITERATIONS.labels(worker, outcome)
    for ending in WORKER_ENDINGS:
        _WORKERS_ENDED.labels(ending)
    for answer in TOKEN_ANSWERS:
        _TOKENS.labels(answer)
    for level in LEVELS:
        _LOGGED.labels(level)


def set_letters_leave(trouble: str | None) -> None:
    """Say whether letters leave, by what keeps them from it."""
    _LETTERS_LEAVE.set(trouble is None)


def count_token(answer: str) -> None:
    """Count one request for an access token; `answer` is one of TOKEN_ANSWERS."""
    _TOKENS.labels(answer if answer in TOKEN_ANSWERS else OTHER).inc()


def count_webhook(source: str, code: int, seconds: float) -> None:
    """Count one answered request and how long it took."""
    label = _known("source", source)
    _REQUESTS.labels(label, str(code) if code in CODES else OTHER).inc()
    _REQUEST_SECONDS.labels(label).observe(seconds)


def count_reconciliation(source: str, *, at: datetime, failed: bool = False) -> None:
    """Count one comparison with the Alertmanagers of a source."""
    label = _known("source", source)
    _RECONCILIATIONS.labels(label, "failed" if failed else "done").inc()
    if not failed:
        _RECONCILED_AT.labels(label).set(at.timestamp())


def count_poll(mailbox: str, *, at: datetime, failed: bool = False) -> None:
    """Count one look into a mailbox."""
    label = _known("mailbox", mailbox)
    _POLLS.labels(label, "failed" if failed else "done").inc()
    if not failed:
        _POLL_SUCCESS.labels(label).set(at.timestamp())


def set_poll_interval(mailbox: str, seconds: float) -> None:
    """Tell how often a mailbox is to be read, so that an alert can say when that is not done."""
    _POLL_INTERVAL.labels(_known("mailbox", mailbox)).set(seconds)


def set_backlog(mailbox: str, messages: int) -> None:
    """Tell how many mails wait in a mailbox."""
    _BACKLOG.labels(_known("mailbox", mailbox)).set(messages)


def observe_ingest_delay(mailbox: str, seconds: float) -> None:
    """Count how long a mail waited before its report was committed."""
    _DELAY.labels(_known("mailbox", mailbox)).observe(max(seconds, 0.0))


def count_delivery(listener: str, outcome: str, seconds: float) -> None:
    """Count one mail that a mail server handed over and how long its answer took; `outcome` is one of HANDED_OVER."""
    label = _known("listener", listener)
    _HANDED_OVER.labels(label, outcome if outcome in HANDED_OVER else OTHER).inc()
    _ANSWER_SECONDS.labels(label).observe(seconds)


def set_connections(listener: str, connections: int) -> None:
    """Tell how many connections a listener has."""
    _CONNECTIONS.labels(_known("listener", listener)).set(connections)


def count_turned_away(listener: str) -> None:
    """Count a connection that was not let in."""
    _TURNED_AWAY.labels(_known("listener", listener)).inc()


def observe_reading(seconds: float) -> None:
    """Count how long a mail took its reader."""
    _READ_SECONDS.observe(seconds)


def count_worker_ending(reason: str) -> None:
    """Count a process that read mails and is gone; `reason` is one of WORKER_ENDINGS."""
    _WORKERS_ENDED.labels(reason if reason in WORKER_ENDINGS else OTHER).inc()


def count_iteration(worker: str, *, at: datetime, failed: bool = False) -> None:
    """Count one turn of a worker's loop; `worker` is one of WORKERS."""
    label = worker if worker in WORKERS else OTHER
    _ITERATIONS.labels(label, "failed" if failed else "done").inc()
    if not failed:
        _WORKER_SUCCESS.labels(label).set(at.timestamp())


def set_reload(*, at: datetime, failed: bool = False) -> None:
    """Tell whether the configuration was taken when it was last read; the first reading counts."""
    _RELOAD_OK.set(0 if failed else 1)
    if not failed:
        _RELOADED.set(at.timestamp())


def set_build(version: str, revision: str = "") -> None:
    """Tell what is running."""
    _BUILD.clear()
    _BUILD.labels(version, revision).set(1)


def count_log_line(level: str) -> None:
    """Count a line of the log, where its level is one of LEVELS."""
    if level in LEVELS:
        _LOGGED.labels(level).inc()


def _declare_mailbox(mailbox: str) -> None:
    for metric in (_POLL_SUCCESS, _POLL_INTERVAL, _BACKLOG, _DELAY):
        metric.labels(mailbox)
    for outcome in OUTCOMES:
        _POLLS.labels(mailbox, outcome)


def _declare_listener(listener: str) -> None:
    for metric in (_ANSWER_SECONDS, _CONNECTIONS, _TURNED_AWAY):
        metric.labels(listener)
    for outcome in HANDED_OVER:
        _HANDED_OVER.labels(listener, outcome)


def _known(label: str, value: str) -> str:
    return value if value in _declared[label] else OTHER
