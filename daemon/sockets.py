"""Listening sockets: of the Internet, and of Unix."""

from __future__ import annotations

import socket
import stat
from typing import TYPE_CHECKING

from daemon.config.listen import ListenAddress, ListenPath

if TYPE_CHECKING:
    from pathlib import Path


def open_listening(where: ListenAddress | ListenPath) -> socket.socket:
    """Bind a socket; raises OSError where the address cannot be had."""
    match where:
        case ListenAddress():
            return listen(where.host, where.port)
        case ListenPath():
            return listen_at(where.path, mode=0o666)


def listen(host: str, port: int) -> socket.socket:
    """Bind to an address; raises OSError where it cannot be had.

    The protocol is named because asyncio sets TCP_NODELAY only then, without which every answer waits 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    return opened


def listen_at(path: Path, *, mode: int) -> socket.socket:
    """Bind to a Unix socket with these rights, in the place of one that nobody listens on any more.

    Raises OSError where somebody does, or where it cannot be made.
    """
    _remove_dead_socket(path)
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        opened.bind(str(path))
        path.chmod(mode)
    except OSError:
        opened.close()
        raise
    return opened


def reach_listening(where: ListenAddress | ListenPath, patience: float) -> socket.socket:
    """Connect to whoever listens there; raises OSError where nobody does."""
    match where:
        case ListenAddress():
            return socket.create_connection((where.reached_at, where.port), patience)
        case ListenPath():
            return reach(where.path, patience)


def reach(path: Path, patience: float) -> socket.socket:
    """Connect to a Unix socket; raises OSError where nobody listens there."""
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    opened.settimeout(patience)
    try:
        opened.connect(str(path))
    except OSError:
        opened.close()
        raise
    return opened


def _remove_dead_socket(path: Path) -> None:
    """What a killed daemon has left would keep the next one from listening."""
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            return
        reach(path, 1.0).close()
    except ConnectionRefusedError:
        path.unlink(missing_ok=True)
    except FileNotFoundError:
        return
