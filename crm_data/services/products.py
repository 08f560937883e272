"""The catalogue: products with price and cost, and the tree of their categories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Product, ProductCategory
from crm_data.services import changes, checks
from crm_data.vocabulary import N_, Action, Module

EDITABLE = ("sku", "name", "category_id", "list_price_e4", "unit_cost_e4", "unit", "launched_on", "retired_on")
CATEGORY_FIELDS = ("name", "parent_id")


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Product:
    """Add a product."""
    access.require(actor, Module.PRODUCTS, Action.CREATE)
    row = Product(**checks.only(values, EDITABLE))
    _check(session, row)
    session.add(row)
    session.flush()
    return row


def edit(
    session: Session, actor: Actor, product_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Product:
    """Change a product; what was sold before keeps the price and cost of its time."""
    row = access.fetch(session, actor, Product, product_id, action=Action.EDIT)
    changes.apply_edit(row, version=version, base=base, mine=checks.only(mine, EDITABLE))
    _check(session, row)
    session.flush()
    return row


def retire(session: Session, actor: Actor, product_id: int, *, on: date | None) -> Product:
    """Say from which day on a product is not sold any more, or with None that it is sold again."""
    row = access.fetch(session, actor, Product, product_id, action=Action.EDIT)
    row.retired_on = on
    _check(session, row)
    session.flush()
    return row


def create_category(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> ProductCategory:
    """Add a branch to the category tree."""
    access.require(actor, Module.PRODUCTS, Action.CREATE)
    row = ProductCategory(**checks.only(values, CATEGORY_FIELDS))
    _check_category(session, row)
    session.add(row)
    session.flush()
    return row


def edit_category(
    session: Session, actor: Actor, category_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> ProductCategory:
    """Rename a category or hang it elsewhere in the tree."""
    row = access.fetch(session, actor, ProductCategory, category_id, action=Action.EDIT)
    changes.apply_edit(row, version=version, base=base, mine=checks.only(mine, CATEGORY_FIELDS))
    _check_category(session, row)
    session.flush()
    return row


def delete_category(session: Session, actor: Actor, category_id: int) -> None:
    """Put an empty category into the bin."""
    row = access.fetch(session, actor, ProductCategory, category_id, action=Action.DELETE)
    inside = select(func.count()).where(Product.category_id == row.id, Product.deleted_at.is_(None))
    below = select(func.count()).where(ProductCategory.parent_id == row.id, ProductCategory.deleted_at.is_(None))
    count = (session.scalar(inside) or 0) + (session.scalar(below) or 0)
    if count:
        message = N_("There are {count} products or categories in “{name}”. Move them first.")
        raise CrmError(message, count=count, name=row.name)
    row.deleted_at = clock.now()
    session.flush()


def _check(session: Session, row: Product) -> None:
    with session.no_autoflush:
        checks.all_of(
            lambda: checks.filled(row, "sku"),
            lambda: checks.filled(row, "name"),
            lambda: checks.short_enough(row),
            lambda: checks.unique(session, row, "sku"),
            lambda: checks.not_negative(row, "list_price_e4"),
            lambda: checks.not_negative(row, "unit_cost_e4"),
            lambda: checks.ordered(row, "launched_on", "retired_on"),
            lambda: _known_category(session, row.category_id, field="category_id"),
        )


def _check_category(session: Session, row: ProductCategory) -> None:
    with session.no_autoflush:
        checks.all_of(
            lambda: checks.filled(row, "name"),
            lambda: checks.short_enough(row),
            lambda: _known_category(session, row.parent_id, field="parent_id"),
            lambda: _not_own_parent(session, row),
        )


def _known_category(session: Session, category_id: int | None, *, field: str) -> None:
    found = session.get(ProductCategory, category_id) if category_id is not None else None
    if category_id is not None and (found is None or found.deleted_at is not None):
        raise InvalidError(N_("This category does not exist any more. Choose another."), field=field)


def _not_own_parent(session: Session, row: ProductCategory) -> None:
    seen, parent_id = {row.id}, row.parent_id
    while parent_id is not None:
        if parent_id in seen:
            raise InvalidError(N_("A category cannot be above itself. Choose another parent."), field="parent_id")
        seen.add(parent_id)
        parent_id = session.scalar(select(ProductCategory.parent_id).where(ProductCategory.id == parent_id))
