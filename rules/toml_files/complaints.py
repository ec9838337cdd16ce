"""What pydantic found, said to the person who wrote the file. Values are shown only where they are no secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel

from rules.toml_files.problems import Complaint, did_you_mean, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from rules.toml_files.lines import Place

_QUOTED: Final = re.compile(r"'([^']*)'")

_SENTENCES: dict[str, str] = {
    "missing": "it is missing and must be given",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "bool_type": "it must be true or false, without quotes",
    "bool_parsing": "it must be true or false, without quotes",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "string_type": "it must be text in quotes",
    "tuple_type": "it must be a list in square brackets",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be {ge} or more",
    "less_than_equal": "it must be {le} or less",
    "string_too_short": "it is empty",
    "string_too_long": "it is longer than {max_length} characters",
    "string_pattern_mismatch": "it may hold up to 40 letters, digits, - and _, and begins with a letter or digit",
    "too_long": "it may hold at most {max_length}",
    "too_short": "it must hold at least {min_length}",
}


def complaints_of(error: ValidationError, model: type[BaseModel]) -> Iterator[Complaint]:
    """Everything pydantic found in a file of this model, each as a sentence."""
    found = error.errors(include_url=False)
    alternatives = _alternatives(found)
    for details in found:
        at = details["loc"]
        if tried := alternatives.get(at[:-1]):
            if details is tried[0]:
                yield Complaint(at[:-1], _none_of_several(tried, model))
        # pydantic counts only the right items of a list, and would call one with a wrong item too short as well
        elif details["type"] != "too_short" or not any(_lies_in(other["loc"], at) for other in found):
            yield Complaint(_place(details), _sentence(details, model))


def _alternatives(found: Iterable[ErrorDetails]) -> dict[Place, list[ErrorDetails]]:
    """What is wrong with values that may be of several kinds, by their places: pydantic tells of each kind alone."""
    several = {at[:-1] for at in (details["loc"] for details in found) if at and str(at[-1]).startswith("literal[")}
    tried: dict[Place, list[ErrorDetails]] = {at: [] for at in several}
    for details in found:
        if details["loc"][:-1] in tried:
            tried[details["loc"][:-1]].append(details)
    return tried


def _none_of_several(tried: Sequence[ErrorDetails], model: type[BaseModel]) -> str:
    """One sentence for a value that fits none of the kinds it may be of."""
    named = [choice for details in tried for choice in _choices(details)]
    others = dict.fromkeys(_sentence(details, model) for details in tried if details["type"] != "literal_error")
    if others:
        return f"{'; '.join(others)}, or {one_of(named)}"
    written = tried[0]["input"]
    listed = ", ".join(map(repr, named[:-1]))
    return f"{written!r} is none of {listed} or {named[-1]!r}{did_you_mean(str(written), named)}"


def _sentence(details: ErrorDetails, model: type[BaseModel]) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "value_error":
            return str(context["error"])
        case "extra_forbidden":
            return f"there is no such key{did_you_mean(str(details['loc'][-1]), _keys_at(details['loc'][:-1], model))}"
        case "literal_error":
            near = did_you_mean(str(details["input"]), _choices(details))
            return f"{details['input']!r} is none of {context['expected']}{near}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "it must be a table"
        case known if known in _SENTENCES:
            return _SENTENCES[known].format_map(context)
        case _:
            return details["msg"]


def _place(details: ErrorDetails) -> Place:
    """The place of a value; pydantic marks what is wrong with a key itself by one more part."""
    at = details["loc"]
    return at[:-1] if at[-1:] == ("[key]",) else at


def _lies_in(inner: Place, outer: Place) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _choices(details: ErrorDetails) -> list[str]:
    """What a literal allows."""
    return _QUOTED.findall(str(details.get("ctx", {}).get("expected", "")))


def _keys_at(at: Place, model: type[BaseModel]) -> tuple[str, ...]:
    for part in at:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        model = model_in(field.annotation) or model if field else model
    return tuple(field.alias or key for key, field in model.model_fields.items())


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The table behind `SmtpTable | None` or `tuple[MailboxTable, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := model_in(inner))), None)
