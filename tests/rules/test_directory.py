"""Who reports, and whether they are of the organisation."""

from __future__ import annotations

import pytest
from immutables import Map

from rules.directory import Contact, Directory, Relation

ALICE = Contact(address="alice@corp.example", name="Alice", number="E1001")
BOB = Contact(address="bob@agency.example", name="Bob", relation="internal")
EVE = Contact(address="eve@corp.example", name="Eve", relation="external", customer="Blue Lake")
CONTACTS = Map({contact.address: contact for contact in (ALICE, BOB, EVE)})
DIRECTORY = Directory(CONTACTS, frozenset({"corp.example", ".group.example"}))


@pytest.mark.parametrize(
    ("address", "relation"),
    [
        pytest.param(ALICE.address, "internal", id="whom the file says nothing of is told by the domain"),
        pytest.param(BOB.address, "internal", id="the file's word goes before another domain"),
        pytest.param(EVE.address, "external", id="and before our own domain"),
        pytest.param("new@corp.example", "internal", id="a stranger of our domain"),
        pytest.param("new@mail.corp.example", "external", id="a domain written without a dot is that domain alone"),
        pytest.param("new@mail.group.example", "internal", id="one with a dot has those below it too"),
        pytest.param("new@a.b.group.example", "internal", id="however far below"),
        pytest.param("new@group.example", "internal", id="and itself"),
        pytest.param("new@notgroup.example", "external", id="a domain that only ends alike"),
        pytest.param("corp.example@evil.example", "external", id="the domain in the wrong place"),
        pytest.param("", None, id="nobody"),
        pytest.param(None, None, id="no address"),
    ],
)
def test_the_relation_of_a_requester(address: str | None, relation: Relation | None) -> None:
    assert DIRECTORY.relation(address) == relation


def test_without_domains_nobody_can_tell_of_whom_the_file_does_not() -> None:
    directory = Directory(CONTACTS)
    assert directory.relation(ALICE.address) is None
    assert directory.relation(EVE.address) == "external"


def test_a_contact_is_found_by_address() -> None:
    assert DIRECTORY.find(ALICE.address) == ALICE
    assert DIRECTORY.find("new@corp.example") is None
    assert DIRECTORY.find(None) is None
