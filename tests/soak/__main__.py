"""`make soak`: the desk for long, with processes killed and restarted at random, watching what is lost and what grows.

    python -m tests.soak [stream|incidents ...]

`stream` is mail and alerts, `incidents` are services that break before a real Prometheus and two real Alertmanagers.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from random import Random
from statistics import median

from tests.servers.dovecot import DovecotServer
from tests.servers.process import ServerAbsentError
from tests.servers.smtp import SmtpSink
from tests.soak import incidents
from tests.soak.figures import as_table
from tests.soak.run import Plan, soak

#: Seconds that a service is down, more or less.
DOWN = 10.0


def main() -> int:
    """Run what is asked for and print what it came to; returns 1 where something is lost or grows."""
    arguments = _read_arguments()
    seed = secrets.randbelow(10**6) if arguments.seed is None else arguments.seed
    print(f"seed {seed}: {arguments.minutes:g} minutes of each", flush=True)
    parts = {"stream": _soak_stream, "incidents": _soak_incidents}
    try:
        return max(parts[part](arguments, Random(seed)) for part in arguments.parts or parts)
    except ServerAbsentError as absent:
        print(f"{absent}: `make servers` installs it")
        return 1


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make soak", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=["stream", "incidents", []], help="both where none is named")
    parser.add_argument("--minutes", type=float, default=5, help="how long each runs (5)")
    parser.add_argument("--pace", type=float, default=10, help="mails and notifications a second (10)")
    parser.add_argument("--life", type=float, default=30, help="seconds between two ends, more or less; 0: none (30)")
    parser.add_argument("--seed", type=int, default=None, help="the same seed sends the same stream")
    return parser.parse_args()


def _soak_stream(arguments: argparse.Namespace, random: Random) -> int:
    plan = Plan(seconds=arguments.minutes * 60, pace=arguments.pace, life=arguments.life)
    with DovecotServer() as dovecot, SmtpSink() as sink:
        outcome = soak(plan, dovecot.new_mailbox(), sink, random)
    print(
        f"{outcome.mails:,} mails, {outcome.alerts:,} alerts, {outcome.letters:,} letters;"
        f" killed {outcome.kills} times, stopped {outcome.stops} times"
    )
    print(as_table(outcome.figures.rows()))
    print("\n".join(outcome.troubles) or "The books balance.", flush=True)
    return int(not outcome.is_good)


def _soak_incidents(arguments: argparse.Namespace, random: Random) -> int:
    plan = incidents.Plan(seconds=arguments.minutes * 60, down=DOWN, life=arguments.life or 1e9)
    with SmtpSink() as sink:
        outcome = incidents.soak_incidents(plan, sink, random)
    kills = ", ".join(f"{name} {times}" for name, times in sorted(outcome.kills.items()))
    print(f"{outcome.incidents:,} incidents before Prometheus and two Alertmanagers; killed: {kills or 'none'}")
    for what, seconds in (("until its ticket opened", outcome.opened_within), ("until it ended", outcome.ended_within)):
        if seconds:
            print(f"{what}: {median(seconds):.1f} s in the middle, {max(seconds):.1f} s at most")
    print("\n".join(outcome.troubles) or "One ticket for each, and none left open.", flush=True)
    return int(bool(outcome.troubles))


if __name__ == "__main__":
    sys.exit(main())
