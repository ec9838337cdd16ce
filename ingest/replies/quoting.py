"""Whether a line is one of the marks that mail programs set before and after what they quote.

Every pattern is applied to one line of bounded length, or to its last characters.
"""

from __future__ import annotations

import re

from ingest.replies.phrases import (
    BANNERS,
    BARE_SEPARATORS,
    FIELD_NAMES,
    NOTICES,
    OPENINGS,
    PROGRAM_SIGNATURES,
    SEPARATORS,
    WROTE,
    WROTE_BEFORE_NAME,
    WROTE_WITHOUT_COLON,
)

_LONGEST_MARK = 400

_SEPARATOR = re.compile(
    rf"[*\s>#]{{0,9}}[-_=~—–#]{{2,}}[\s*]*(?:begin )?(?:{'|'.join(SEPARATORS)})[^\n\w]{{0,10}}[-_=~—–*\s]*",
    re.IGNORECASE,
)
_BARE_SEPARATOR = re.compile(rf"\W{{0,20}}(?:{'|'.join(BARE_SEPARATORS)})\W{{0,20}}", re.IGNORECASE)
_OPENING = re.compile(rf"[\s*_-]{{0,12}}(?:(?:{'|'.join(OPENINGS)})\b|在|于|於|\d(?!\d?:\d))", re.IGNORECASE)
_DATE_OR_ADDRESS = re.compile(
    r"\d{1,4}[-./年]\s?\d{1,2}|\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d|\d{1,2} ?[月日]|\w@[\w-]+\.", re.IGNORECASE
)
#: Each of these holds one of them, and most lines hold none: the search for dates took a tenth of reading a mail.
_DIGIT_OR_AT = re.compile(r"[\d@]")
_WITH_ADDRESS = re.compile(r"<[^<>\s]+@[^<>\s]+> wrote$")
_NAME_AFTER_VERB = re.compile(
    r"(?:\b(?:den|op|le|el|am|em|il|på|on)|^\w{2,4}\.) [^\n]{6,120}"
    rf"\b(?:{'|'.join(WROTE_BEFORE_NAME)}|wrote) [^\n]{{1,120}}[:：]\s*$",
    re.IGNORECASE,
)
_DATE_AND_NAME = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d{2})?(?: (?:GMT|UTC)[+-]\d{1,2}(?::?\d\d)?)?"
    r" [^\n<>]{0,60}<[^<>\s]+@[^<>\s]+>:?$"
)
#: "вт, 21 мая 2024 г. в 10:12, Support <s@x.example>:", with no verb at all.
_DATE_THEN_ADDRESS = re.compile(
    r"(?:\b(?:19|20)\d\d\b.{0,30}\d{1,2}:\d\d|\d:\d\d.{0,30}\b(?:19|20)\d\d\b|年.{0,30}\d:\d\d)"
    r".{0,80}<[^<>\s]+@[^<>\s]+>:$"
)
#: "Ada <a@x.example> ezt írta (időpont: 2026. nov. 20., P, 9:00):", the address first.
_ADDRESS_THEN_DATE = re.compile(r"<[^<>\s]+@[^<>\s]+>[^<>]{0,60}\b(?:19|20)\d\d\b[^<>]{0,30}\d{1,2}[:.]\d\d\)?:$")
#: What writing from right to left sets around names and addresses.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DATE_WITH_ZONE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d")
_KIND_OF_FIELD = {name: kind for kind, names in FIELD_NAMES.items() for name in names.split("|")}
_FIELD = re.compile(r"[\s>|*_]{0,12}([^\W\d_][^:：|\n*]{0,18}?)[ \t\u3000*]{0,9}[:：|]")
_PROGRAM_SIGNATURE = re.compile(rf"[\s>*\-_\[(]{{0,9}}(?:{'|'.join(PROGRAM_SIGNATURES)})[\s\])]{{0,9}}", re.IGNORECASE)
_NOTICE = re.compile(rf"[\s*_]{{0,9}}(?:{'|'.join(NOTICES)})", re.IGNORECASE)
_BANNER = re.compile(rf"[\s*_\[【(（]{{0,9}}(?:{'|'.join(BANNERS)})", re.IGNORECASE)
#: GroupWise, over what it quotes without signs: `>>> "Ada" <ada@x.example> 20.11.2026 09:00 >>>`.
_ARROWED = re.compile(r">>> [^\n<>]{0,100}<[^<>\s]+@[^<>\s]+> [^\n<>]{6,40} >>>\s*$")
_QUOTED = re.compile(r"\s{0,3}[A-Z]{0,3}>")
_ORNAMENT = re.compile(r"\s*(?:[-_=*#~+•·.—–]\s?){2,}\s*$")
_SIGNATURE_MARK = re.compile(r"\s{0,3}(?:--|—|––)\s*$")
_LONG_RULE = re.compile(r"\s{0,3}_{5,}\s*$")


