"""Patterns of a rulebook: RE2, so that no pattern and no text makes the desk wait."""

from __future__ import annotations

from typing import Annotated

import re2
from pydantic import AfterValidator, Field


def _compiles(pattern: str) -> str:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options=options)
    except re2.error as error:
        reason = error.args[0] if error.args else "it is none"
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        raise ValueError(f"{pattern!r} is no RE2 pattern: {reason}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
Patterns = Annotated[tuple[Pattern, ...], Field(examples=[[r"[2-9][0-9] ?(楼|层)"]])]
"""RE2 patterns, looked for in the folded text: small letters, simplified characters, half width."""
