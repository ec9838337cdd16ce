"""The people file: everybody who may report, one line each, as a CSV that people keep in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from immutables import Map

from daemon.config.people_columns import columns_of
from daemon.config.problems import ConfigError, FileProblem, did_you_mean
from rules.directory import Contact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from daemon.config.people_columns import Column

LARGEST_FILE: Final = 64 << 20
MOST_PROBLEMS: Final = 100
"""So many are told one by one, and of the others how many they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """What a people file says, and what of it is unwise."""

    contacts: Map[str, Contact] = Map()
    warnings: tuple[FileProblem, ...] = ()
    zones: Mapping[str, int] = Map()
    """The zones it names, each with the line that does so first."""


def read_people_file(path: Path) -> PeopleFile:
    """Read a people file: UTF-8 with or without a mark, or GB 18030, which Excel writes in China.

    Raises ConfigError with every error of the file, each with its line and the name of its column.
    """
    text = _read_text(path)
    reading = _Reading(str(path))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    last = 0
    try:
        for row in rows:
            reading.take(row, line=last + 1)
            last = rows.line_num
    except csv.Error as error:
        reading.complain(last + 1, "", f"it is no CSV: {error}")
    if not last:
        reading.complain(1, "", "it is empty: the first line names the columns, such as address,name")
    return reading.result()


def unknown_zones(path: Path, people: PeopleFile, zones: Collection[str]) -> Iterator[FileProblem]:
    """A warning for each zone of the file that the rulebook does not have."""
    for zone, line in people.zones.items():
        if zone not in zones:
            says = f"the rulebook has no zone {zone!r}{did_you_mean(zone, zones)}"
            yield FileProblem(file=str(path), line=line, key="zone", says=says, severity="warning")


@dataclass(slots=True)
class _Reading:
    """A people file while it is read, row by row."""

    file: str
    columns: tuple[Column | None, ...] | None = None
    """None before the header, and after one that cannot be used."""
    contacts: dict[str, Contact] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """On which line each address stands."""
    zones: dict[str, int] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    untold: int = 0
    has_errors: bool = False

    def take(self, row: Sequence[str], *, line: int) -> None:
        """Read one row; the first is the header."""
        if line == 1:
            self.columns = columns_of(row, partial(self.complain, 1))
        elif self.columns is not None and any(row):
            self._take_contact(row, self.columns, line)

    def complain(self, line: int, column: str, says: str, *, severity: Literal["error", "warning"] = "error") -> None:
        """Note what is wrong with a line."""
        self.has_errors |= severity == "error"
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(FileProblem(file=self.file, line=line, key=column, says=says, severity=severity))
        else:
            self.untold += 1

    def result(self) -> PeopleFile:
        """What has been read. Raises ConfigError where something of it was wrong."""
        if self.untold:
            says = f"and {self.untold} more"
            self.problems.append(FileProblem(file=self.file, line=None, key="", says=says))
        if self.has_errors:
            raise ConfigError(self.problems)
        return PeopleFile(contacts=Map(self.contacts), warnings=tuple(self.problems), zones=self.zones)

    def _take_contact(self, row: Sequence[str], columns: tuple[Column | None, ...], line: int) -> None:
        if any(row[len(columns) :]):
            says = f"{len(row)} cells under a header of {len(columns)}: put a text that holds a comma in quotes"
            self.complain(line, "", says)
            return
        values = self._values(row, columns, line)
        if values is not None and self._is_new(values.get("address"), line):
            contact = Contact(**values)
            self.contacts[contact.address] = contact
            if contact.zone:
                self.zones.setdefault(contact.zone, line)

    def _values(self, row: Sequence[str], columns: tuple[Column | None, ...], line: int) -> dict[str, Any] | None:
        """What the cells of a row mean; None, once all are complained of, where one is wrong."""
        values: dict[str, Any] = {}
        is_right = True
        for column, cell in zip(columns, row, strict=False):
            if column is None or not (text := cell.strip()):
                continue
            try:
                values[column.field] = column.read(text)
            except ValueError as error:
                self.complain(line, column.written, str(error))
                is_right = False
        return values if is_right else None

    def _is_new(self, address: str | None, line: int) -> bool:
        if address is None:
            self.complain(line, "address", "it is missing")
        elif (first := self.lines.setdefault(address, line)) != line:
            self.complain(line, "address", f"{address!r} stands on line {first} already")
            return False
        return address is not None


def _delimiter(text: str) -> str:
    """The comma, or what stands more often in the header: some spreadsheets write semicolons or tabs."""
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(content) > LARGEST_FILE:
        raise _unreadable(path, "is larger than 64 MiB")
    return _decoded(path, content)


def _decoded(path: Path, content: bytes) -> str:
    """The text; GB 18030 has a meaning for nearly every sequence of bytes and is therefore tried last."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable(path, "is UTF-16: save it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, "this line is neither UTF-8 nor GB 18030", line) from error


def _unreadable(path: Path, says: str, line: int | None = None) -> ConfigError:
    return ConfigError([FileProblem(file=str(path), line=line, key="", says=says)])
