"""The catalogue as the screens show it: products, the tree of categories and look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import Product, ProductCategory
from crm_data.queries.listing import Offer, Page, Wanted, contains, page_of
from crm_data.terms import today

OFFER = Offer(
    searched=Product.search_text,
    filters={"category": Product.category_id},
    sorts={
        "name": Product.name,
        "sku": Product.sku,
        "price": func.coalesce(Product.list_price_e4, -1),
        "launched": func.coalesce(Product.launched_on, date(1, 1, 1)),
        "updated": Product.updated_at,
    },
    key=Product.id,
)


@dataclass(frozen=True)
class Branch:
    """A category with its place in the tree: how deep, its path of names, and how many products are right in it."""

    row: ProductCategory
    depth: int
    path: str
    products: int


def listing(session: Session, actor: Actor, *, wanted: Wanted, retired: bool = False) -> Page:
    """Give one page of what is sold, or with `retired` of what is not any more: id, name, sku, category, unit,
    list_price_e4, unit_cost_e4, launched_on, retired_on.
    """
    own = ("id", "name", "sku", "unit", "list_price_e4", "unit_cost_e4", "launched_on", "retired_on")
    columns = select(*(getattr(Product, name) for name in own), ProductCategory.name.label("category")).outerjoin(
        ProductCategory, ProductCategory.id == Product.category_id
    )
    gone = Product.retired_on <= today(session)
    narrowed = columns.where(gone) if retired else columns.where(or_(Product.retired_on.is_(None), ~gone))
    return page_of(session, access.visible(actor, narrowed, Product), wanted=wanted, offer=OFFER)


def record(session: Session, actor: Actor, product_id: int) -> Product:
    """Give one product; raises NotFoundError where there is none for the actor."""
    return access.fetch(session, actor, Product, product_id)


def tree(session: Session, actor: Actor) -> list[Branch]:
    """Give the categories as a tree, each below its parent and in order of name."""
    rows = session.scalars(access.visible(actor, select(ProductCategory), ProductCategory)).all()
    inside = select(Product.category_id, func.count().label("count")).where(Product.category_id.is_not(None))
    counted = access.visible(actor, inside, Product).group_by(Product.category_id)
    counts = {row.category_id: int(row[1]) for row in session.execute(counted)}
    known = {row.id for row in rows}
    below: dict[int | None, list[ProductCategory]] = {}
    for row in sorted(rows, key=lambda each: (each.name, each.id)):
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    return _branches(below, None, depth=0, path="", counts=counts)


def category_choices(session: Session, actor: Actor) -> dict[int, str]:
    """Give the categories with their paths, by key: the choices of a product's category."""
    return {branch.row.id: branch.path for branch in tree(session, actor)}


def choices(session: Session, actor: Actor, *, search: str = "", limit: int = 500) -> dict[int, str]:
    """Give what is sold now, by key: the choices of a line."""
    columns = select(Product.id, Product.sku, Product.name)
    wanted = access.visible(actor, columns, Product).where(
        or_(Product.retired_on.is_(None), Product.retired_on > today(session))
    )
    if search.strip():
        wanted = wanted.where(contains(Product.search_text, search))
    return {row.id: f"{row.name} · {row.sku}" for row in session.execute(wanted.order_by(Product.name).limit(limit))}


def _branches(
    below: Mapping[int | None, list[ProductCategory]], parent: int | None, *, depth: int, path: str,
    counts: Mapping[int, int],
) -> list[Branch]:  # fmt: skip
    found = []
    for row in below.get(parent, []):
        name = f"{path} › {row.name}" if path else row.name
        found.append(Branch(row, depth, name, counts.get(row.id, 0)))
        found += _branches(below, row.id, depth=depth + 1, path=name, counts=counts)
    return found
