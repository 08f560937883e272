"""Campaigns as the screens show them: list and calendar, the record, its members, variants and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, Select, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import Campaign, CampaignCost, CampaignMember, CampaignVariant, Customer, Product, User
from crm_data.queries.listing import Offer, Page, Wanted, narrow, page_of
from crm_data.vocabulary import MemberState

MOST_AT_ONCE = 100_000
OFFER = Offer(
    searched=Campaign.search_text,
    filters={
        "id": Campaign.id,
        "status": Campaign.status,
        "kind": Campaign.kind,
        "objective": Campaign.objective,
        "channel": Campaign.channel,
        "owner": Campaign.owner_id,
    },
    sorts={
        "starts": Campaign.starts_on,
        "name": Campaign.name,
        "budget": Campaign.budget,
        "updated": Campaign.updated_at,
    },
    key=Campaign.id,
)
MEMBERS = Offer(
    searched=Customer.search_text,
    filters={
        "state": CampaignMember.state,
        "control": CampaignMember.control,
        "variant": CampaignMember.variant_id,
    },
    sorts={"name": Customer.name, "updated": CampaignMember.updated_at},
    key=CampaignMember.id,
)


@dataclass(frozen=True)
class Record:
    """One campaign with the names of what it points to."""

    row: Campaign
    owner: str | None
    product: str | None


def listing(session: Session, actor: Actor, *, wanted: Wanted) -> Page:
    """Give one page: id, name, kind, objective, channel, status, starts_on, ends_on, budget, currency, cost, members,
    responded, owner.

    `members` leaves the control group out; `responded` counts members who reached responded or later.
    """
    owner = aliased(User)
    own = ("id", "name", "kind", "objective", "channel", "status", "starts_on", "ends_on", "budget", "currency")
    cost = select(cast(func.sum(CampaignCost.amount), BigInteger)).where(CampaignCost.campaign_id == Campaign.id)
    columns = select(
        *(getattr(Campaign, name) for name in own),
        access.visible(actor, cost, CampaignCost).correlate(Campaign).scalar_subquery().label("cost"),
        _count_of(actor).label("members"),
        _count_of(actor, or_(CampaignMember.responded_at.is_not(None), CampaignMember.converted_at.is_not(None))).label(
            "responded"
        ),
        owner.name.label("owner"),
    ).outerjoin(owner, owner.id == Campaign.owner_id)
    return page_of(session, access.visible(actor, columns, Campaign), wanted=wanted, offer=OFFER)


def record(session: Session, actor: Actor, campaign_id: int) -> Record:
    """Give one campaign; raises NotFoundError where there is none for the actor."""
    row = access.fetch(session, actor, Campaign, campaign_id)
    product = access.visible(actor, select(Product.name), Product).where(Product.id == row.product_id)
    return Record(
        row=row,
        owner=session.scalar(select(User.name).where(User.id == row.owner_id)),
        product=session.scalar(product),
    )


def calendar(session: Session, actor: Actor, *, first: date, last: date) -> pl.DataFrame:
    """Give the campaigns that run on any day between two days: id, name, kind, status, starts_on, ends_on, owner."""
    own = ("id", "name", "kind", "status", "starts_on", "ends_on")
    columns = select(*(getattr(Campaign, name) for name in own), User.name.label("owner"))
    wanted = access.visible(actor, columns.outerjoin(User, User.id == Campaign.owner_id), Campaign)
    wanted = wanted.where(Campaign.starts_on <= last, Campaign.ends_on >= first)
    return read_frame(session.connection(), wanted.order_by(Campaign.starts_on, Campaign.id).limit(200))


def members(session: Session, actor: Actor, campaign_id: int, *, wanted: Wanted) -> Page:
    """Give one page of members whose names may be seen: id, customer_id, customer, state, control, variant, and the
    time of each step.
    """
    steps = [f"{state.value}_at" for state in MemberState]
    columns = (
        select(
            *(getattr(CampaignMember, name) for name in ("id", "customer_id", "state", "control", *steps)),
            Customer.name.label("customer"),
            CampaignVariant.name.label("variant"),
        )
        .join(Customer, Customer.id == CampaignMember.customer_id)
        .outerjoin(CampaignVariant, CampaignVariant.id == CampaignMember.variant_id)
    )
    return page_of(session, _of(actor, columns, campaign_id), wanted=wanted, offer=MEMBERS)


def member_ids(session: Session, actor: Actor, campaign_id: int, *, wanted: Wanted) -> list[int]:
    """Give the keys of all members that a search and filters find, not only those of the page."""
    columns = select(CampaignMember.id).join(Customer, Customer.id == CampaignMember.customer_id)
    found = narrow(_of(actor, columns, campaign_id), wanted=wanted, offer=MEMBERS)
    return list(session.scalars(found.order_by(CampaignMember.id).limit(MOST_AT_ONCE)))


def steps(session: Session, actor: Actor, campaign_id: int) -> pl.DataFrame:
    """Count a campaign's members: control, variant, members, and how many took each step (sent … bounced).

    One row a variant (null where there are none), one for the control group.
    """
    counted = [func.count(getattr(CampaignMember, f"{state.value}_at")).label(state.value) for state in MemberState][1:]
    columns: Any = (
        select(CampaignMember.control, CampaignVariant.name.label("variant"), func.count().label("members"), *counted)
        .outerjoin(CampaignVariant, CampaignVariant.id == CampaignMember.variant_id)
        .where(CampaignMember.campaign_id == campaign_id)
        .group_by(CampaignMember.control, CampaignVariant.name)
        .order_by(CampaignMember.control, CampaignVariant.name)
    )
    return read_frame(session.connection(), access.visible(actor, columns, CampaignMember))


def costs(session: Session, actor: Actor, campaign_id: int) -> pl.DataFrame:
    """Give what was spent on a campaign, newest first: id, version, spent_on, purpose, amount."""
    columns = select(
        CampaignCost.id, CampaignCost.version, CampaignCost.spent_on, CampaignCost.purpose, CampaignCost.amount
    ).where(CampaignCost.campaign_id == campaign_id)
    wanted = access.visible(actor, columns, CampaignCost)
    return read_frame(session.connection(), wanted.order_by(CampaignCost.spent_on.desc(), CampaignCost.id.desc()))


def variants(session: Session, actor: Actor, campaign_id: int) -> Sequence[CampaignVariant]:
    """Give the variants of a campaign in order."""
    wanted = access.visible(actor, select(CampaignVariant), CampaignVariant)
    return session.scalars(wanted.where(CampaignVariant.campaign_id == campaign_id).order_by(CampaignVariant.id)).all()


def choices(session: Session, actor: Actor) -> dict[int, str]:
    """Give the names of the campaigns by key, the newest first."""
    wanted = access.visible(actor, select(Campaign.id, Campaign.name), Campaign)
    rows = session.execute(wanted.order_by(Campaign.starts_on.desc(), Campaign.id.desc()).limit(500))
    return {row.id: row.name for row in rows}


def _count_of(actor: Actor, condition: Any = None) -> Any:
    wanted = select(func.count()).where(
        CampaignMember.campaign_id == Campaign.id,
        CampaignMember.control.is_(False),
        *([] if condition is None else [condition]),
    )
    return access.visible(actor, wanted, CampaignMember).correlate(Campaign).scalar_subquery()


def _of(actor: Actor, columns: Select[Any], campaign_id: int) -> Select[Any]:
    narrowed = access.visible(actor, columns.where(CampaignMember.campaign_id == campaign_id), CampaignMember)
    return access.visible(actor, narrowed, Customer)
