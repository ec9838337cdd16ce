"""What alerts and reports are about: services of the rulebook, and systems by their names, such as `db1`.

Each is a line, `service checkout` or `system db1`, by which an index finds the open tickets of alerts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rules.judging.classify import LONGEST_SUBJECT, LONGEST_TEXT
from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rules.report import Alert, Mail
    from rules.rulebook import Rulebook
    from rules.sections.joining import Service

#: So many systems named by one mail are looked for; a pasted log names hundreds.
MOST_SYSTEMS: Final = 8
_LONGEST: Final = 100
#: The mails of a batch: each is asked for when facts are gathered, and again when it is decided.
_REMEMBERED: Final = 600
#: What may be a system's name: a word with a digit, a hyphen or a dot in it, as hosts have.
_SYSTEM: Final = re.compile(r"(?<![\w@.-])[a-z0-9]+(?:[-._][a-z0-9]+)*(?![\w@-])", re.ASCII)
_PORT: Final = re.compile(r":[0-9]{1,5}\Z")


def alert_concerns(alert: Alert, rulebook: Rulebook) -> tuple[str, ...]:
    """The services and systems that an alert is about, by its labels."""
    services = (_service(each.name) for each in rulebook.services if _is_about(alert, each))
    labels = (alert.labels[label] for label in rulebook.joining.systems if alert.labels.get(label))
    return tuple(dict.fromkeys((*services, *_systems(labels))))


def mail_services(mail: Mail, rulebook: Rulebook) -> dict[str, str]:
    """The services that a mail names, each with the word that names it."""
    if not rulebook.services:
        return {}
    text = f"{mail.subject[:LONGEST_SUBJECT]}\n{mail.text[:LONGEST_TEXT]}"
    return {telling.name: telling.word for telling in rulebook.service_words.told_by(text)}


def mail_concerns(mail: Mail, rulebook: Rulebook) -> tuple[str, ...]:
    """The services that a mail names, with all that they depend on, and what may be the names of systems."""
    services = related_services(mail_services(mail, rulebook), rulebook)
    return (*map(_service, services), *_named_systems(mail.subject, mail.text))


@lru_cache(maxsize=_REMEMBERED)
def _named_systems(subject: str, text: str) -> tuple[str, ...]:
    """What a text names that may be systems."""
    folded = fold(f"{subject[:LONGEST_SUBJECT]} {text[:LONGEST_TEXT]}")
    named = (word for word in _SYSTEM.findall(folded) if _may_be_system(word))
    return tuple(f"system {word}" for word in dict.fromkeys(named))[:MOST_SYSTEMS]


def related_services(names: Iterable[str], rulebook: Rulebook) -> tuple[str, ...]:
    """Services and those that they depend on, directly or not; the named ones first."""
    needs = {each.name: each.depends_on for each in rulebook.services}
    found = dict.fromkeys(names)
    waiting = list(found)
    while waiting:
        fresh = [name for name in needs.get(waiting.pop(0), ()) if name not in found]
        found.update(dict.fromkeys(fresh))
        waiting += fresh
    return tuple(found)


def services_of(concerns: Iterable[str]) -> frozenset[str]:
    """The names of the services among what a ticket or a report is about."""
    return frozenset(each.removeprefix("service ") for each in concerns if each.startswith("service "))


def systems_of(concerns: Iterable[str]) -> frozenset[str]:
    """The names of the systems among them."""
    return frozenset(each.removeprefix("system ") for each in concerns if each.startswith("system "))


def service_concerns(names: Iterable[str]) -> tuple[str, ...]:
    """Services as an index has them."""
    return tuple(map(_service, names))


def _service(name: str) -> str:
    return f"service {name}"


def _is_about(alert: Alert, service: Service) -> bool:
    return all(alert.labels.get(label) in values for label, values in service.labels.items())


def _systems(values: Iterable[str]) -> Iterator[str]:
    """A system as a label calls it, without its port, and without its domain as people call it."""
    for value in values:
        name = _PORT.sub("", fold(value[:_LONGEST]))
        host = name.partition(".")[0]
        yield f"system {name}"
        if host != name and _may_be_system(host):
            yield f"system {host}"


def _may_be_system(word: str) -> bool:
    return len(word) > 2 and not word.isalpha() and not word.replace(".", "").replace("-", "").isdigit()
