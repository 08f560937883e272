"""Opportunities as the screens show them: the list, the record with all that belongs to it, and look-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import (
    Activity,
    Contact,
    Contract,
    Customer,
    Opportunity,
    OpportunityEvent,
    OpportunityLine,
    Product,
    Stage,
    StageStay,
    User,
)
from crm_data.queries.listing import Offer, Page, Wanted, contains, page_of

_NEVER = date(9999, 12, 31)
SEARCHED = Opportunity.search_text + "\n" + Customer.search_text
OFFER = Offer(
    searched=SEARCHED,
    filters={
        "id": Opportunity.id,
        "stage": Opportunity.stage_id,
        "outcome": Opportunity.outcome,
        "owner": Opportunity.owner_id,
        "forecast": Opportunity.forecast_category,
        "reason": Opportunity.lost_reason,
        "source": Opportunity.source,
        "customer": Opportunity.customer_id,
    },
    sorts={
        "updated": Opportunity.updated_at,
        "name": Opportunity.name,
        "amount": func.coalesce(Opportunity.amount, -1),
        "expected": func.coalesce(Opportunity.expected_close_on, _NEVER),
        "opened": Opportunity.opened_on,
        "closed": func.coalesce(Opportunity.closed_on, _NEVER),
    },
    key=Opportunity.id,
)


@dataclass(frozen=True)
class Record:
    """One opportunity with the names of what it points to, and what was made of it."""

    row: Opportunity
    stage: Stage
    customer: str
    owner: str | None
    contact: str | None
    contract_id: int | None
    contract_number: str | None


def listing(session: Session, actor: Actor, *, wanted: Wanted) -> Page:
    """Give one page: id, name, number, customer_id, customer, stage, outcome, amount, currency, probability,
    expected_close_on, closed_on, forecast_category, owner, next_step, next_step_on, updated_at.
    """
    owner = aliased(User)
    own = (
        "id", "name", "number", "customer_id", "outcome", "amount", "currency", "probability", "expected_close_on",
        "closed_on", "forecast_category", "next_step", "next_step_on", "updated_at",
    )  # fmt: skip
    columns = (
        select(*(getattr(Opportunity, name) for name in own), Customer.name.label("customer"),
               Stage.name.label("stage"), owner.name.label("owner"))
        .join(Customer, Customer.id == Opportunity.customer_id)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .outerjoin(owner, owner.id == Opportunity.owner_id)
    )  # fmt: skip
    return page_of(session, access.visible(actor, columns, Opportunity), wanted=wanted, offer=OFFER)


def record(session: Session, actor: Actor, opportunity_id: int) -> Record:
    """Give one opportunity; raises NotFoundError where there is none for the actor."""
    row = access.fetch(session, actor, Opportunity, opportunity_id)
    made = access.visible(actor, select(Contract.id, Contract.number), Contract)
    contract = session.execute(made.where(Contract.opportunity_id == row.id).order_by(Contract.id)).first()
    return Record(
        row=row,
        stage=session.get_one(Stage, row.stage_id),
        customer=session.scalars(select(Customer.name).where(Customer.id == row.customer_id)).one(),
        owner=session.scalar(select(User.name).where(User.id == row.owner_id)),
        contact=session.scalar(select(Contact.name).where(Contact.id == row.contact_id)),
        contract_id=contract.id if contract else None,
        contract_number=contract.number if contract else None,
    )


def lines(session: Session, actor: Actor, opportunity_id: int) -> pl.DataFrame:
    """Give the lines: id, version, product_id, product, sku, quantity_e3, unit_price_e4, discount_bp, amount."""
    own = ("id", "version", "product_id", "quantity_e3", "unit_price_e4", "discount_bp", "amount")
    columns = select(
        *(getattr(OpportunityLine, name) for name in own), Product.name.label("product"), Product.sku.label("sku")
    ).join(Product, Product.id == OpportunityLine.product_id)
    wanted = access.visible(actor, columns, OpportunityLine).where(OpportunityLine.opportunity_id == opportunity_id)
    return read_frame(session.connection(), wanted.order_by(OpportunityLine.id))


def stays(session: Session, actor: Actor, opportunity_id: int) -> pl.DataFrame:
    """Give the stays in the stages, oldest first: stage_id, stage, entered_on, left_on (null where it is now)."""
    columns = select(
        StageStay.stage_id, Stage.name.label("stage"), StageStay.entered_on, StageStay.left_on, StageStay.left_at
    ).join(Stage, Stage.id == StageStay.stage_id)
    wanted = access.visible(actor, columns, StageStay).where(StageStay.opportunity_id == opportunity_id)
    return read_frame(session.connection(), wanted.order_by(StageStay.id))


def events(session: Session, actor: Actor, opportunity_id: int) -> pl.DataFrame:
    """Give what changed, newest first: kind, old, new (texts as stored), on, at, user."""
    columns = select(
        OpportunityEvent.kind,
        OpportunityEvent.old,
        OpportunityEvent.new,
        OpportunityEvent.on,
        OpportunityEvent.at,
        User.name.label("user"),
    ).outerjoin(User, User.id == OpportunityEvent.user_id)
    wanted = access.visible(actor, columns, OpportunityEvent).where(OpportunityEvent.opportunity_id == opportunity_id)
    return read_frame(session.connection(), wanted.order_by(OpportunityEvent.id.desc()))


def activities(session: Session, actor: Actor, opportunity_id: int, *, limit: int = 100) -> list[Activity]:
    """Give what passed about an opportunity, newest first."""
    wanted = access.visible(actor, select(Activity), Activity).where(Activity.opportunity_id == opportunity_id)
    return list(session.scalars(wanted.order_by(Activity.at.desc(), Activity.id.desc()).limit(limit)))


def sources(session: Session, actor: Actor) -> list[str]:
    """Give the sources in use, in order."""
    wanted = access.visible(actor, select(Opportunity.source).distinct(), Opportunity)
    found = session.scalars(wanted.where(Opportunity.source.is_not(None)).order_by(Opportunity.source).limit(500))
    return [source for source in found if source]


def choices(
    session: Session, actor: Actor, *, search: str = "", customer_id: int | None = None, limit: int = 20
) -> dict[int, str]:
    """Give opportunities whose texts contain what was typed, by key: the choices of a look-up."""
    columns = select(Opportunity.id, Opportunity.number, Opportunity.name)
    wanted = access.visible(actor, columns.join(Customer, Customer.id == Opportunity.customer_id), Opportunity)
    if search.strip():
        wanted = wanted.where(contains(SEARCHED, search))
    if customer_id is not None:
        wanted = wanted.where(Opportunity.customer_id == customer_id)
    found = session.execute(wanted.order_by(Opportunity.updated_at.desc(), Opportunity.id.desc()).limit(limit))
    return {row.id: f"{row.number} {row.name}" for row in found}
