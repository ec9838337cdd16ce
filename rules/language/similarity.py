"""What makes two reports the same problem: the same thing named, and the same said of it, in whatever words.

A text becomes a set of terms: words of an alphabet, pairs of neighbouring Chinese characters, and meanings such as
`#failing` for the many ways to say so. Greetings, thanks, times, grammar and what follows the sign-off are left out.
The terms of the head, the subject or the first lines that name a thing, are in the set once more with a `^` before
them. Where both are told at length, their wording is compared as well: people who tell of one thing in many words share
more of them than its name. An index of sketches finds the reports worth comparing, `likeness` compares two, and the
thresholds judge.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from math import sqrt
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from rules.language.particulars import contradict, particulars
from rules.language.problem_words import (
    COMMON_MEANINGS,
    FAILING_MEANINGS,
    MEANING_OF_PHRASE,
    MEANING_OF_WORD,
    PLAIN_WORDS,
    SERVICES,
    SILENT_PHRASES,
    SILENT_WORDS,
    SYSTEMS,
)
from rules.language.wording import pieces, shared_pieces
from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.language.particulars import Particulars

__all__ = ["OTHER_PEOPLE", "SAME_REQUESTER", "fold", "likeness", "similarity", "sketch", "terms"]

#: A requester who writes again means his open ticket when its head is told again in half other words.
SAME_REQUESTER: Final = 0.4
#: Somebody else is joined only where a shared thing is named and little that either head says is new to the other.
OTHER_PEOPLE: Final = 0.6

#: What keeps likeness below OTHER_PEOPLE, and equal texts above SAME_REQUESTER: nothing shared is named but what
#: everybody has one of, or one of them asks for something of his own.
_OWN_CONCERN: Final = 0.55
#: One says that it fails, the other does not: a question or a wish about the thing that fails for others.
_ONE_FAILS: Final = 0.5
#: The heads name two floors, hosts or systems: below SAME_REQUESTER, however much the rest is alike.
_OTHER_PARTICULARS: Final = 0.35
#: With so many details on either side, names and words outside the head, only the wording counts; a pair of Chinese
#: characters is half a word. This and the two below were chosen on bug reports that people had marked as duplicates.
_TOLD_AT_LENGTH: Final = 6
#: Where fewer of the terms are shared the wording is another too, and need not be compared.
_FEWEST_SHARED: Final = 0.1
#: Of the likeness of wording, the part of the first line.
_HEAD_SHARE: Final = 0.35
#: So many shared pieces are as good as all: even whoever writes the same report twice changes a word.
_SAME_WORDING: Final = 0.92
#: Shared weight below which a likeness rests on too little: about one name and what is wrong with it.
_ENOUGH: Final = 2.75

#: Values in a sketch, and how many of them are kept for the head.
_SKETCH_SIZE: Final = 8
_HEAD_SIZE: Final = 4

#: A batch asks for each of its texts several times, and every mail that may repeat a ticket for the ticket's.
#: Terms of one text take 4 KB or more.
_REMEMBERED: Final = 5_000
#: Of all words and terms that people write, the usual ones.
_REMEMBERED_WORDS: Final = 16_384
#: The pieces of one text take 40 KB.
_REMEMBERED_WORDINGS: Final = 300


def _one_of(phrases: Iterable[str]) -> str:
    """A pattern of many literals, the longest first; grouped by first character it takes half the time."""
    groups = groupby(sorted(phrases), key=itemgetter(0))
    ends = ((first, sorted((phrase[1:] for phrase in group), key=len, reverse=True)) for first, group in groups)
    return "|".join(f"{first}(?:{'|'.join(each)})" for first, each in ends)


#: What names no particular thing.
_UNNAMED: Final = COMMON_MEANINGS | PLAIN_WORDS
_FIRST_HAN: Final = "⺀"
_HAN: Final = "㐀-䶿一-鿿豈-﫿぀-ヿ"
_ADDRESS: Final = re.compile(r"https?://|(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,255}")
_SIGN_OFF: Final = re.compile(
    r"^[ \t>]*(?:--|__|(?:(?:with )?(?:best|kind|warm) )?regards|best wishes|sincerely|yours|cheers|many thanks|thanks|"
    r"thank you|sent from my|发自我的|谢谢|感谢|多谢|此致|祝好|顺颂)[^\n]{0,20}$",
    re.MULTILINE,
)
_WORD: Final = re.compile(rf"[{_HAN}]+|[a-z]+[-_]?[0-9][a-z0-9]*|[^\W_{_HAN}]{{2,}}")
_PHRASE: Final = re.compile(f"({_one_of({*SILENT_PHRASES, *MEANING_OF_PHRASE})})")
_JOINTS: Final = str.maketrans("", "", "-_'’")


@lru_cache(maxsize=_REMEMBERED)
def terms(text: str) -> frozenset[str]:
    """What a text is about, as a set to compare; give it the subject, a line end and the start of the new text."""
    folded = _read(text)
    found: set[str] = set()
    head: set[str] = set()
    for line in folded.splitlines():
        found.update(_terms_of_line(line))
        if head <= COMMON_MEANINGS:
            head = found.copy()
    return frozenset(found.union("^" + term for term in head))


def likeness(one: str, other: str, *, least: float = 0.0) -> float:
    """How much two texts, as given to `terms`, tell of one problem, from 0 (nothing shared) to 1.

    Two short texts are as alike as their terms, two long ones as their wording. It is less as in `similarity`, and
    where each names another floor, host or system. A likeness that cannot reach `least` is 0.
    """
    first, second = terms(one), terms(other)
    if first.isdisjoint(second):
        return 0.0
    length = 0.0 if _fails_for_many(first, second) else _length(first, second)
    # Nine in ten candidates end here. To compare the wording of them all took a quarter of the time of a mail.
    if _weighed(1.0, first, second, length) < least:
        return 0.0
    score = _weighed(_as_told(one, other, length), first, second, length)
    if score > _OTHER_PARTICULARS and contradict(_particulars(one), _particulars(other)):
        return score * _OTHER_PARTICULARS
    return score


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sets of terms are one problem, from 0 (nothing shared) to 1 (the same said of the same).

    It is less where little is shared, where only one says that something fails, and where nothing shared is named or
    one of the two asks for something of his own.
    """
    return _weighed(_meant(one, other), one, other, length=0.0)


