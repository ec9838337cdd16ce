"""So many mails as share one errand, and so one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: A larger mail goes alone.
MOST_MAILS, MOST_BYTES = 50, 8 << 20

Item = TypeVar("Item")


def in_batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """The items in their order, as many at once as keep within MOST_MAILS and MOST_BYTES, and at least one."""
    batch: list[Item] = []
    weight = 0
    for item in items:
        weight += size(item)
        if batch and (len(batch) >= MOST_MAILS or weight > MOST_BYTES):
            yield batch
            batch, weight = [], size(item)
        batch.append(item)
    if batch:
        yield batch
