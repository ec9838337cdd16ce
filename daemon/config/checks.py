"""What the tables of `deskd.toml` must agree on.

They are looked at as they were read, before and whether or not each is right by itself, so that every error comes at
once; whatever is of the wrong kind is passed over here, as the tables complain of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from daemon.config.complaints import Complaint, tables_in
from daemon.config.problems import did_you_mean
from daemon.config.secrets import is_open_to_all, secret_path
from ingest.mail.addresses import addr_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from rules.rulebook import Rulebook
    from rules.toml_files.lines import Place

Raw = Mapping[str, Any]


def check(raw: Raw, file: Path, rulebook: Rulebook | None) -> Iterator[Complaint]:
    """Everything that is wrong or unwise between the tables; teams only where the rulebook could be read."""
    yield from _named_twice(raw, "mailboxes", "name", str)
    yield from _named_twice(raw, "listeners", "name", str)
    yield from _named_as_another_source(raw)
    yield from _named_twice(raw, "alertmanagers", "name", str)
    yield from _named_twice(raw, "people", "address", addr_spec)
    yield from _mails_from_twice(raw)
    yield from _folders_read_twice(raw)
    yield from _desk_among_staff(raw)
    yield from _strangers_on_duty(raw)
    yield from _lonely_rotations(raw)
    if rulebook is not None:
        yield from _unknown_teams(raw, rulebook)
        yield from _unknown_skills(raw, rulebook)
        yield from _unknown_words(raw, "lines", "line", [line.name for line in rulebook.lines])
        yield from _unknown_words(raw, "areas", "zone", rulebook.zones)
    yield from _open_secrets(raw, file)
    yield from _unfinished(raw)


def _named_twice(raw: Raw, array: str, key: str, fold: Callable[[str], str | None]) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for index, table in tables_in(raw, array):
        name = fold(table[key]) if isinstance(table.get(key), str) else None
        if name is not None and first.setdefault(name, index) != index:
            yield Complaint((array, index, key), f"{name!r} is taken by {array}[{first[name]}] already")


def _mails_from_twice(raw: Raw) -> Iterator[Complaint]:
    """Which Alertmanager sent a mail is told by its address."""
    first: dict[str, int] = {}
    for index, table in tables_in(raw, "alertmanagers"):
        listed = table.get("mails_from")
        for address in listed if isinstance(listed, list) else ():
            folded = addr_spec(address) if isinstance(address, str) else None
            if folded is not None and first.setdefault(folded, index) != index:
                says = f"{address!r} is taken by alertmanagers[{first[folded]}] already"
                yield Complaint(("alertmanagers", index, "mails_from"), says)


def _named_as_another_source(raw: Raw) -> Iterator[Complaint]:
    """Reports are told apart by the name of their source, and alerts, which may come by mail, too."""
    first: dict[str, str] = {}
    for array in ("mailboxes", "listeners", "alertmanagers"):
        for index, table in tables_in(raw, array):
            if not isinstance(name := table.get("name"), str):
                continue
            taken = first.setdefault(name, f"{array}[{index}]")
            if not taken.startswith(f"{array}["):
                yield Complaint((array, index, "name"), f"{name!r} is taken by {taken} already")


def _folders_read_twice(raw: Raw) -> Iterator[Complaint]:
    first: dict[tuple[str, ...], int] = {}
    for index, table in tables_in(raw, "mailboxes"):
        folder = tuple(str(table.get(key, "")).lower() for key in ("host", "preset", "user", "folder"))
        if any(folder[:2]) and folder[2] and first.setdefault(folder, index) != index:
            yield Complaint(("mailboxes", index), f"it reads the same folder as mailboxes[{first[folder]}]")


def _desk_among_staff(raw: Raw) -> Iterator[Complaint]:
    desk = raw.get("desk")
    listed = [desk.get("address"), *_list(desk, "also")] if isinstance(desk, Mapping) else []
    own = {addr_spec(address) for address in listed if isinstance(address, str)}
    for index, person in tables_in(raw, "people"):
        address = person.get("address")
        if isinstance(address, str) and addr_spec(address) in own - {None}:
            yield Complaint(
                ("people", index, "address"), f"{address!r} is the desk's own: letters to it would come back"
            )


def _strangers_on_duty(raw: Raw) -> Iterator[Complaint]:
    teams: dict[str, Collection[Any]] = {}
    for _, person in tables_in(raw, "people"):
        if isinstance(person.get("address"), str) and (known := addr_spec(person["address"])):
            teams.setdefault(known, _list(person, "teams"))
    for index, line in tables_in(raw, "roster"):
        for position, address in _texts(line, "people"):
            at: Place = ("roster", index, "people", position)
            spec = addr_spec(address)
            if spec is not None and spec not in teams:
                yield Complaint(at, f"{address!r} is nobody of [[people]]{did_you_mean(spec, teams)}")
            elif spec is not None and line.get("team") not in teams[spec]:
                says = f"{address!r} is not in the team {line.get('team')!r} and gets nothing from this line"
                yield Complaint(at, says, "warning")


def _lonely_rotations(raw: Raw) -> Iterator[Complaint]:
    for index, line in tables_in(raw, "roster"):
        if "rotates" in line and len({addr_spec(address) for _, address in _texts(line, "people")}) == 1:
            says = "only one person takes turns here: it is always that one's turn"
            yield Complaint(("roster", index, "rotates"), says, "warning")


def _unknown_teams(raw: Raw, rulebook: Rulebook) -> Iterator[Complaint]:
    named = [(("roster", index, "team"), line.get("team")) for index, line in tables_in(raw, "roster")]
    found: list[tuple[Place, Any]] = [*named]
    for index, person in tables_in(raw, "people"):
        found += [(("people", index, "teams", position), team) for position, team in _texts(person, "teams")]
    for at, team in found:
        if isinstance(team, str) and team not in rulebook.teams:
            hint = did_you_mean(team, rulebook.teams) or f"; its teams are {', '.join(rulebook.teams)}"
            yield Complaint(at, f"the rulebook {rulebook.name!r} has no team {team!r}{hint}")


def _unknown_skills(raw: Raw, rulebook: Rulebook) -> Iterator[Complaint]:
    asked = {category.skill for category in rulebook.categories.values() if category.skill is not None}
    for index, person in tables_in(raw, "people"):
        for position, skill in _texts(person, "skills"):
            if skill not in asked:
                says = f"no category of the rulebook asks for {skill!r}{did_you_mean(skill, asked)}"
                yield Complaint(("people", index, "skills", position), says, "warning")


def _unknown_words(raw: Raw, key: str, meaning: str, known: Collection[str]) -> Iterator[Complaint]:
    for index, person in tables_in(raw, "people"):
        for position, word in _texts(person, key):
            if word not in known:
                says = f"the rulebook has no {meaning} {word!r}{did_you_mean(word, known)}"
                yield Complaint(("people", index, key, position), says, "warning")


def _open_secrets(raw: Raw, file: Path) -> Iterator[Complaint]:
    if is_open_to_all(file):
        says = f"every user of this machine can read it in this file: chmod 600 {file.name}, or use a file of its own"
        yield from (Complaint(at, says, "warning") for at, value in _leaves(raw) if _is_secret(at, value))
    for at, value in _leaves(raw):
        if _names_a_secret_file(at) and isinstance(value, str) and _lies_open(value, file.parent):
            says = f"every user of this machine can read it: chmod 600 {value}"
            yield Complaint(at, says, "warning")


def _is_secret(at: Place, value: Any) -> bool:
    """Whether the value itself is one; a database URL is where it holds a password."""
    if at == ("database", "url"):
        return isinstance(value, str) and "@" in value and ":" in value.partition("://")[2].rpartition("@")[0]
    return at[-1] in {"password", "token", "client_secret", "api_token", "api_password"}


def _names_a_secret_file(at: Place) -> bool:
    keys = [part for part in at if isinstance(part, str)]
    return keys[-1].endswith(("_file", "_files")) and not keys[-1].endswith("ca_file")


def _lies_open(written: str, folder: Path) -> bool:
    try:
        return is_open_to_all(secret_path(written, folder))
    except (OSError, ValueError):
        return False


def _unfinished(raw: Raw) -> Iterator[Complaint]:
    desk = raw.get("desk")
    address = desk.get("address") if isinstance(desk, Mapping) else None
    if isinstance(address, str) and address.lower().endswith(("@example.org", "@example.com", "@example.net")):
        yield Complaint(("desk", "address"), f"{address!r} is only an example: write your own", "warning")
    if not any(raw.get(source) for source in ("mailboxes", "listeners", "alertmanagers")):
        says = "it has no [[mailboxes]], [[listeners]] or [[alertmanagers]]: nothing will come in"
        yield Complaint((), says, "warning")


def _leaves(raw: Raw) -> Iterator[tuple[Place, Any]]:
    """Every value of the file; the tables nest no deeper than arrays of tables with lists."""
    for name, section in raw.items():
        if isinstance(section, Mapping):
            yield from _values(section, (name,))
        for index, table in tables_in(raw, name):
            yield from _values(table, (name, index))


def _values(table: Raw, at: Place) -> Iterator[tuple[Place, Any]]:
    for key, value in table.items():
        if isinstance(value, list):
            yield from (((*at, key, position), item) for position, item in enumerate(value))
        elif isinstance(value, Mapping):
            yield from (((*at, key, inner), item) for inner, item in value.items())
        else:
            yield (*at, key), value


def _list(table: Raw, key: str) -> list[Any]:
    value = table.get(key)
    return value if isinstance(value, list) else []


def _texts(table: Raw, key: str) -> Iterator[tuple[int, str]]:
    return ((position, item) for position, item in enumerate(_list(table, key)) if isinstance(item, str))
