"""The house stands as designed: who may import whom, where each library lives, and how long a function may be."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOUSE = Path(__file__).resolve().parent.parent

#: Each package may import these of our own.
MAY_IMPORT = {
    "rules": {"rules"},
    "ingest": {"ingest", "rules"},
    "outbound": {"outbound", "rules"},
    "daemon": {"daemon", "ingest", "outbound", "rules"},
}

FOLDERS = {*MAY_IMPORT, "deploy", "tests"}

#: The libraries that only compute, which the rules may therefore use.
PURE_LIBRARIES = {"holidays", "immutables", "opencc", "pydantic", "pydantic_core", "re2"}

#: What of the standard library touches the world: its files, clock, chance, network, processes or log.
IMPURE = {
    "asyncio", "concurrent", "http", "importlib", "io", "logging", "multiprocessing", "os", "pathlib", "random",
    "secrets", "select", "selectors", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib", "uuid", "warnings",
}  # fmt: skip

CLOCK_READINGS = {"now", "utcnow", "today"}

#: Each library is imported here and nowhere else; a space divides two that each talk to another kind of server.
PLACE_OF = {
    "aiosmtpd": "ingest/listener/session.py",
    "aiosmtplib": "outbound/smtp.py",
    "alembic": "daemon/store/*",
    "authlib": "daemon/oauth/server.py",
    "flufl": "ingest/machine_mail/second_opinion.py",
    "holidays": "rules/calendar/official_days.py",
    "httpx2": "daemon/oauth/server.py ingest/alertmanager/api.py",
    "imapclient": "ingest/mailbox/imap.py",
    "imaplib": "ingest/mailbox/imap.py",
    "inscriptis": "ingest/text/html.py",
    "jinja2": "outbound/letters.py",
    "opencc": "rules/language/writing.py",
    "prometheus_client": "daemon/metrics/*",
    "psycopg": "daemon/store/*",
    "pymap": "daemon/demo/*",
    "sqlalchemy": "daemon/store/*",
    "sqlite3": "daemon/*",
    "uvicorn": "daemon/http/server.py",
    "yaml": "ingest/alertmanager/configuration.py",
}

LONGEST_FUNCTION = 60


@dataclass(frozen=True, slots=True)
class Module:
    """One source file of the product: its path in the house, and every node of its syntax."""

    path: str
    nodes: tuple[ast.AST, ...]

    @classmethod
    def parse(cls, path: str, source: str | bytes) -> Self:
        return cls(path, tuple(ast.walk(ast.parse(source, path))))

    @property
    def folder(self) -> str:
        return self.path.partition("/")[0]

    def imports(self) -> Iterator[tuple[int, str]]:
        """The line and the top-level name of everything it imports, for type checking too."""
        for node in self.nodes:
            match node:
                case ast.Import(names=names):
                    yield from ((node.lineno, alias.name.partition(".")[0]) for alias in names)
                case ast.ImportFrom(level=0, module=str(name)):
                    yield node.lineno, name.partition(".")[0]


def foreign_packages(module: Module) -> Iterator[str]:
    """Imports of our own packages that this one must not know."""
    for line, name in module.imports():
        if name in FOLDERS and name not in MAY_IMPORT[module.folder]:
            yield f"{module.path}:{line}: {module.folder} must not import {name}"


def impure_imports(module: Module) -> Iterator[str]:
    """What the rules import beyond themselves and what only computes."""
    if module.folder != "rules":
        return
    for line, name in module.imports():
        pure = name in PURE_LIBRARIES or name in FOLDERS or (name in sys.stdlib_module_names and name not in IMPURE)
        if not pure:
            yield f"{module.path}:{line}: rules are pure and must not import {name}"


def clock_readings(module: Module) -> Iterator[str]:
    """Where the rules read the clock, or hand `datetime.now` over uncalled. A field named `now` is none of it."""
    if module.folder != "rules":
        return
    attributes = [node for node in module.nodes if isinstance(node, ast.Attribute)]
    called = {id(node.func) for node in module.nodes if isinstance(node, ast.Call)}
    for node in attributes:
        of_a_class = ast.unparse(node.value).endswith(("datetime", "date"))
        if node.attr in CLOCK_READINGS and (of_a_class or id(node) in called):
            yield f"{module.path}:{node.lineno}: rules read no clock: `now` is a parameter, not .{node.attr}"


def calls_to_the_world(module: Module) -> Iterator[str]:
    """Where the rules open a file or talk to a terminal."""
    if module.folder != "rules":
        return
    for node in module.nodes:
        match node:
            case ast.Call(func=ast.Name(id="open" | "print" | "input" as name)):
                yield f"{module.path}:{node.lineno}: rules touch nothing outside and must not call {name}()"


def strayed_libraries(module: Module) -> Iterator[str]:
    """Imports of a library outside the one place it has."""
    for line, name in module.imports():
        places = PLACE_OF.get(name, "*").split()
        if not any(fnmatch(module.path, place) for place in places):
            yield f"{module.path}:{line}: {name} is imported in {' and '.join(places)} only"


def long_functions(module: Module) -> Iterator[str]:
    """Functions nobody can read at a glance. A migration is exempt: it is the list of its tables."""
    if module.path.startswith("daemon/store/migrations/versions/"):
        return
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{module.path}:{node.lineno}: {node.name} has {lines} lines, and {LONGEST_FUNCTION} are the most"


RULES: dict[str, Callable[[Module], Iterator[str]]] = {
    "packages import only those below them": foreign_packages,
    "rules import nothing that touches the world": impure_imports,
    "rules read no clock": clock_readings,
    "rules open no file": calls_to_the_world,
    "each library has its place": strayed_libraries,
    "functions are short": long_functions,
}


@pytest.fixture(scope="module")
def house() -> list[Module]:
    files = sorted(file for package in MAY_IMPORT for file in (HOUSE / package).rglob("*.py"))
    return [Module.parse(str(file.relative_to(HOUSE)), file.read_bytes()) for file in files]


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_rules(rule: str, house: list[Module]) -> None:
    breaches = [breach for module in house for breach in RULES[rule](module)]
    if breaches:
        pytest.fail("\n".join(breaches), pytrace=False)


@pytest.mark.parametrize(
    ("path", "line", "breach"),
    [
        ("ingest/x.py", "import outbound.smtp", "ingest/x.py:1: ingest must not import outbound"),
        ("outbound/x.py", "from daemon import desk", "outbound/x.py:1: outbound must not import daemon"),
        ("rules/x.py", "from ingest.mail.read import read", "rules/x.py:1: rules must not import ingest"),
        ("daemon/x.py", "import tests.servers", "daemon/x.py:1: daemon must not import tests"),
        ("rules/x.py", "import os.path", "rules/x.py:1: rules are pure and must not import os"),
        ("rules/x.py", "def f():\n import structlog", "rules/x.py:2: rules are pure and must not import structlog"),
        ("rules/x.py", "datetime.now(UTC)", "rules/x.py:1: rules read no clock: `now` is a parameter, not .now"),
        (
            "rules/x.py",
            "f(dt.datetime.utcnow)",
            "rules/x.py:1: rules read no clock: `now` is a parameter, not .utcnow",
        ),
        ("rules/x.py", "clock.now()", "rules/x.py:1: rules read no clock: `now` is a parameter, not .now"),
        ("rules/x.py", "open('x')", "rules/x.py:1: rules touch nothing outside and must not call open()"),
        ("daemon/desk.py", "import sqlalchemy", "daemon/desk.py:1: sqlalchemy is imported in daemon/store/* only"),
        (
            "ingest/a.py",
            "from imapclient import x",
            "ingest/a.py:1: imapclient is imported in ingest/mailbox/imap.py only",
        ),
        ("daemon/a.py", "def f():\n" + " pass\n" * 60, "daemon/a.py:1: f has 61 lines, and 60 are the most"),
    ],
)
def test_a_breach_is_named_with_its_line(path: str, line: str, breach: str) -> None:
    module = Module.parse(path, line)
    assert [found for rule in RULES.values() for found in rule(module)] == [breach]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("daemon/store/migrations/env.py", "import alembic, sqlalchemy"),
        ("daemon/x.py", "import time, os, structlog, rules.decide, ingest.mail.read, outbound.smtp"),
        ("daemon/x.py", "datetime.now(UTC)"),
        ("rules/x.py", "import re, hashlib, zoneinfo, pydantic, rules.report"),
        ("rules/x.py", "def f(now): return change.now - now"),
        ("daemon/a.py", "def f():\n" + " pass\n" * 59),
    ],
)
def test_what_is_allowed_passes(path: str, line: str) -> None:
    module = Module.parse(path, line)
    assert not [found for rule in RULES.values() for found in rule(module)]


def test_the_top_holds_only_the_folders_of_the_house() -> None:
    ignored = [line.rstrip("/") for line in (HOUSE / ".gitignore").read_text().split()]
    folders = {entry.name for entry in HOUSE.iterdir() if entry.is_dir() and not entry.name.startswith(".")}
    assert {name for name in folders if not any(fnmatch(name, pattern) for pattern in ignored)} <= FOLDERS


def test_no_module_lies_at_the_top() -> None:
    assert not list(HOUSE.glob("*.py"))


def test_what_is_deployed_holds_no_python() -> None:
    assert not list((HOUSE / "deploy").rglob("*.py"))


def test_tests_are_no_package() -> None:
    """tests/rules/__init__.py would hide the package `rules` from its own tests."""
    assert not list((HOUSE / "tests").rglob("__init__.py"))
