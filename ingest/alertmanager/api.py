"""Asking an Alertmanager over its API, version 2 (`api/v2/openapi.yaml` in its source).

Whatever it is asked has an end: so many seconds, so many bytes, no redirects. httpx2 is imported with the first
question, as most desks ask none.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ingest.alertmanager.answers import (
    AnswerError,
    ServerStatus,
    items_of,
    read_alerts,
    read_silence_id,
    read_silences,
    read_status,
    silence_as_json,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from rules.alertmanager.listed import Listing
    from rules.silences.silence import Silence

#: Seconds for one question with its answer.
PATIENCE: Final = 15.0
#: Bytes of one answer: 50,000 alerts have some 50 MB.
LARGEST_ANSWER: Final = 64 << 20
LONGEST_REASON: Final = 200
#: Bytes of what is no answer, for a person who is to know the page again.
_SHOWN: Final = 80

#: What a DELETE is answered with 500 (before 0.28; 404 since) where the silence mutes nothing any more.
_GONE = re.compile(r"not found|already expired")

_Answer = TypeVar("_Answer")
_Api = TypeVar("_Api")


class AlertmanagerError(Exception):
    """An Alertmanager did not do what it was asked; `passes` where the same question may be answered later.

    `in_doubt` says that it may have made a silence all the same: another one of its cluster is not to make it again.
    """

    def __init__(self, reason: str, *, passes: bool, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passes = passes
        self.in_doubt = in_doubt


class _RefusedError(AlertmanagerError):
    """An answer other than 200."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason, passes=status >= 500 or status == 429)
        self.status = status


