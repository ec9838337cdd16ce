"""From, to, subject and attachment names, beside what Zammad's and Stalwart's own tests expect."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.corpora.reading import read_sample
from tests.corpora.ruby_yaml import attachment_names, top_level
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rules.report import Mail

GOAL = 96.0
UNREAD = "\N{REPLACEMENT CHARACTER}"

_ADDRESS = re.compile(r"[^\s<>,;:\"'()]+@[^\s<>,;:\"'()]+")


@dataclass(slots=True)
class _Tally:
    """Hits and misses of one collection, by field."""

    collection: str
    hits: Counter[str] = field(default_factory=Counter)
    misses: dict[str, list[str]] = field(default_factory=dict)

    def compare(self, what: str, name: str, ours: object, expected: object) -> None:
        self.misses.setdefault(what, [])
        if _agree(ours, expected):
            self.hits[what] += 1
        else:
            self.misses[what].append(f"{name}: {ours!r}, expected {expected!r}")

    def scores(self) -> Iterator[Score]:
        hits, of = 0, 0
        for what, misses in self.misses.items():
            there = self.hits[what] + len(misses)
            hits, of = hits + self.hits[what], of + there
            yield share(self.collection, what, self.hits[what], there, misses=misses)
        yield share(self.collection, "all fields", hits, of, at_least=GOAL)


def score_zammad(corpora: Path) -> Iterator[Score]:
    """The fields in the `.yml` beside each mail."""
    tally = _Tally("mail-zammad")
    for path in sorted(corpora.glob("mail-zammad/*.yml")):
        mail = read_sample(path.with_suffix(".box").read_bytes())
        text = path.read_text(encoding="utf-8")
        expected = top_level(text)
        tally.compare("from", path.stem, _first_author(mail), expected.get("from_email", "").lower())
        tally.compare("to", path.stem, _recipients(mail), sorted(set(_ADDRESS.findall(expected.get("to", "").lower()))))
        tally.compare("subject", path.stem, _plain(mail.subject), _plain(expected.get("subject", "")))
        _compare_names(tally, path.stem, mail, attachment_names(text))
    return tally.scores()


def score_stalwart(corpora: Path) -> Iterator[Score]:
    """The parse tree in the `.json` beside each mail."""
    tally = _Tally("mail-stalwart")
    for path in sorted(corpora.glob("mail-stalwart/**/*.eml")):
        tree = json.loads(path.with_suffix(".json").read_text(encoding="utf-8", errors="surrogatepass"))
        mail = read_sample(path.read_bytes())
        name = f"{path.parent.name}/{path.name}"
        tally.compare("from", name, [each.address for each in mail.authors], _addresses(_header(tree, "from")))
        tally.compare("to", name, _recipients(mail), sorted(_addresses(_header(tree, "to"))))
        tally.compare("subject", name, _plain(mail.subject), _plain(_text(_header(tree, "subject"))))
        _compare_names(tally, name, mail, list(_part_names(tree)))
    return tally.scores()


def _compare_names(tally: _Tally, name: str, mail: Mail, expected: Iterable[str]) -> None:
    """Names that parts have none of their own are each parser's invention: only those given must be there."""
    missing: list[str] = []
    ours = [_plain(each.name) for each in mail.attachments]
    for wanted in map(_plain, expected):
        found = next((each for each in ours if _agree(each, wanted)), None)
        if found is None:
            missing.append(wanted)
        else:
            ours.remove(found)
    tally.compare("attachment names", name, missing, [])


def _first_author(mail: Mail) -> str:
    """Where several are named, nobody is the sender to us; Zammad takes the first, and so does who reads it."""
    return mail.authors[0].address if mail.authors else ""


def _recipients(mail: Mail) -> list[str]:
    return sorted(each.address for each in mail.to)


def _agree(ours: object, expected: object) -> bool:
    """An expected text with U+FFFD is one that the other could not read: there, ours may have any letter."""
    if isinstance(expected, str) and isinstance(ours, str) and UNREAD in expected:
        known = map(re.escape, expected.split(UNREAD))
        return re.fullmatch(r"\w{0,2}".join(known), ours) is not None
    return ours == expected


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _header(tree: Any, name: str) -> Any:
    """The value of the last header of this name, as Stalwart takes it."""
    values = [each["value"] for each in tree["parts"][0]["headers"] if each["name"] == name]
    return values[-1] if values and isinstance(values[-1], dict) else {}


def _text(value: Any) -> str:
    return value.get("Text") or " ".join(value.get("TextList") or ())


def _addresses(value: Any) -> list[str]:
    given = value.get("Address") or {}
    groups = given.get("Group") or [{"addresses": given.get("List") or ()}]
    return [each["address"].lower() for group in groups for each in group["addresses"] if each.get("address")]


def _part_names(tree: Any) -> Iterator[str]:
    for number in tree["attachments"]:
        headers = {str(each["name"]): each["value"] for each in tree["parts"][number]["headers"]}
        for header, key in (("content_disposition", "filename"), ("content_type", "name")):
            content = headers.get(header)
            attributes = content.get("ContentType", {}).get("attributes") if isinstance(content, dict) else None
            if found := [each["value"] for each in attributes or () if each["name"] == key]:
                yield found[0]
                break
