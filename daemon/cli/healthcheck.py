"""`deskd healthcheck`: for the health check of a container. Imports little, as it runs every few seconds.

Of the configuration it reads only where the daemon listens: a mistake elsewhere says nothing about the one running.
"""

from __future__ import annotations

import http.client
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.config.listen import DEFAULT_WEBHOOKS, ListenAddress

if TYPE_CHECKING:
    import argparse

PATH = "/-/healthy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whom to ask and how long to wait."""
    parser.add_argument(
        "-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="the configuration"
    )
    parser.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS", help="how long to wait (5)")


def run(arguments: argparse.Namespace) -> int:
    """Ask the daemon and print its answer; 0 where it is healthy, otherwise 1."""
    try:
        address = admin_listener(arguments.config)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"not healthy: {arguments.config}: {error}\n")
        return 1
    try:
        status, answer = _ask(address, arguments.timeout)
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"not healthy: no answer from {address}: {error}\n")
        return 1
    out = sys.stdout if status == http.client.OK else sys.stderr
    out.write(f"{address} answered {status}: {answer}\n")
    return 0 if status == http.client.OK else 1


def admin_listener(path: Path) -> ListenAddress:
    """Where `/-/...` is served. Raises OSError for an unreadable file, ValueError for nonsense."""
    with path.open("rb") as file:
        section = tomllib.load(file).get("http", {})
    written = section if isinstance(section, dict) else {}
    return ListenAddress.parse(str(written.get("admin") or written.get("webhooks") or DEFAULT_WEBHOOKS))


def _ask(address: ListenAddress, timeout: float) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.reached_at, address.port, timeout=timeout)
    try:
        connection.request("GET", PATH, headers={"Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read(200).decode("utf-8", "replace").strip()
    finally:
        connection.close()
