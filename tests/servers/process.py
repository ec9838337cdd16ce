"""What every throw-away server needs: a port, a folder, a certificate, and a child that dies with the test run."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: For whatever comes soon on a quiet machine. Only a failure waits so long, and a busy machine is none.
PATIENCE = 60.0
STOP_SECONDS = 30.0


class ServerAbsentError(LookupError):
    """A server that cannot be had here; its tests are skipped by its name."""

    def __init__(self, name: str, why: str = "is not installed") -> None:
        super().__init__(f"{name} {why}")


class ServerFailedError(RuntimeError):
    """A server that is installed and did not start; the text holds what it said."""


def find_program(server: str, *candidates: str) -> Path:
    """The first of `candidates` (paths, or names on PATH and in /usr/sbin) that is there.

    Raises ServerAbsentError with the server's name where none is.
    """
    search = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    for candidate in candidates:
        if found := shutil.which(candidate, path=search):
            return Path(found)
    raise ServerAbsentError(server)


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def short_folder(prefix: str) -> Path:
    """A new folder other users may walk through, its path short enough for a Unix socket inside it (107 bytes).

    pytest's tmp_path is neither: it is deep, and its root has mode 0700.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    return folder


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for localhost and 127.0.0.1, valid for two days: its file and its key's."""
    openssl = find_program("openssl", "openssl")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    request = f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*request.split(), *names, *files], check=True, capture_output=True)
    return certificate, key


class Child:
    """One server process, leader of its own process group, its output in a file."""

    def __init__(self, command: Sequence[str], output: Path) -> None:
        self.output = output
        with output.open("ab") as sink:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True, cwd="/"
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Return once `ready` holds; raise ServerFailedError when the process ends first or `seconds` have passed."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running() or time.monotonic() > deadline:
                self.kill()
                raise ServerFailedError(self.output.read_text(errors="replace")[-4000:])
            time.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Wait until it has ended and return its exit status; raises subprocess.TimeoutExpired."""
        return self._process.wait(seconds)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, wait, and kill what is left after half a minute."""
        if self.running():
            self._process.send_signal(with_signal)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End the whole process group at once."""
        if self.running():
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()


def answers(port: int) -> bool:
    """Whether something accepts a connection on that loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
