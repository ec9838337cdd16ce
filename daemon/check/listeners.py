"""Whether the daemon could listen where it is told to, or does so already."""

from __future__ import annotations

import errno
import http.client
from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines
from daemon.config.listen import ListenPath
from daemon.sockets import open_listening, reach_listening

if TYPE_CHECKING:
    from daemon.config.listen import ListenAddress
    from daemon.config.settings import Config, MailListener

PATIENCE = 10.0


def check_http(config: Config, lines: Lines) -> list[Finding]:
    """Where webhooks come in, and where operators look, if that is elsewhere."""
    http_settings = config.http
    names = ", ".join(source.name for source in config.alert_sources)
    senders = f"alerts of {names}" if names else "nobody's alerts: there is no [[alertmanagers]]"
    if http_settings.is_one_listener:
        where = lines.where("http", "webhooks")
        return [_check("webhooks", http_settings.webhooks, "/-/healthy", where, f"/metrics, and {senders}")]
    return [
        _check("webhooks", http_settings.webhooks, "/alertmanager/check", lines.where("http", "webhooks"), senders),
        _check("admin", http_settings.admin, "/-/healthy", lines.where("http", "admin"), "/metrics and /-/..."),
    ]


def check_mail_listener(listener: MailListener, index: int, lines: Lines) -> list[Finding]:
    """Where a mail server hands mail over: free, or deskd's already."""
    part, where = f"listener {listener.name}", lines.where("listeners", index, "listen")
    said = f"{listener.listen} ({listener.protocol})"
    try:
        open_listening(listener.listen).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return [Finding("FAIL", part, f"cannot listen on {listener.listen}: {error.strerror or error}", where)]
        greeting = _greeting(listener.listen)
        if greeting.startswith("220") and greeting.endswith("deskd"):
            return [Finding("ok", part, f"{said}: deskd is running")]
        if greeting.startswith("421"):
            return [Finding("ok", part, f"{said}: deskd is running, and lets nobody in from here")]
        return [Finding("FAIL", part, f"{listener.listen} is taken by something else: {greeting}", where)]
    if isinstance(listener.listen, ListenPath):
        listener.listen.path.unlink(missing_ok=True)
    return [Finding("ok", part, f"{said} is free, for mail to {', '.join(sorted(listener.recipients))}")]


def _greeting(where: ListenAddress | ListenPath) -> str:
    """The first line of who listens there; empty where there is none."""
    try:
        with reach_listening(where, PATIENCE) as peer:
            return peer.recv(512).decode("utf-8", "replace").partition("\r\n")[0]
    except OSError as error:
        return error.strerror or str(error)


def _check(part: str, address: ListenAddress, path: str, where: str, purpose: str) -> Finding:
    try:
        open_listening(address).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _ask(part, address, path, where)
        return Finding("FAIL", part, f"cannot listen on {address}: {error.strerror or error}", where)
    free = "is free" if address.port else "stands for any free port"
    return Finding("ok", part, f"{address} {free}, for {purpose}")


def _ask(part: str, address: ListenAddress, path: str, where: str) -> Finding:
    """Find out whether it is deskd that listens there: of others nobody takes only POST at such a path."""
    try:
        status, answer = _get(address, path)
    except (OSError, http.client.HTTPException) as error:
        return Finding("FAIL", part, f"{address} is taken, and what listens there does not answer: {error}", where)
    if path == "/-/healthy" and answer.startswith("late:"):
        return Finding("warn", part, f"{address}: deskd is running and stuck, {answer}", where)
    if path == "/-/healthy" and answer == "healthy":
        return Finding("ok", part, f"{address}: deskd is running and healthy")
    if path != "/-/healthy" and status == http.client.METHOD_NOT_ALLOWED:
        return Finding("ok", part, f"{address}: deskd is running")
    return Finding("FAIL", part, f"{address} is taken by something else: it answers {status}", where)


def _get(address: ListenAddress, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.reached_at, address.port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read(200).decode("utf-8", "replace").strip()
    finally:
        connection.close()
