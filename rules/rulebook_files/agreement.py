"""On what the sections of a rulebook disagree, told by pydantic together with what each has wrong by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from rules.rulebook_files.checks import disagreements


def with_disagreements(error: ValidationError, written: object) -> ValidationError:
    """The same error with the disagreements of what was written, which may be anything."""
    own = [_again(details) for details in error.errors(include_url=False)]
    more = _disagreeing(written) if isinstance(written, Mapping) else []
    return ValidationError.from_exception_data(error.title, [*own, *more])


def refuse_disagreements(rulebook: Mapping[str, Any], title: str) -> None:
    """Raise ValidationError where sections that are right by themselves do not agree."""
    if wrong := _disagreeing(rulebook):
        raise ValidationError.from_exception_data(title, wrong)


def _disagreeing(written: Mapping[str, Any]) -> list[InitErrorDetails]:
    return [_told(each.says, each.at) for each in disagreements(written)]


def _told(says: str, at: tuple[str | int, ...]) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError("disagreement", "{says}", {"says": says}), loc=at, input=None)


def _again(details: ErrorDetails) -> InitErrorDetails:
    """What pydantic found, as it takes it back."""
    again = InitErrorDetails(type=details["type"], loc=details["loc"], input=details["input"])
    return {**again, "ctx": details["ctx"]} if "ctx" in details else again
