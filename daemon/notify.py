"""Telling systemd how the daemon is (sd_notify(3)): one datagram to the socket it names."""

from __future__ import annotations

import os
import socket


def notify_systemd(*lines: str) -> bool:
    """Send `READY=1`, `WATCHDOG=1`, `STATUS=...` to the service manager; returns whether there is one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]  # a name in Linux's abstract namespace
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto("\n".join(lines).encode(), address)
        except OSError:
            return False
    return True
