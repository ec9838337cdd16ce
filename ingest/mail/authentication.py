"""Whether the mail server proves who sent a mail: `Authentication-Results` (RFC 8601), and nothing else.

Only a field of a configured authserv-id counts, and of those only the topmost: our own border server writes above
whatever a mail brings along. A server that leaves forged fields of its own name in a mail defeats every reader of them
(RFC 8601, 5), which is why the README asks for one that removes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.mail.addresses import addr_spec
from ingest.mail.headers import decode_words, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.mail.headers import Headers
    from ingest.ourselves import Ourselves
    from rules.report import Address

NAME: Final = "authentication-results"

MICROSOFT: Final = "office365"
"""Configured instead of an authserv-id: the fields of Microsoft 365 name none and begin with a result."""

#: Characters of one field. What a cut field says cannot be known, so that a longer one proves nothing.
LONGEST_FIELD: Final = 16 * 1024
_MOST_FIELDS: Final = 50
_LONGEST_SHOWN: Final = 80

_PIECE = re.compile(r'[^\s"();=\\]+|\s+|.', re.DOTALL)
_VERSION: Final = "1"

#: Results that no other one can mend. `compauth` is Microsoft's judgement of all of them together.
_VETOES: Final = frozenset({("dmarc", "fail"), ("compauth", "fail")})


@dataclass(frozen=True, slots=True)
class Authentication:
    """Whether a mail's sender is proven, and what told so or why nothing did."""

    verified: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found: `dkim=pass header.d=example.org`, all but the values in lower case."""

    method: str
    result: str
    properties: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method}={self.result}"


@dataclass(frozen=True, slots=True)
class Field:
    """One `Authentication-Results` field."""

    authserv_id: str
    """In lower case; empty where the field names none, as Microsoft 365 writes it."""
    results: tuple[Result, ...]


def authenticate(headers: Headers, sender: Address | None, ourselves: Ourselves) -> Authentication:
    """Tell whether the sender's address is proven, by the header or by what is declared of the mail server."""
    if sender is None:
        return Authentication(verified=False, reason="the sender is nobody")
    if ourselves.senders_are_checked:
        return Authentication(verified=True, reason="the mail server is declared to refuse forged senders")
    if not ourselves.authserv_ids:
        return Authentication(verified=False, reason="no mail server is trusted to tell who writes")
    return _judge(headers.all_raw(NAME)[:_MOST_FIELDS], sender.address, ourselves.authserv_ids)


def read_field(value: str) -> Field | None:
    """Read one unfolded value (RFC 8601, 2.2), with comments and quotes; None where it cannot be told what it says."""
    if len(value) > LONGEST_FIELD or (sections := _sections(value)) is None:
        return None
    head = sections[0]
    if head and "=" in head[0]:
        return Field("", tuple(_results(sections)))
    if not head or len(head) > 2 or head[1:] not in ([], [_VERSION]):
        return None
    return Field(head[0].strip('"').lower(), tuple(_results(sections[1:])))


def _judge(values: Sequence[str], address: str, trusted: frozenset[str]) -> Authentication:
    ours: list[Field] = []
    for value in values:
        read = read_field(value)
        if read is None and not ours:
            return Authentication(verified=False, reason="the topmost Authentication-Results cannot be read")
        if read is not None and (read.authserv_id or MICROSOFT) in trusted:
            ours.append(read)
    if not ours:
        return Authentication(verified=False, reason=f"no Authentication-Results of {' or '.join(sorted(trusted))}")
    by = f"says {ours[0].authserv_id or 'Microsoft 365'}"
    for result in (result for read in ours for result in read.results):
        if (result.method, result.result) in _VETOES:
            return Authentication(verified=False, reason=f"{result}, {by}")
    proof = next((result for result in ours[0].results if _proves(result, address)), None)
    if proof is not None:
        return Authentication(verified=True, reason=f"{proof} for {address.rpartition('@')[2]}, {by}")
    return Authentication(verified=False, reason=f"{_shown(ours[0].results)}: nothing that proves {address}, {by}")


