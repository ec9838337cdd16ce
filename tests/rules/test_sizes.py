"""Sizes, written and told."""

from __future__ import annotations

import pytest

from rules.sizes import bytes_of, told_size


@pytest.mark.parametrize(
    ("size", "told"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1536, "2 KB"), (2 << 20, "2 MB"), (12_345_678, "11.8 MB")],
)
def test_a_size_is_told_as_mail_programs_show_it(size: int, told: str) -> None:
    assert told_size(size) == told


@pytest.mark.parametrize(("written", "size"), [("10MiB", 10 << 20), ("512 KiB", 512 << 10), ("7B", 7)])
def test_a_size_is_a_number_and_a_unit(written: str, size: int) -> None:
    assert bytes_of(written) == size


@pytest.mark.parametrize("written", ["10", "10MB", "-1MiB", "0MiB", "MiB", "", "１MiB"])
def test_anything_else_is_no_size(written: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        bytes_of(written)
