"""How an Alertmanager is configured, as far as it decides what reaches us, and where an alert goes by that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

import re2

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Login = Literal["bearer", "other", "none"]

DEFAULT_WAIT: Final = timedelta(seconds=30)
DEFAULT_INTERVAL: Final = timedelta(minutes=5)
DEFAULT_REPEAT: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One `webhook_config` of a receiver."""

    receiver: str
    url: str
    """Empty where Alertmanager keeps it to itself, as it does since 0.26, or reads it from a file."""
    send_resolved: bool
    max_alerts: int
    login: Login


@dataclass(frozen=True, slots=True)
class LabelMatcher:
    """A condition of a route on a label."""

    label: str
    operator: Literal["=", "!=", "=~", "!~"]
    value: str

    def holds(self, labels: Mapping[str, str]) -> bool | None:
        """Whether it holds for an alert of which these labels are known; None where that cannot be told."""
        known = labels.get(self.label)
        if known is None:
            return None
        try:
            found = known == self.value if len(self.operator.strip("!")) == 1 else self._matches(known)
        except re2.error:
            return None
        return found is not self.operator.startswith("!")

    def _matches(self, known: str) -> bool:
        return re2.fullmatch(self.value, known) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A node of the routing tree; what it does not say is as above it."""

    receiver: str
    matchers: tuple[LabelMatcher | None, ...] = ()
    """None is a matcher that could not be read."""
    goes_on: bool = False
    """`continue`: its siblings are looked at as well."""
    group_wait: timedelta = DEFAULT_WAIT
    group_interval: timedelta = DEFAULT_INTERVAL
    repeat_interval: timedelta = DEFAULT_REPEAT
    timed: bool = False
    """It is mute at some times."""
    group_by: tuple[str, ...] = ()
    """The labels by which alerts are one group; `...` for all."""
    key: str = ""
    """What the `groupKey` of its groups begins with: the matchers of all routes down to it."""
    children: tuple[Route, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool | None:
        """Whether an alert enters here, of which these labels are known; None where that cannot be told."""
        said = [matcher.holds(labels) if matcher is not None else None for matcher in self.matchers]
        if False in said:
            return False
        return None if None in said else True

    def nodes(self) -> Iterator[Route]:
        """This route and all below it."""
        yield self
        for child in self.children:
            yield from child.nodes()

    def ends(self, labels: Mapping[str, str]) -> Iterator[Route]:
        """The routes at which an alert that has entered here may end; `labels` are those of it that are known."""
        taken = False
        for child in self.children:
            holds = child.holds(labels)
            if holds is not False:
                yield from child.ends(labels)
            taken = taken or holds is True
            if holds and not child.goes_on:
                break
        if not taken:
            yield self

    def group_key(self, labels: Mapping[str, str]) -> str:
        """The `groupKey` of the group in which an alert is that ends here (`dispatch.go` in Alertmanager's source)."""
        grouped = sorted(labels if "..." in self.group_by else set(labels).intersection(self.group_by))
        told = ", ".join(f"{name}={json.dumps(labels[name], ensure_ascii=False)}" for name in grouped)
        return f"{self.key}:{{{told}}}"


def find_group_key(route: Route, labels: Mapping[str, str], receivers: Collection[str]) -> str:
    """The `groupKey` with which an alert is told to one of these receivers; empty where that is not certain.

    `route` is the top of the tree, `labels` are all that the alert has.
    """
    matchers = [matcher for node in route.nodes() for matcher in node.matchers]
    known = [matcher for matcher in matchers if matcher is not None]
    if len(known) < len(matchers):
        return ""
    complete = {**{matcher.label: "" for matcher in known}, **labels}
    ours = (end for end in route.ends(complete) if end.receiver in receivers)
    return next((end.group_key(labels) for end in ours), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertmanagerConfig:
    """What is read of `config.original`."""

    webhooks: tuple[Webhook, ...]
    route: Route
