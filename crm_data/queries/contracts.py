"""Contracts as the screens show them: the list, the record with all that hangs on it, and what runs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import (
    Contract,
    ContractLine,
    Customer,
    Instalment,
    Milestone,
    Opportunity,
    Product,
    Receipt,
    User,
)
from crm_data.queries.listing import Offer, Page, Wanted, contains, page_of
from crm_data.terms import today
from crm_data.vocabulary import ContractKind, ContractStatus

_NEVER = date(9999, 12, 31)
SEARCHED = Contract.search_text + "\n" + Customer.search_text
OFFER = Offer(
    searched=SEARCHED,
    filters={
        "id": Contract.id,
        "kind": Contract.kind,
        "status": Contract.status,
        "owner": Contract.owner_id,
        "region": Contract.region,
        "customer": Contract.customer_id,
    },
    sorts={
        "updated": Contract.updated_at,
        "title": Contract.title,
        "amount": Contract.amount,
        "signed": func.coalesce(Contract.signed_on, _NEVER),
        "ends": func.coalesce(Contract.ends_on, _NEVER),
    },
    key=Contract.id,
)


@dataclass(frozen=True)
class Record:
    """One contract with the names of what it points to and its place in the chain of renewals."""

    row: Contract
    customer: str
    owner: str | None
    opportunity: str | None
    renews: str | None
    renewed_by: tuple[int, str] | None


def listing(session: Session, actor: Actor, *, wanted: Wanted) -> Page:
    """Give one page: id, number, title, kind, status, customer_id, customer, amount, currency, signed_on, starts_on,
    ends_on, owner, updated_at.
    """
    owner = aliased(User)
    own = (
        "id", "number", "title", "kind", "status", "customer_id", "amount", "currency", "signed_on", "starts_on",
        "ends_on", "updated_at",
    )  # fmt: skip
    columns = (
        select(*(getattr(Contract, name) for name in own), Customer.name.label("customer"), owner.name.label("owner"))
        .join(Customer, Customer.id == Contract.customer_id)
        .outerjoin(owner, owner.id == Contract.owner_id)
    )
    return page_of(session, access.visible(actor, columns, Contract), wanted=wanted, offer=OFFER)


def record(session: Session, actor: Actor, contract_id: int) -> Record:
    """Give one contract; raises NotFoundError where there is none for the actor."""
    row = access.fetch(session, actor, Contract, contract_id)
    visible = access.visible(actor, select(Contract.id, Contract.number), Contract)
    follows = session.execute(visible.where(Contract.renews_id == row.id).order_by(Contract.id)).first()
    won = access.visible(actor, select(Opportunity.number), Opportunity).where(Opportunity.id == row.opportunity_id)
    before = access.visible(actor, select(Contract.number), Contract).where(Contract.id == row.renews_id)
    return Record(
        row=row,
        customer=session.scalars(select(Customer.name).where(Customer.id == row.customer_id)).one(),
        owner=session.scalar(select(User.name).where(User.id == row.owner_id)),
        opportunity=session.scalar(won),
        renews=session.scalar(before),
        renewed_by=(follows.id, follows.number) if follows else None,
    )


def lines(session: Session, actor: Actor, contract_id: int) -> pl.DataFrame:
    """Give the lines: id, version, product_id, product, sku, quantity_e3, unit_price_e4, discount_bp, unit_cost_e4,
    amount.
    """
    own = ("id", "version", "product_id", "quantity_e3", "unit_price_e4", "discount_bp", "unit_cost_e4", "amount")
    columns = select(
        *(getattr(ContractLine, name) for name in own), Product.name.label("product"), Product.sku.label("sku")
    ).join(Product, Product.id == ContractLine.product_id)
    wanted = access.visible(actor, columns, ContractLine).where(ContractLine.contract_id == contract_id)
    return read_frame(session.connection(), wanted.order_by(ContractLine.id))


def milestones(session: Session, actor: Actor, contract_id: int) -> Sequence[Milestone]:
    """Give what we owe under a contract, in the order it is due."""
    wanted = access.visible(actor, select(Milestone), Milestone).where(Milestone.contract_id == contract_id)
    return session.scalars(wanted.order_by(Milestone.due_on, Milestone.id)).all()


def instalments(session: Session, actor: Actor, contract_id: int) -> Sequence[Instalment]:
    """Give what is due to us under a contract, in the order it is due."""
    wanted = access.visible(actor, select(Instalment), Instalment).where(Instalment.contract_id == contract_id)
    return session.scalars(wanted.order_by(Instalment.due_on, Instalment.id)).all()


def receipts(session: Session, actor: Actor, contract_id: int) -> Sequence[Receipt]:
    """Give what came in for a contract, newest first."""
    wanted = access.visible(actor, select(Receipt), Receipt).where(Receipt.contract_id == contract_id)
    return session.scalars(wanted.order_by(Receipt.received_on.desc(), Receipt.id.desc())).all()


def counts(session: Session, actor: Actor, contract_id: int) -> dict[str, int]:
    """Count what hangs on a contract, by table: the numbers on the record's tabs."""
    models: tuple[Any, ...] = (ContractLine, Milestone, Instalment, Receipt)
    return {
        model.__tablename__: int(
            session.scalar(
                access.visible(actor, select(func.count()).select_from(model), model).where(
                    model.contract_id == contract_id
                )
            )
            or 0
        )
        for model in models
    }


def renewals_due(session: Session, actor: Actor, *, days: int, limit: int = 50) -> pl.DataFrame:
    """Give running agreements that end within so many days, or did, without a successor, soonest first: id, number,
    title, customer_id, customer, amount, currency, ends_on, notice_on, auto_renewal, owner.
    """
    successor = aliased(Contract)
    owner = aliased(User)
    own = ("id", "number", "title", "customer_id", "amount", "currency", "ends_on", "notice_on", "auto_renewal")
    columns = (
        select(*(getattr(Contract, name) for name in own), Customer.name.label("customer"), owner.name.label("owner"))
        .join(Customer, Customer.id == Contract.customer_id)
        .outerjoin(owner, owner.id == Contract.owner_id)
        .outerjoin(successor, (successor.renews_id == Contract.id) & successor.deleted_at.is_(None))
        .where(
            Contract.kind == ContractKind.AGREEMENT,
            Contract.status == ContractStatus.ACTIVE,
            Contract.ends_on <= today(session) + timedelta(days=days),
            successor.id.is_(None),
        )
    )
    wanted = access.visible(actor, columns, Contract).order_by(Contract.ends_on, Contract.id).limit(limit)
    return read_frame(session.connection(), wanted)


def regions(session: Session, actor: Actor) -> list[str]:
    """Give the regions in use, in order."""
    wanted = access.visible(actor, select(Contract.region).distinct(), Contract)
    found = session.scalars(wanted.where(Contract.region.is_not(None)).order_by(Contract.region).limit(500))
    return [region for region in found if region]


def choices(
    session: Session, actor: Actor, *, search: str = "", customer_id: int | None = None, limit: int = 20
) -> dict[int, str]:
    """Give contracts whose texts contain what was typed, by key: the choices of a look-up."""
    columns = select(Contract.id, Contract.number, Contract.title)
    wanted = access.visible(actor, columns.join(Customer, Customer.id == Contract.customer_id), Contract)
    if search.strip():
        wanted = wanted.where(contains(SEARCHED, search))
    if customer_id is not None:
        wanted = wanted.where(Contract.customer_id == customer_id)
    found = session.execute(wanted.order_by(Contract.updated_at.desc(), Contract.id.desc()).limit(limit))
    return {row.id: f"{row.number} {row.title}" for row in found}
