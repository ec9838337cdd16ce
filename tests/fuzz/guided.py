"""`make fuzz-guided`: mails that grow by what they reach of our code (atheris, libFuzzer)."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import atheris
import structlog

with atheris.instrument_imports(include=["ingest", "rules.deciding", "rules.joining", "rules.judging"]):
    from tests.fuzz.checks import check_mail
    from tests.fuzz.run import own_pool

LARGEST = 65_536
SLOWEST_SECONDS = 5


def main() -> None:
    """Feed until the time is over or something is found; libFuzzer ends the process and writes what it found."""
    parser = argparse.ArgumentParser("make fuzz-guided", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long (600)")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(tempfile.mkdtemp(prefix="fuzz-guided-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, original in enumerate(own_pool().mails):
        (corpus / f"{number:03}.eml").write_bytes(original)
    print(f"what is found lies in {folder}", flush=True)
    options = (
        f"-max_total_time={arguments.seconds}",
        f"-max_len={LARGEST}",
        f"-timeout={SLOWEST_SECONDS}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
    )
    atheris.Setup([sys.argv[0], *options, str(corpus)], _feed)
    atheris.Fuzz()


def _feed(original: bytes) -> None:
    check_mail(original, "1.1", trusted=len(original) % 2 == 0)


if __name__ == "__main__":
    main()