def _weighed(score: float, one: frozenset[str], other: frozenset[str], length: float) -> float:
    if _named(one).isdisjoint(_named(other)):
        return 0.0
    if one.isdisjoint(FAILING_MEANINGS) != other.isdisjoint(FAILING_MEANINGS):
        score *= _ONE_FAILS + (1 - _ONE_FAILS) * length  # a long report says "not" of something or other
    if _is_own(one, length) or _is_own(other, length):
        return score * _OWN_CONCERN
    named = _named(one) & _named(other)
    if named <= _UNNAMED:
        return score * _OWN_CONCERN
    return score * min(1.0, _total(named) / _ENOUGH)


def _is_own(one: frozenset[str], length: float) -> bool:
    """Whether somebody asks for something of his own; who tells at length that it cannot be installed does not."""
    cannot_install = length == 1 and not one.isdisjoint(FAILING_MEANINGS)
    return "#own" in one or ("#installing" in one and not cannot_install)


def _as_told(one: str, other: str, length: float) -> float:
    """The likeness of terms and of wording, the latter as far as both are told at length."""
    first, second = terms(one), terms(other)
    meant = _meant(first, second) if length < 1 else 0.0
    worded = _worded(one, other) if length > 0 and _overlap(_named(first), _named(second)) >= _FEWEST_SHARED else 0.0
    return (1 - length) * meant + length * worded


def _fails_for_many(one: frozenset[str], other: frozenset[str]) -> bool:
    """Both heads say that something fails which many use together: whatever else each tells, it is one outage.

    That is a system known by its name, or what one of them calls a system: `payroll system` and `payroll portal`.
    """
    shared = _head(one) & _head(other)
    if shared.isdisjoint(FAILING_MEANINGS):
        return False
    named_a_system = "#system" in _head(one) | _head(other) and not shared <= _UNNAMED
    return named_a_system or not shared.isdisjoint(SYSTEMS)


def _length(one: frozenset[str], other: frozenset[str]) -> float:
    """How far the shorter of two texts is told at length, from 0 to 1, counting each script for itself."""
    (words, pairs), (other_words, other_pairs) = _details(one), _details(other)
    return min(1.0, (min(words, other_words) + min(pairs, other_pairs) / 2) / _TOLD_AT_LENGTH)


def _meant(one: frozenset[str], other: frozenset[str]) -> float:
    """As alike as their terms, by weight; or as their heads, as far as each head is also told in the other text."""
    told = 0.0
    if not _head(one).isdisjoint(_head(other)):
        told = sqrt(_overlap(_head(one), _head(other)) * (_told(one, other) + _told(other, one)) / 2)
    return max(_overlap(one, other), told)


@lru_cache(maxsize=_REMEMBERED)
def _worded(one: str, other: str) -> float:
    (head, whole), (other_head, other_whole) = _wording(one), _wording(other)
    shared = _HEAD_SHARE * shared_pieces(head, other_head) + (1 - _HEAD_SHARE) * shared_pieces(whole, other_whole)
    return min(1.0, shared / _SAME_WORDING)