def _proves(result: Result, address: str) -> bool:
    """Whether a result passes and speaks of the sender's own domain."""
    domain, told = address.rpartition("@")[2], result.properties
    if result.result != "pass":
        return False
    match result.method:
        case "dmarc":
            return _domain(told.get("header.from", "")) == domain
        case "dkim":
            return _speaks_for(_domain(told.get("header.d") or told.get("header.i", "")), domain)
        case "spf":
            return _speaks_for(_domain(told.get("smtp.mailfrom") or told.get("smtp.mail", "")), domain)
        case "auth":
            return addr_spec(_decoded(told.get("smtp.auth", ""))) == address
        case _:
            return False


def _speaks_for(signing: str, domain: str) -> bool:
    """A domain speaks for itself and for those below it.

    DMARC also lets one below speak for one above (relaxed alignment, RFC 7489, 3.1), and needs the list of public
    suffixes for that; whoever hires out `news.corp.example` has not given away `corp.example`. A server that judges
    DMARC itself says `dmarc=pass`, which counts.
    """
    return bool(signing) and (signing == domain or ("." in signing and domain.endswith(f".{signing}")))


def _domain(value: str) -> str:
    """The domain of a property that is a domain or an address, with or without brackets; empty for anything else."""
    name = _decoded(value).strip("<>").rpartition("@")[2]
    return (addr_spec(f"anybody@{name}") or "").rpartition("@")[2]


def _decoded(value: str) -> str:
    """A value with its raw 8-bit bytes (RFC 8616) read; encoded words stand in no value."""
    return value if value.isascii() or "=?" in value else decode_words(value)


def _shown(results: Sequence[Result]) -> str:
    return one_line(", ".join(map(str, results)))[:_LONGEST_SHOWN] or "no result"


def _results(sections: Sequence[Sequence[str]]) -> Iterator[Result]:
    """The results of a field; a section that is none, such as Microsoft's second domain after SPF, is passed over."""
    for words in sections:
        method, equals, result = words[0].partition("=") if words else ("", "", "")
        if equals:
            yield Result(method.partition("/")[0].lower(), result.lower(), _properties(words[1:]))


def _properties(words: Sequence[str]) -> dict[str, str]:
    """`ptype.property=value`; one that is given twice with two values is nobody's."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            value = value.strip('"')
            found[name.lower()] = value if found.get(name.lower(), value) == value else ""
    return found


@dataclass(slots=True)
class _Words:
    """Sections of words while they are put together; each word is a list of its pieces."""

    sections: list[list[list[str]]] = field(default_factory=lambda: [[]])
    gap: bool = True

    def add(self, piece: str) -> None:
        """Add to the last word, or begin one after a gap; nothing parts an equals sign from what stands round it."""
        words = self.sections[-1]
        if words and (not self.gap or piece == "=" or words[-1][-1] == "="):
            words[-1].append(piece)
        else:
            words.append([piece])
        self.gap = False

    def end_section(self) -> None:
        self.sections.append([])
        self.gap = True

    def joined(self) -> list[list[str]]:
        return [["".join(word) for word in words] for words in self.sections]


def _sections(value: str) -> list[list[str]] | None:
    """The words between semicolons, comments left out and quotes kept; None for a comment or quote without its end."""
    words, depth, pieces = _Words(), 0, iter(_PIECE.findall(value))
    for piece in pieces:
        if piece == "\\":
            next(pieces, None)
        elif piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
            words.gap = True
        elif depth == 0 and piece == '"':
            if not _take_quoted(pieces, words):
                return None
        elif depth == 0:
            _take(piece, words)
        if depth < 0:
            return None
    return words.joined() if depth == 0 else None


def _take(piece: str, words: _Words) -> None:
    if piece == ";":
        words.end_section()
    elif piece.isspace():
        words.gap = True
    else:
        words.add(piece)


def _take_quoted(pieces: Iterator[str], words: _Words) -> bool:
    """Take a quoted string with its quotes, so that `"dmarc=pass"` is no result; False where it does not end."""
    taken = ['"']
    for piece in pieces:
        taken.append(next(pieces, "") if piece == "\\" else piece)
        if piece == '"':
            words.add("".join(taken))
            return True
    return False
