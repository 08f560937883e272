"""The box on the home screen finds people and papers by what one happens to know of them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.queries.finder import find
from tests import factories


def hits(session: Session, actor: Actor, search: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.name) for hit in find(session, actor, search)]


@pytest.fixture
def acme(session: Session) -> Any:
    return factories.a_customer(session, name="Acme 上海贸易", code="K-77", phone="+86 21 5555 0101")


@pytest.mark.parametrize("search", ["acme", "海贸", "k-77", "2155550101", "5555 0101"])
def test_a_customer_is_found_by_name_code_or_phone(session: Session, admin: Actor, acme: Any, search: str) -> None:
    assert ("customers", "Acme 上海贸易") in hits(session, admin, search)


def test_a_contact_is_found_with_the_customer(session: Session, admin: Actor, acme: Any) -> None:
    factories.a_contact(session, acme, name="Zhao Min", phone="13900001111")
    assert [(hit.name, hit.customer_id) for hit in find(session, admin, "1390000")] == [("Zhao Min", acme.id)]


def test_an_opportunity_and_a_contract_are_found_by_number(session: Session, admin: Actor, acme: Any) -> None:
    factories.an_opportunity(session, acme, number="OPP-4711", name="New roof")
    factories.a_contract(session, acme, number="CON-4711", title="Care")
    assert hits(session, admin, "4711") == [("opportunities", "New roof"), ("contracts", "Care")]


def test_what_begins_with_the_words_comes_first(session: Session, admin: Actor) -> None:
    factories.a_customer(session, name="Alpha North")
    factories.a_customer(session, name="North Star")
    assert hits(session, admin, "north")[0] == ("customers", "North Star")


@pytest.mark.parametrize("search", ["", " ", "a"])
def test_one_character_looks_for_nothing(session: Session, admin: Actor, acme: Any, search: str) -> None:
    assert hits(session, admin, search) == []


def test_somebody_else_s_customer_stays_hidden(session: Session, seller: Actor, acme: Any) -> None:
    assert hits(session, seller, "acme") == []


def test_a_wildcard_is_only_a_character(session: Session, admin: Actor, acme: Any) -> None:
    assert hits(session, admin, "%%") == []