@lru_cache(maxsize=_REMEMBERED)
def sketch(text: str) -> tuple[int, ...]:
    """Up to eight signed 64-bit numbers, the same on every machine; texts about one problem mostly share at least one.

    The numbers are the hashes of those terms that come first in an order fixed for all texts (bottom-k minwise
    hashing), in which terms of more weight tend to come first; half of the places are kept for the head. Terms that
    are in every other report are left out.
    """
    found = terms(text)
    ranked = sorted(_ranked(term) for term in found if term[0] != "^" and term not in COMMON_MEANINGS)
    head = [value for _, value, term in ranked if "^" + term in found][:_HEAD_SIZE]
    rest = [value for _, value, _ in ranked[:_SKETCH_SIZE]]
    return tuple(sorted(list(dict.fromkeys(head + rest))[:_SKETCH_SIZE]))


@lru_cache(maxsize=_REMEMBERED)
def _particulars(text: str) -> Particulars:
    return particulars(fold(text))


@lru_cache(maxsize=_REMEMBERED_WORDINGS)
def _wording(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The pieces of the first line and of the whole."""
    folded = _read(text)
    return pieces(folded.partition("\n")[0]), pieces(folded)


@lru_cache(maxsize=_REMEMBERED)
def _details(of: frozenset[str]) -> tuple[int, int]:
    """How many words, and how many pairs of Chinese characters, stand outside the head."""
    details = [term for term in _named(of) - _head(of) if term[0] != "#"]
    pairs = sum(term[0] >= _FIRST_HAN for term in details)
    return len(details) - pairs, pairs


@lru_cache(maxsize=_REMEMBERED)
def _named(of: frozenset[str]) -> frozenset[str]:
    """The terms of the whole text, each once."""
    return frozenset(term for term in of if term[0] != "^")


@lru_cache(maxsize=_REMEMBERED)
def _head(of: frozenset[str]) -> frozenset[str]:
    return frozenset(term[1:] for term in of if term[0] == "^")


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The weight of what is in both, out of the weight of what is in either."""
    both = _total(one & other)
    either = _size(one) + _size(other) - both
    return both / either if either else 0.0


def _told(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the head of one is told anywhere in the other."""
    head = _head(one)
    return _total(head & other) / (_size(head) or 1.0)


@lru_cache(maxsize=4 * _REMEMBERED)
def _size(of: frozenset[str]) -> float:
    """The weight of a whole text or head, which is compared with many."""
    return _total(of)


def _total(terms_of_text: Iterable[str]) -> float:
    return sum(map(_weight, terms_of_text))


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> str:
    """The part of a text that tells of a problem, folded."""
    folded = fold(text)
    if "@" in folded or "://" in folded:
        folded = _ADDRESS.sub(" ", folded)
    return _without_sign_off(folded).lstrip()


def _without_sign_off(text: str) -> str:
    """The text up to its sign-off, unless that is how it begins."""
    for match in _SIGN_OFF.finditer(text):
        if text[: match.start()].strip():
            return text[: match.start()]
    return text


def _terms_of_line(line: str) -> set[str]:
    runs: list[str] = _WORD.findall(line.replace("'", "").replace("’", ""))
    found = {_term_of_word(run) for run in runs if run[0] < _FIRST_HAN}
    for run in runs:
        if run[0] >= _FIRST_HAN:
            found.update(_terms_of_han(run))
    found.discard("")
    return found


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _term_of_word(word: str) -> str:
    """The term of a word of an alphabet; nothing of one that tells nothing."""
    return "" if word in SILENT_WORDS else MEANING_OF_WORD.get(word) or _singular(word.translate(_JOINTS))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "su" and word.isalpha() else word


def _terms_of_han(run: str) -> set[str]:
    """The meanings in a run of Chinese, and the pairs of neighbours in what lies between the known phrases."""
    parts = _PHRASE.split(run)
    found = {MEANING_OF_PHRASE[phrase] for phrase in parts[1::2] if phrase in MEANING_OF_PHRASE}
    for part in parts[::2]:
        if len(part) > 1:
            found.update(_pairs(part))
    return found


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _weight(term: str) -> float:
    """How much a term tells: a code with digits most, then a name, then half a Chinese word, then what all say."""
    match term[0]:
        case "^":
            return _weight(term[1:])
        case "#":
            return _weight_of_meaning(term)
        case first if first >= _FIRST_HAN:
            return 1.0
    if term.isdigit():
        return 2.0 if len(term) > 3 else 0.5
    if term in PLAIN_WORDS:
        return 1.0
    return 2.0 if term.isalpha() else 3.0


def _weight_of_meaning(term: str) -> float:
    if term in COMMON_MEANINGS:
        return 0.75
    return 2.0 if term in SERVICES else 1.0


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _ranked(term: str) -> tuple[float, int, str]:
    value = int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big", signed=True)
    return (value % (1 << 53)) / _weight(term) ** 2, value, term
