"""`deskd demo` as a newcomer runs it, in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("pymap", reason="the demo needs pymap, of the extra demo")
pytestmark = pytest.mark.slow

LONGEST = 120
"""Seconds: the machine of a test may be busy with other tests."""


def deskd_demo(*words: str, folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "daemon", "demo", *words]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def _processor_seconds() -> float:
    """Of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_day_comes_out_as_it_should_and_leaves_nothing_behind(tmp_path: Path) -> None:
    before = _processor_seconds()
    with deskd_demo("--json", folder=tmp_path) as demo:
        out, err = demo.communicate(timeout=LONGEST)
    summary = json.loads(out)
    assert summary.pop("missed") == []
    assert (demo.returncode, err) == (0, "")
    assert summary.pop("seconds") < LONGEST
    assert _processor_seconds() - before < 25
    assert summary.pop("expectations") > 100
    assert summary == {"reports": 24, "tickets": 5, "repeats": 4, "escalations": 2, "letters": 31, "breaches": 0}
    assert not list(tmp_path.iterdir())


def test_it_tells_what_happened_and_stays_up_until_somebody_leaves(tmp_path: Path) -> None:
    with deskd_demo(folder=tmp_path) as demo:
        assert demo.stdout is not None
        told = []
        for line in demo.stdout:
            told.append(line)
            if "python3 -c" in line:
                break
        demo.send_signal(signal.SIGINT)
        rest, err = demo.communicate(timeout=LONGEST)
    text = "".join(told)
    assert (demo.returncode, err) == (0, ""), text
    assert "三楼打印机又卡纸了" in text
    assert "▲ escalated" in text
    (kept,) = tmp_path.iterdir()
    assert str(kept) in rest
    assert len(list((kept / "letters").glob("*.eml"))) == 31
    assert '"event": "daemon.stopped"' in (kept / "deskd.log").read_text()
