"""Real servers for the tests, each started once a run, and what happens where one is not installed."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.servers.dovecot import DovecotServer, ServedMailbox
from tests.servers.opensmtpd import OpenSmtpdServer
from tests.servers.postgres import PostgresServer
from tests.servers.process import ServerAbsentError
from tests.servers.smtp import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# How long an example takes depends on what else the machine does: a limit on it fails for no fault of ours. All else is
# as hypothesis has it, which where CI=true tries the same examples in every run, and new ones in those of a developer:
# there half as many do.
settings.register_profile("desk", settings.default, deadline=None, max_examples=100 if settings().derandomize else 50)
settings.load_profile("desk")


# A run makes hundreds of thousands of objects that live to its end. To walk through them as often as Python does
# by itself would take a tenth of its time.
gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish() -> None:
    """Let no garbage collection walk through what collecting made."""
    gc.collect()
    gc.freeze()


def _give_up(absent: ServerAbsentError) -> None:
    """Skip the test by the server's name; where CI=true every server must be there, and it fails."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(str(absent), pytrace=False)
    pytest.skip(str(absent))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None]:
    try:
        return (yield)
    except ServerAbsentError as absent:
        _give_up(absent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    try:
        return (yield)
    except ServerAbsentError as absent:
        _give_up(absent)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    with DovecotServer() as server:
        yield server


@pytest.fixture
def mailbox(dovecot: DovecotServer) -> ServedMailbox:
    """A mailbox of its own for each test, with an empty INBOX."""
    return dovecot.new_mailbox()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of an empty database, gone after the test."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def opensmtpd(dovecot: DovecotServer) -> Iterator[OpenSmtpdServer]:
    with OpenSmtpdServer(dovecot.lmtp_port) as server:
        yield server