def is_quoted(line: str) -> bool:
    """A line that begins with the quoting sign, or with initials and it as old Usenet readers wrote."""
    return ">" in line[:8] and bool(_QUOTED.match(line))


def is_separator(line: str) -> bool:
    """`-----Original Message-----` and its kin: what follows is an old mail, whole."""
    return len(line) <= _LONGEST_MARK and bool(_SEPARATOR.fullmatch(line))


def is_bare_separator(line: str) -> bool:
    """A rule, or the words without hyphens: a mark only where a quoted header follows."""
    return len(line) <= _LONGEST_MARK and bool(_BARE_SEPARATOR.fullmatch(line))


def is_signature_mark(line: str) -> bool:
    """The `-- ` of RFC 3676 4.3, also without its space."""
    return line[:6].strip() in {"--", "—", "––"} and bool(_SIGNATURE_MARK.match(line))


def is_long_rule(line: str) -> bool:
    """The underscores that Outlook and mailing lists set above what they add."""
    return "_____" in line[:8] and bool(_LONG_RULE.match(line))


def is_ornament(line: str) -> bool:
    """A line of signs only, or the invisible mark of a mail tracker."""
    return (len(line) <= _LONGEST_MARK and bool(_ORNAMENT.match(line))) or line.strip() in {"\u1427", "—"}


def is_program_signature(line: str) -> bool:
    """`Sent from my iPhone` and its kin."""
    return len(line) <= _LONGEST_MARK and bool(_PROGRAM_SIGNATURE.fullmatch(line))


def is_notice(line: str) -> bool:
    """The first line of what a company sets under every mail: confidence, viruses, trees."""
    return bool(_NOTICE.match(line[:_LONGEST_MARK]))


def is_banner(line: str) -> bool:
    """The warning of a gateway above a mail from outside."""
    return bool(_BANNER.match(line[:_LONGEST_MARK]))


def is_arrowed(line: str) -> bool:
    """The line that GroupWise sets over a quoted mail."""
    return line.startswith(">>> ") and len(line) <= _LONGEST_MARK and bool(_ARROWED.match(line))


def field_kind(line: str) -> str | None:
    """Which header field a line of a quoted header gives (from, date, to, cc, subject, other), or None."""
    if ":" not in line[:40] and "：" not in line[:40] and "|" not in line[:40]:
        return None
    match = _FIELD.match(line)
    if not match:
        return None
    name = " ".join(match[1].replace("\u3000", " ").lower().split())
    return _KIND_OF_FIELD.get(name) or _KIND_OF_FIELD.get(name.replace(" ", ""))


def is_field(line: str) -> bool:
    """A name, a colon and a value, whatever the name."""
    return bool(_FIELD.match(line[:_LONGEST_MARK]))


def has_date(line: str) -> bool:
    """A date or the time of a day stands in the line."""
    return bool(_DATE_OR_ADDRESS.search(line[:_LONGEST_MARK].replace("@", " ")))


def field_value(line: str) -> str:
    """What stands behind the name of a header field; empty for a line that is none."""
    match = _FIELD.match(line)
    return line[match.end() :].strip() if match else ""


def begins_attribution(line: str) -> bool:
    """A line with a date or an address, or the name before one: attributions are often wrapped after those."""
    return len(line) <= _LONGEST_MARK and (line.endswith("<") or _has_date_or_address(line))


def opens_attribution(line: str) -> bool:
    """A line that begins as attributions do: with "On", its like in other languages, or a digit, and has a date."""
    return bool(_OPENING.match(line)) and begins_attribution(line)


def is_attribution(joined: str) -> bool:
    """One line (or several joined) that says who wrote the following and when."""
    if len(joined) > _LONGEST_MARK:
        return False
    if not joined.isascii():
        joined = _DIRECTIONS.sub("", joined)
    if ends_with_wrote(joined):
        return _has_date_or_address(joined)
    return _is_date_and_name(joined) or (joined.endswith((":", "：")) and bool(_NAME_AFTER_VERB.search(joined)))


def _has_date_or_address(line: str) -> bool:
    return bool(_DIGIT_OR_AT.search(line)) and bool(_DATE_OR_ADDRESS.search(line))


def ends_with_wrote(joined: str) -> bool:
    """It ends with a verb of writing, in whatever language, as most attributions do."""
    told = joined.rstrip(" *")
    if told[-1:] in {":", "：", "-", "_"}:
        return told.rstrip(":：-_ *").lower().endswith(WROTE)
    return told.endswith(WROTE_WITHOUT_COLON) or (told.endswith(" wrote") and bool(_WITH_ADDRESS.search(told)))


def _is_date_and_name(line: str) -> bool:
    if line.endswith(">:") and _DATE_THEN_ADDRESS.search(line):
        return True
    if line.endswith(":") and ">" in line and _ADDRESS_THEN_DATE.search(line):
        return True
    if not line[:4].isdigit():
        return False
    return bool(_DATE_WITH_ZONE.match(line)) or (line.endswith((">", ">:")) and bool(_DATE_AND_NAME.match(line)))
