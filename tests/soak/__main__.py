"""`make soak`: a mixed stream for long, with the daemon killed and restarted at random, watching what grows."""

from __future__ import annotations

import argparse
import secrets
import sys
from random import Random

from tests.servers.dovecot import DovecotServer
from tests.servers.process import ServerAbsentError
from tests.servers.smtp import SmtpSink
from tests.soak.figures import as_table
from tests.soak.run import Plan, soak


def main() -> int:
    """Run it and print the table; returns 1 where the books do not balance or something grows."""
    parser = argparse.ArgumentParser("make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="how long the stream runs (5)")
    parser.add_argument("--pace", type=float, default=10, help="mails and notifications a second (10)")
    parser.add_argument("--life", type=float, default=30, help="seconds between two ends, more or less; 0: none (30)")
    parser.add_argument("--seed", type=int, default=None, help="the same seed sends the same stream")
    arguments = parser.parse_args()
    seed = secrets.randbelow(10**6) if arguments.seed is None else arguments.seed
    plan = Plan(seconds=arguments.minutes * 60, pace=arguments.pace, life=arguments.life)
    print(f"seed {seed}: {arguments.minutes:g} minutes", flush=True)
    try:
        with DovecotServer() as dovecot, SmtpSink() as sink:
            outcome = soak(plan, dovecot.new_mailbox(), sink, Random(seed))
    except ServerAbsentError as absent:
        print(f"{absent}: `make servers` installs it")
        return 1
    print(
        f"{outcome.mails:,} mails, {outcome.alerts:,} alerts, {outcome.letters:,} letters;"
        f" killed {outcome.kills} times, stopped {outcome.stops} times"
    )
    print(as_table(outcome.figures.rows()))
    print("\n".join(outcome.troubles) or "The books balance.")
    return int(not outcome.is_good)


if __name__ == "__main__":
    sys.exit(main())
