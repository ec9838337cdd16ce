"""How long to wait before the next attempt: longer each time, and never in step with anybody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Backoff:
    """Waits that double from `first` to `ceiling` seconds, each shortened at random by up to half.

    `random` gives numbers in [0, 1). Half of a wait is kept whatever it gives: a lost server is not asked at once.
    """

    first: float
    ceiling: float
    random: Callable[[], float]
    _attempts: int = field(default=0, init=False)

    def next(self) -> float:
        """Seconds to wait before the attempt that follows the failure just seen."""
        # Bounded, since 2.0 ** 1024 overflows after a month without a server.
        whole = min(self.ceiling, self.first * 2.0 ** min(self._attempts, 60))
        self._attempts += 1
        return whole * (1.0 - self.random() / 2.0)

    def reset(self) -> None:
        """An attempt has succeeded: the next failure waits the shortest time again."""
        self._attempts = 0
