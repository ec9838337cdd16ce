"""What tells one alert from another."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def fingerprint_of(labels: Mapping[str, str]) -> str:
    """An identity for an alert whose sender gave none: 16 hexadecimal digits over all its labels, in any order."""
    digest = hashlib.sha256()
    for name, value in sorted(labels.items()):
        digest.update(f"{name}\0{value}\0".encode())
    return digest.hexdigest()[:16]
