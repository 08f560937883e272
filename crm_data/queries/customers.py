"""Customers as the screens show them: the list, the record, its timeline and look-ups."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import (
    Activity,
    Consent,
    Contact,
    Contract,
    Customer,
    LifecycleMove,
    Opportunity,
    Stage,
    Task,
    User,
)
from crm_data.queries.listing import Offer, Page, Wanted, contains, page_of

OFFER = Offer(
    searched=Customer.search_text,
    filters={
        "kind": Customer.kind,
        "stage": Customer.stage,
        "category": Customer.category,
        "tier": Customer.tier,
        "region": Customer.region,
        "industry": Customer.industry,
        "owner": Customer.owner_id,
        "source": Customer.source,
    },
    sorts={"updated": Customer.updated_at, "name": Customer.name, "acquired": Customer.acquired_on},
    key=Customer.id,
)
# The columns whose values a company chooses itself: their choices are what is in use.
FREE = ("category", "tier", "industry", "region", "city", "source")
_SHOWN = 100


def listing(session: Session, actor: Actor, *, wanted: Wanted) -> Page:
    """Give one page of customers: id, name, code, kind, stage, category, region, city, phone, owner, updated_at."""
    owner = aliased(User)
    columns = select(
        Customer.id,
        Customer.name,
        Customer.code,
        Customer.kind,
        Customer.stage,
        Customer.category,
        Customer.region,
        Customer.city,
        Customer.phone,
        owner.name.label("owner"),
        Customer.updated_at,
    ).outerjoin(owner, owner.id == Customer.owner_id)
    return page_of(session, access.visible(actor, columns, Customer), wanted=wanted, offer=OFFER)


def record(session: Session, actor: Actor, customer_id: int) -> Customer:
    """Give one customer; raises NotFoundError where there is none for the actor."""
    return access.fetch(session, actor, Customer, customer_id)


def choices(session: Session, actor: Actor, *, search: str = "", limit: int = 20) -> dict[int, str]:
    """Give customers whose texts contain what was typed, by key: the choices of a look-up."""
    wanted = access.visible(actor, select(Customer.id, Customer.name), Customer)
    if search.strip():
        wanted = wanted.where(contains(Customer.search_text, search))
    return dict(session.execute(wanted.order_by(Customer.name, Customer.id).limit(limit)).all())


def in_use(session: Session, actor: Actor, *, column: str) -> list[str]:
    """Give the values in use of a column that the company fills freely, in order."""
    if column not in FREE:
        raise KeyError(column)
    field: Any = getattr(Customer, column)
    wanted = access.visible(actor, select(field).distinct(), Customer).where(field.is_not(None)).order_by(field)
    return list(session.scalars(wanted.limit(500)))


def tags_in_use(session: Session, actor: Actor) -> list[str]:
    """Give the tags in use, in order."""
    # As text: PostgreSQL cannot tell whether two lists are the same.
    listed = access.visible(actor, select(cast(Customer.tags, Text)), Customer).distinct().limit(2_000)
    return sorted({tag for row in session.scalars(listed) for tag in json.loads(row or "null") or []})


def contacts(session: Session, actor: Actor, customer_id: int) -> list[Contact]:
    """Give the contacts at a customer, the primary one first."""
    wanted = access.visible(actor, select(Contact), Contact).where(Contact.customer_id == customer_id)
    return list(session.scalars(wanted.order_by(Contact.primary.desc(), Contact.name, Contact.id)))


def moves(session: Session, actor: Actor, customer_id: int) -> pl.DataFrame:
    """Give a customer's steps through the life cycle, newest first: at, from_stage, to_stage, reason, user."""
    wanted = (
        access.visible(actor, select(LifecycleMove.at, LifecycleMove.from_stage, LifecycleMove.to_stage,
                                     LifecycleMove.reason, User.name.label("user")), LifecycleMove)
        .outerjoin(User, User.id == LifecycleMove.user_id)
        .where(LifecycleMove.customer_id == customer_id)
        .order_by(LifecycleMove.at.desc(), LifecycleMove.id.desc())
    )  # fmt: skip
    return read_frame(session.connection(), wanted)


def consents(session: Session, actor: Actor, customer_id: int) -> list[Consent]:
    """Give what a customer agreed to or withdrew, newest first."""
    wanted = access.visible(actor, select(Consent), Consent).where(Consent.customer_id == customer_id)
    return list(session.scalars(wanted.order_by(Consent.at.desc(), Consent.id.desc())))


def counts(session: Session, actor: Actor, customer_id: int) -> Mapping[str, int]:
    """Count what hangs on a customer and may be seen, by table: the numbers on the record's tabs."""
    found = {}
    models: tuple[Any, ...] = (Contact, Activity, Task, Opportunity, Contract)
    for model in models:
        wanted = access.visible(actor, select(func.count()).select_from(model), model)
        found[model.__tablename__] = int(session.scalar(wanted.where(model.customer_id == customer_id)) or 0)
    return found


def opportunities_of(session: Session, actor: Actor, customer_id: int) -> pl.DataFrame:
    """Give a customer's opportunities, open ones first: id, name, stage, amount, currency, expected_close_on."""
    columns = (Opportunity.id, Opportunity.name, Stage.name.label("stage"), Opportunity.amount, Opportunity.currency)
    wanted = (
        access.visible(actor, select(*columns, Opportunity.expected_close_on), Opportunity)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .where(Opportunity.customer_id == customer_id)
        .order_by(Opportunity.closed_on.is_not(None), Opportunity.expected_close_on, Opportunity.id)
        .limit(_SHOWN)
    )  # fmt: skip
    return read_frame(session.connection(), wanted)


def contracts_of(session: Session, actor: Actor, customer_id: int) -> pl.DataFrame:
    """Give a customer's contracts, newest first: id, number, title, kind, status, days, amount, currency."""
    columns = (Contract.id, Contract.number, Contract.title, Contract.kind, Contract.status, Contract.signed_on)
    wanted = (
        access.visible(actor, select(*columns, Contract.ends_on, Contract.amount, Contract.currency), Contract)
        .where(Contract.customer_id == customer_id)
        .order_by(Contract.signed_on.desc(), Contract.id.desc())
        .limit(_SHOWN)
    )  # fmt: skip
    return read_frame(session.connection(), wanted)
