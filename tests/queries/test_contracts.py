"""Contracts and products as the screens show them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import NotFoundError
from crm_data.models import ProductCategory
from crm_data.queries import contracts, products
from crm_data.queries.listing import Wanted
from crm_data.services import contracts as service
from crm_data.vocabulary import ContractKind
from tests import factories


def test_a_contract_is_found_by_number_title_or_customer(session: Session, root: Actor) -> None:
    factories.a_contract(session, factories.a_customer(session, name="Müller"), number="C-7", title="Cleaning")
    found = [
        contracts.listing(session, root, wanted=Wanted(search=words)).total for words in ("c-7", "clean", "MÜLL", "x-9")
    ]
    assert found == [1, 1, 1, 0]


def test_contracts_are_narrowed_by_kind(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    factories.a_contract(session, customer)
    factories.a_sale(session, customer, title="A sale")
    page = contracts.listing(session, root, wanted=Wanted(filters={"kind": [ContractKind.SALE]}))
    assert page.rows["title"].to_list() == ["A sale"]


def test_a_guessed_number_shows_nothing(session: Session, seller: Actor) -> None:
    theirs = factories.a_contract(session, factories.a_customer(session, owner_id=factories.a_user(session).id))
    with pytest.raises(NotFoundError):
        contracts.record(session, seller, theirs.id)


def test_renewals_are_due_until_there_is_a_successor(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    soon = factories.a_contract(session, customer, ends_on=date(2026, 7, 1))
    renewed = factories.a_contract(session, customer, ends_on=date(2026, 7, 2))
    factories.a_contract(session, customer, ends_on=date(2027, 7, 1))
    service.renew(session, root, renewed.id)
    assert contracts.renewals_due(session, root, days=90)["id"].to_list() == [soon.id]


def test_a_contract_knows_its_neighbours_in_the_chain(session: Session, root: Actor) -> None:
    old = factories.a_contract(session, factories.a_customer(session))
    new = service.renew(session, root, old.id)
    assert contracts.record(session, root, old.id).renewed_by == (new.id, new.number)
    assert contracts.record(session, root, new.id).renews == old.number


def test_what_is_retired_stands_on_a_list_of_its_own(session: Session, root: Actor) -> None:
    factories.a_product(session, name="New")
    factories.a_product(session, name="Old", retired_on=date(2026, 6, 15))
    lists = [products.listing(session, root, wanted=Wanted(), retired=retired) for retired in (False, True)]
    assert [page.rows["name"].to_list() for page in lists] == [["New"], ["Old"]]


def test_only_what_is_sold_is_offered_for_a_line(session: Session, root: Actor) -> None:
    kept = factories.a_product(session, name="Pump", sku="P-1")
    factories.a_product(session, name="Old pump", retired_on=date(2026, 1, 1))
    assert products.choices(session, root, search="PUMP") == {kept.id: "Pump · P-1"}


def test_categories_stand_below_their_parents(session: Session, root: Actor) -> None:
    top = factories.added(session, ProductCategory(name="Tools"))
    low = factories.added(session, ProductCategory(name="Drills", parent_id=top.id))
    factories.added(session, ProductCategory(name="Care"))
    factories.a_product(session, category_id=low.id)
    tree = [(branch.path, branch.depth, branch.products) for branch in products.tree(session, root)]
    assert tree == [("Care", 0, 0), ("Tools", 0, 0), ("Tools › Drills", 1, 1)]
