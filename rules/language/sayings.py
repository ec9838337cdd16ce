"""What the desk says of its decisions: English for log and record, and the reader's language in a letter.

A saying is the English sentence, and knows of which key and values it was made: a letter says it again in its own
language. The rows stand in `rules/language/sentences/`. Fields in braces are values; those called
`clock`, `level`, `line`, `category`, `team`, `owed`, `missing`, `moment` or `steps` hold terms, which letters call by
the names of the rulebook; those called `window`, `within` or `hold` are durations. `assignee` is an address, which
letters call by the person's name. `sign` is a word of the rulebook, which stands there in one script and is found in
either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from rules.language.lengths import speak_length
from rules.language.sentences import alerts, attachments, closing, commands, joining, letters, reports, work
from rules.language.writing import to_traditional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rules.letter import LetterLanguage

SENTENCES: Final[Mapping[str, Mapping[LetterLanguage, str]]] = {
    key: {"en": english, "zh-CN": simplified, "zh-TW": traditional}
    for rows in (
        reports.ROWS,
        work.ROWS,
        commands.ROWS,
        closing.ROWS,
        alerts.ROWS,
        letters.ROWS,
        attachments.ROWS,
        joining.ROWS,
    )
    for key, english, simplified, traditional in rows
}

_LENGTHS: Final = frozenset({"window", "within", "hold"})


class Saying(str):
    """An English sentence that can be said in another language."""

    key: str
    values: dict[str, Any]
    parts: tuple[str, ...]

    @classmethod
    def make(cls, key: str, values: dict[str, Any], *, parts: tuple[str, ...] = ()) -> Self:
        """Put the values into the sentence of a key. `parts` are sayings in a row, of which this is made instead."""
        plain = {field: _plain(field, value) for field, value in values.items()}
        said = cls("; ".join(parts) if parts else SENTENCES[key]["en"].format(**plain))
        said.key, said.values, said.parts = key, values, parts
        return said

    def spoken(self, language: LetterLanguage, name: Callable[[str, str], str]) -> str:
        """The sentence in a letter language; `name` gives what a term is called, of its field and itself."""
        if self.parts:
            return ("; " if language == "en" else "；").join(speak(part, language, name) for part in self.parts)
        values = {field: _speak_value(field, value, language, name) for field, value in self.values.items()}
        return SENTENCES[self.key][language].format(**values)


def _plain(field: str, value: Any) -> Any:
    """A value as the log has it; letters know lines by names that say what they are."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"line {value}" if field == "line" else value


def say(key: str, /, **values: str | float | tuple[str, ...]) -> Saying:
    """Say a sentence of `SENTENCES`; a tuple is a list in it. Raises KeyError for a key or a value that it lacks."""
    return Saying.make(key, values)


def say_all(sentences: Iterable[str]) -> Saying:
    """Sentences in a row, as one."""
    return Saying.make("", {}, parts=tuple(sentences))


def is_saying(sentence: str, key: str) -> bool:
    """Tell whether a sentence was said with this key."""
    return isinstance(sentence, Saying) and sentence.key == key


def speak(sentence: str, language: LetterLanguage, name: Callable[[str, str], str]) -> str:
    """A sentence in a language; what is no saying is somebody's own words, and stays as it is."""
    return sentence.spoken(language, name) if isinstance(sentence, Saying) else sentence


def _speak_value(field: str, value: Any, language: LetterLanguage, name: Callable[[str, str], str]) -> Any:
    if isinstance(value, Saying):
        return value.spoken(language, name)
    if isinstance(value, tuple):
        return (", " if language == "en" else "、").join(_speak_value(field, item, language, name) for item in value)
    if field == "sign" and language == "zh-TW":
        return to_traditional(value)
    if field in _LENGTHS:
        return speak_length(value, language)
    return name(field, value) if isinstance(value, str) else value
