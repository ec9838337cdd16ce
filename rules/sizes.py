"""Sizes in bytes, as a file writes them and as people read them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BeforeValidator

_UNITS: Final = {"GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10, "B": 1}


def bytes_of(size: str) -> int:
    """The number of bytes of `25MiB`; raises ValueError for anything but a number and B, KiB, MiB or GiB."""
    text = size.strip()
    unit = next((unit for unit in _UNITS if text.endswith(unit)), None)
    number = text.removesuffix(unit or "").strip()
    if unit is None or not (number.isascii() and number.isdecimal()) or len(number) > 9 or not int(number):
        raise ValueError(f"{size!r} is not a size: write a number and B, KiB, MiB or GiB, such as 25MiB")
    return int(number) * _UNITS[unit]


def told_size(size: int) -> str:
    """A size as mail programs show it, `9.8 MB`: their MB is a MiB."""
    if size < 1 << 10:
        return f"{size} B"
    if size < 1 << 20:
        return f"{max(1, round(size / (1 << 10)))} KB"
    return f"{size / (1 << 20):.1f} MB".replace(".0 MB", " MB")


def _size(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    return bytes_of(value if isinstance(value, str) else repr(value))


Size = Annotated[int, BeforeValidator(_size)]
"""A number of bytes, written like `25MiB`."""
