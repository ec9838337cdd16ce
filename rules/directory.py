"""The people who report: what the organisation's people file says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from immutables import Map

Relation = Literal["internal", "external"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody of the people file. The address is the identity; what the file leaves open is empty."""

    address: str
    name: str = ""
    relation: Relation | None = None
    """None: by the domain of the address."""
    number: str = ""
    """The employee's or the customer's."""
    department: str = ""
    customer: str = ""
    phone: str = ""
    place: str = ""
    zone: str = ""
    """One of the rulebook's, such as `suburbs`; how long an arrival may take depends on it."""
    vip: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody whom the people file knows, and the organisation's own domains."""

    contacts: Map[str, Contact] = Map()
    """By address, in lower case."""
    internal_domains: frozenset[str] = frozenset()
    """`corp.example` is that domain alone, `.corp.example` also every domain below it."""

    def find(self, address: str | None) -> Contact | None:
        """The contact with this address, or None."""
        return self.contacts.get(address) if address else None

    def relation(self, address: str | None) -> Relation | None:
        """Whether somebody is of the organisation itself or a customer; None where nobody can tell.

        The people file decides; where it says nothing, the domain of the address does.
        """
        contact = self.find(address)
        if contact is not None and contact.relation is not None:
            return contact.relation
        if not address or not self.internal_domains:
            return None
        return "internal" if self._is_ours(address.rpartition("@")[2]) else "external"

    def _is_ours(self, domain: str) -> bool:
        if domain in self.internal_domains:
            return True
        labels = domain.split(".")
        return any("." + ".".join(labels[start:]) in self.internal_domains for start in range(len(labels)))
