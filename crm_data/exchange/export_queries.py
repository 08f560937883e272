"""The rows behind an export, under the names of the import's fields; amounts still in the units of the database."""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import (
    Contact,
    Contract,
    ContractLine,
    Customer,
    Opportunity,
    OpportunityLine,
    Product,
    ProductCategory,
    Stage,
    User,
)
from crm_data.vocabulary import Action, ContractKind

_SAME = (
    "name", "code", "kind", "category", "tier", "stage", "industry", "region", "city", "address", "phone", "email",
    "website", "source", "tags", "gender", "birth_date", "income_band", "education", "employees", "annual_revenue",
)  # fmt: skip


def customers(session: Session, actor: Actor) -> pl.DataFrame:
    """Read customers; a parent is named only to those who may see it."""
    parent = aliased(Customer)
    seen = select(Customer.id).where(access.covered(actor, Customer, Action.VIEW), Customer.deleted_at.is_(None))
    wanted = select(
        *(getattr(Customer, name) for name in _SAME),
        _called(parent).label("parent"),
        User.username.label("owner"),
        Customer.acquired_on.label("created"),
    )
    joined = wanted.outerjoin(parent, and_(parent.id == Customer.parent_id, parent.id.in_(seen)))
    read = _read(session, actor, joined.outerjoin(User, User.id == Customer.owner_id), Customer)
    return read.with_columns(pl.col("tags").str.json_decode(pl.List(pl.String)))


def contacts(session: Session, actor: Actor) -> pl.DataFrame:
    """Read contacts."""
    names = ("name", "title", "department", "role", "phone", "email", "birthday", "primary")
    wanted = select(_called(Customer).label("customer"), *(getattr(Contact, name) for name in names))
    return _read(session, actor, wanted.join(Customer, Customer.id == Contact.customer_id), Contact)


def products(session: Session, actor: Actor) -> pl.DataFrame:
    """Read products."""
    wanted = select(
        Product.sku,
        Product.name,
        ProductCategory.name.label("category"),
        Product.list_price_e4.label("list_price"),
        Product.unit_cost_e4.label("unit_cost"),
        Product.unit,
        Product.launched_on.label("launched"),
        Product.retired_on.label("retired"),
    )
    joined = wanted.outerjoin(ProductCategory, ProductCategory.id == Product.category_id)
    return _read(session, actor, joined, Product)


def opportunities(session: Session, actor: Actor) -> pl.DataFrame:
    """Read opportunities; one with a single line has its product and quantity, a set probability its number."""
    only = (
        select(
            OpportunityLine.opportunity_id,
            func.min(OpportunityLine.product_id).label("product_id"),
            func.min(OpportunityLine.quantity_e3).label("quantity"),
        )
        .where(OpportunityLine.deleted_at.is_(None))
        .group_by(OpportunityLine.opportunity_id)
        .having(func.count() == 1)
        .subquery()
    )
    wanted = select(
        _called(Customer).label("customer"),
        Stage.name.label("stage"),
        Opportunity.name,
        Opportunity.number,
        User.username.label("owner"),
        Opportunity.amount,
        case((Opportunity.probability_set, Opportunity.probability)).label("probability"),
        Product.sku.label("product"),
        only.c.quantity,
        Opportunity.opened_on.label("opened"),
        Opportunity.expected_close_on.label("expected_close"),
        Opportunity.closed_on.label("closed"),
        Opportunity.lost_reason,
        Opportunity.source,
        Opportunity.currency,
    )
    joined = wanted.join(Customer, Customer.id == Opportunity.customer_id).join(Stage, Stage.id == Opportunity.stage_id)
    joined = joined.outerjoin(User, User.id == Opportunity.owner_id).outerjoin(
        only, only.c.opportunity_id == Opportunity.id
    )
    return _read(session, actor, joined.outerjoin(Product, Product.id == only.c.product_id), Opportunity)


def purchases(session: Session, actor: Actor) -> pl.DataFrame:
    """Read the lines of one-off sales."""
    wanted = select(
        Contract.number,
        _called(Customer).label("customer"),
        Contract.signed_on.label("date"),
        Product.sku,
        ContractLine.quantity_e3.label("quantity"),
        ContractLine.unit_price_e4.label("unit_price"),
        Product.name.label("product"),
        ProductCategory.name.label("category"),
        ContractLine.unit_cost_e4.label("unit_cost"),
        ContractLine.discount_bp.label("discount"),
        Contract.region,
        Contract.currency,
    )
    joined = wanted.join(Contract, Contract.id == ContractLine.contract_id)
    joined = joined.join(Customer, Customer.id == Contract.customer_id).join(
        Product, Product.id == ContractLine.product_id
    )
    joined = joined.outerjoin(ProductCategory, ProductCategory.id == Product.category_id)
    sold = joined.where(Contract.kind == ContractKind.SALE, Contract.deleted_at.is_(None))
    return _read(session, actor, sold, ContractLine)


def contracts(session: Session, actor: Actor) -> pl.DataFrame:
    """Read contracts, one-off sales and agreements."""
    wanted = select(
        Contract.number,
        _called(Customer).label("customer"),
        Contract.signed_on.label("signed"),
        Contract.title,
        Contract.kind,
        Contract.amount,
        Contract.starts_on.label("start"),
        Contract.ends_on.label("end"),
        Contract.status,
        User.username.label("owner"),
        Contract.currency,
    )
    joined = wanted.join(Customer, Customer.id == Contract.customer_id)
    return _read(session, actor, joined.outerjoin(User, User.id == Contract.owner_id), Contract)


def _called(customer: Any) -> Any:
    return func.coalesce(customer.code, customer.name)


def _read(session: Session, actor: Actor, statement: Any, model: Any) -> pl.DataFrame:
    """Read what the actor may both see and export, in the order in which it was added."""
    seen = access.visible(actor, statement, model).where(access.covered(actor, model, Action.EXPORT))
    return read_frame(session.connection(), seen.order_by(model.id))