class _UnreachedError(AlertmanagerError):
    """Nobody listens there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQuery:
    """Which alerts are asked for: by default all."""

    filters: tuple[str, ...] = ()
    """Matchers such as `service="checkout"`; all of them hold."""
    receivers: tuple[str, ...] = ()
    """Names; an alert that goes to any of them is listed. None: to whomever it goes."""
    active: bool = True
    silenced: bool = True
    inhibited: bool = True
    unprocessed: bool = True

    def parameters(self) -> list[tuple[str, str]]:
        """The query of the URL. Alertmanager reads `receiver` as an expression anchored on both sides."""
        states = ("active", "silenced", "inhibited", "unprocessed")
        asked = [(state, str(getattr(self, state)).lower()) for state in states]
        asked += [("filter", matcher) for matcher in self.filters]
        return asked + ([("receiver", "|".join(map(re.escape, self.receivers)))] if self.receivers else [])


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertmanagerApi:
    """One Alertmanager. Every method raises AlertmanagerError, and nothing else, where it is not answered."""

    url: str
    """Such as `http://127.0.0.1:9093`, with the prefix of its paths if it has one."""
    authorization: Callable[[], str | None] = lambda: None
    """The header to send, asked for with every question. It raises AlertmanagerError where it cannot be had."""
    ca_file: Path | None = None
    """The certificates to trust in place of the usual ones."""
    largest_answer: int = LARGEST_ANSWER
    """Bytes."""

    async def status(self) -> ServerStatus:
        """Since when it runs, with whom, and by which configuration."""
        return self._read(read_status, await self._ask("GET", "/api/v2/status"))

    async def alerts(self, query: AlertQuery, *, source: str, received_at: datetime) -> Listing:
        """The alerts that it holds, as reports of `source` that came at `received_at` (UTC)."""
        body = await self._ask("GET", "/api/v2/alerts", parameters=query.parameters())
        # Seconds for tens of thousands of alerts, in which the loop goes on.
        return await asyncio.to_thread(
            self._read, partial(read_alerts, source=source, received_at=received_at), body, items_of
        )

    async def silences(self, filters: Sequence[str] = ()) -> tuple[Silence, ...]:
        """The silences whose matchers are among `filters`, such as `service="checkout"`, expired ones too."""
        asked = [("filter", matcher) for matcher in filters]
        return self._read(read_silences, await self._ask("GET", "/api/v2/silences", parameters=asked))

    async def set_silence(self, silence: Silence) -> str:
        """Make a silence, or change the one with its id; returns the id, which may be another than before."""
        try:
            answer = await self._ask("POST", "/api/v2/silences", silence_as_json(silence))
            return self._read(read_silence_id, answer)
        except AlertmanagerError as error:
            if not _is_in_doubt(error):
                raise
            raise AlertmanagerError(error.reason, passes=error.passes, in_doubt=True) from error

    async def expire_silence(self, silence: str) -> None:
        """End the silence with this id. One that has ended, or that is not known any more, is as it should be."""
        try:
            await self._ask("DELETE", f"/api/v2/silence/{silence}")
        except _RefusedError as error:
            if error.status != 404 and not _GONE.search(error.reason):
                raise

    def _read(
        self, reading: Callable[[Any], _Answer], body: bytes, parse: Callable[[bytes], Any] = json.loads
    ) -> _Answer:
        try:
            return reading(parse(body))
        except AnswerError as error:
            raise AlertmanagerError(f"{self.url}: {_line(str(error))}", passes=True) from error
        # No JSON, such as the page of a proxy, or JSON so deep that no Alertmanager writes it.
        except (ValueError, RecursionError) as error:
            begins = _line(body[:_SHOWN].decode(errors="replace"))
            raise AlertmanagerError(
                f"{self.url}: no answer of an Alertmanager, see api: {begins}", passes=True
            ) from error

    async def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, parameters: Sequence[tuple[str, str]] = ()
    ) -> bytes:
        import httpx2  # noqa: PLC0415 - see above

        try:
            async with asyncio.timeout(PATIENCE), self._client() as client:
                request = client.build_request(method, self.url + path, params=list(parameters), json=body)
                answer = await client.send(request, stream=True)
                try:
                    return self._checked(answer, await self._body(answer))
                finally:
                    await answer.aclose()
        except TimeoutError as error:
            raise AlertmanagerError(f"{self.url}: no answer within {PATIENCE:g} seconds", passes=True) from error
        except httpx2.ConnectError as error:
            raise _UnreachedError(f"{self.url}: {_why_unreached(str(error))}", passes=True) from error
        except httpx2.HTTPError as error:
            raise AlertmanagerError(f"{self.url}: {_line(str(error)) or type(error).__name__}", passes=True) from error
        except (httpx2.InvalidURL, OSError, ValueError) as error:
            raise AlertmanagerError(f"{self.url}: {_line(str(error))}", passes=False) from error

    def _client(self) -> Any:
        """A client for one question. What the environment says of proxies and passwords is not meant for this."""
        import httpx2  # noqa: PLC0415 - see above

        headers = {"accept-encoding": "identity", "user-agent": "deskd"}
        if authorization := self.authorization():
            headers["authorization"] = authorization
        verify = _trusted(self.ca_file) if self.url.startswith("https:") else False
        return httpx2.AsyncClient(headers=headers, verify=verify, timeout=PATIENCE, trust_env=False)

    async def _body(self, answer: Any) -> bytes:
        parts, size = [], 0
        async for part in answer.aiter_raw():
            size += len(part)
            if size > self.largest_answer:
                raise AlertmanagerError(
                    f"{self.url}: the answer is larger than {self.largest_answer} bytes", passes=True
                )
            parts.append(part)
        return b"".join(parts)

    def _checked(self, answer: Any, body: bytes) -> bytes:
        status, elsewhere = answer.status_code, answer.headers.get("location", "")
        if status == 200:
            return body
        said = _line(body[:1000].decode(errors="replace"))
        match status:
            case 401 | 403:
                why = "it does not take our login: see api_token, or api_user and api_password"
            case 404:
                why = (
                    "there is no Alertmanager: see api, which ends with the path where it has one (--web.route-prefix)"
                )
            case _ if elsewhere:
                why = f"it sends on to {_line(elsewhere)}, as a login page does: see api"
            case _:
                why = said
        raise _RefusedError(f"{self.url}: {status} {why}".rstrip(), status)


def _is_in_doubt(error: AlertmanagerError) -> bool:
    """Tell whether what was asked may have been done all the same; a proxy answers 502 and 504 for what it lost."""
    match error:
        case _UnreachedError():
            return False
        case _RefusedError(status=status):
            return status in (502, 504)
        case _:
            return True


def _why_unreached(said: str) -> str:
    """What the library says of a connection that did not come about, and where that is put right."""
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return f"{_line(said)}: see api_ca_file"
    if "WRONG_VERSION_NUMBER" in said:
        return "it speaks no TLS: see api, which begins with http:// then"
    return _line(said)


def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    """The certificates to trust. To read them takes 50 ms, in which the loop stands still: once is enough."""
    file = ca_file or ssl.get_default_verify_paths().cafile
    return _read_certificates(ca_file, Path(file).stat().st_mtime_ns if file else 0)


@lru_cache(maxsize=8)
def _read_certificates(ca_file: Path | None, changed_at: int) -> ssl.SSLContext:  # noqa: ARG001 - another is read anew
    return ssl.create_default_context(cafile=ca_file)


async def first_answer(pair: Sequence[_Api], question: Callable[[_Api], Awaitable[_Answer]]) -> _Answer:
    """Ask the Alertmanagers of one cluster in their order, the next where one cannot answer now.

    Raises the first one's AlertmanagerError where none answers, or that of one that refuses for good, or may have done
    what it did not answer to: what it made is known to the others once they have gossiped.
    """
    failures: list[AlertmanagerError] = []
    for api in pair:
        try:
            return await question(api)
        except AlertmanagerError as error:
            if not error.passes or error.in_doubt:
                raise
            failures.append(error)
    raise failures[0]


def _line(text: str) -> str:
    """Words from outside on one line of a log."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_REASON]
