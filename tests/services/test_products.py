"""The catalogue: what may be added and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidFormError, NotAllowedError
from crm_data.services import products
from tests import factories


def test_a_product_needs_a_number_and_a_name(session: Session, admin: Actor) -> None:
    with pytest.raises(InvalidFormError) as caught:
        products.create(session, admin, values={"sku": " ", "name": ""})
    assert [problem.field for problem in caught.value.problems] == ["sku", "name"]


def test_a_product_number_is_given_once(session: Session, admin: Actor) -> None:
    factories.a_product(session, sku="X-1")
    with pytest.raises(InvalidFormError, match="another value"):
        products.create(session, admin, values={"sku": "X-1", "name": "Again"})


def test_a_product_is_retired_and_taken_up_again(session: Session, admin: Actor) -> None:
    row = factories.a_product(session)
    products.retire(session, admin, row.id, on=date(2026, 7, 1))
    assert products.retire(session, admin, row.id, on=None).retired_on is None


def test_a_price_is_not_negative(session: Session, admin: Actor) -> None:
    with pytest.raises(InvalidFormError):
        products.create(session, admin, values={"sku": "X", "name": "X", "list_price_e4": -1})


def test_a_seller_does_not_change_prices(session: Session, seller: Actor) -> None:
    row = factories.a_product(session)
    with pytest.raises(NotAllowedError):
        products.edit(session, seller, row.id, version=1, base={"list_price_e4": 1_000_000}, mine={"list_price_e4": 1})


def test_a_category_is_not_hung_below_itself(session: Session, admin: Actor) -> None:
    top = products.create_category(session, admin, values={"name": "Top"})
    low = products.create_category(session, admin, values={"name": "Low", "parent_id": top.id})
    with pytest.raises(InvalidFormError) as caught:
        products.edit_category(session, admin, top.id, version=1, base={"parent_id": None}, mine={"parent_id": low.id})
    assert [problem.field for problem in caught.value.problems] == ["parent_id"]


def test_a_category_in_use_is_not_deleted(session: Session, admin: Actor) -> None:
    category = products.create_category(session, admin, values={"name": "Top"})
    factories.a_product(session, category_id=category.id)
    with pytest.raises(CrmError, match="1 products"):
        products.delete_category(session, admin, category.id)
