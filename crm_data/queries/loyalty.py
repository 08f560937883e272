"""The loyalty programme as the screens show it: tiers, members, and the ledger of one customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import Contract, Customer, LoyaltyEntry, LoyaltyTier, User
from crm_data.queries.listing import Offer, Page, Wanted, page_of
from crm_data.terms import today
from crm_data.vocabulary import LoyaltyEntryKind

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Standing:
    """Where a customer stands: points to spend, points earned in a year, the tier they lead to and the next one."""

    balance: int
    earned: int
    tier: str | None
    next_tier: str | None
    missing: int | None


def tiers(session: Session, actor: Actor) -> Sequence[LoyaltyTier]:
    """Give the tiers, the lowest first."""
    wanted = access.visible(actor, select(LoyaltyTier), LoyaltyTier)
    return session.scalars(wanted.order_by(LoyaltyTier.threshold, LoyaltyTier.id)).all()


def members(session: Session, actor: Actor, *, wanted: Wanted) -> Page:
    """Give one page of customers with a ledger: id, name, tier, balance, earned, last_on.

    `balance` is what may be spent (overdue points count as expired), `earned` the points of the last 365 days, `tier`
    the one that these lead to.
    """
    sums = _sums(session, actor)
    tier = _tier_of(tiers(session, actor), sums.c.earned)
    columns = select(
        Customer.id,
        Customer.name,
        tier.label("tier"),
        sums.c.balance.label("balance"),
        sums.c.earned.label("earned"),
        sums.c.last_on.label("last_on"),
    ).join(sums, sums.c.customer_id == Customer.id)
    offer = Offer(
        searched=Customer.search_text,
        filters={"tier": tier, "region": Customer.region, "owner": Customer.owner_id},
        sorts={
            "balance": sums.c.balance,
            "earned": sums.c.earned,
            "name": Customer.name,
            "last": sums.c.last_on,
        },
        key=Customer.id,
    )
    return page_of(session, access.visible(actor, columns, Customer), wanted=wanted, offer=offer)


def tier_sizes(session: Session, actor: Actor) -> dict[str | None, int]:
    """Count the customers with a ledger by the tier that their points of a year lead to; None is below the lowest."""
    found = tiers(session, actor)
    sums = _sums(session, actor)
    tier = _tier_of(found, sums.c.earned)
    columns = select(tier.label("tier")).select_from(Customer).join(sums, sums.c.customer_id == Customer.id)
    reached = access.visible(actor, columns, Customer).subquery()
    rows = session.execute(select(reached.c.tier, func.count().label("customers")).group_by(reached.c.tier))
    counts = {row.tier: int(row.customers) for row in rows}
    return {name: counts.get(name, 0) for name in [*(each.name for each in found), *([None] if None in counts else [])]}


def standing(session: Session, actor: Actor, customer_id: int) -> Standing:
    """Give where one customer stands; raises NotFoundError where there is none for the actor."""
    access.fetch(session, actor, Customer, customer_id)
    sums = _sums(session, actor)
    row = session.execute(select(sums).where(sums.c.customer_id == customer_id)).one_or_none()
    balance, earned = (int(row.balance), int(row.earned)) if row else (0, 0)
    reached = [tier for tier in tiers(session, actor) if tier.threshold <= earned]
    ahead = [tier for tier in tiers(session, actor) if tier.threshold > earned]
    return Standing(
        balance=balance,
        earned=earned,
        tier=reached[-1].name if reached and row else None,
        next_tier=ahead[0].name if ahead else None,
        missing=ahead[0].threshold - earned if ahead else None,
    )


def ledger(session: Session, actor: Actor, customer_id: int, *, wanted: Wanted) -> Page:
    """Give one page of a customer's entries: id, on, kind, points, balance (after it), expires_on, reason, contract,
    user.
    """
    order = (LoyaltyEntry.on, LoyaltyEntry.id)
    own = ("id", "on", "kind", "points", "expires_on", "reason")
    entries = access.visible(
        actor,
        select(
            *(getattr(LoyaltyEntry, name) for name in own),
            cast(func.sum(LoyaltyEntry.points).over(order_by=order), BigInteger).label("balance"),
            Contract.number.label("contract"),
            User.name.label("user"),
        )
        .outerjoin(Contract, Contract.id == LoyaltyEntry.contract_id)
        .outerjoin(User, User.id == LoyaltyEntry.user_id)
        .where(LoyaltyEntry.customer_id == customer_id),
        LoyaltyEntry,
    )
    offer = Offer(None, {}, {"on": LoyaltyEntry.on}, LoyaltyEntry.id)
    return page_of(session, entries, wanted=wanted, offer=offer)


def _sums(session: Session, actor: Actor) -> Subquery:
    """Per customer: balance without overdue points, points earned in a year, day of the last entry."""
    day = today(session)
    counts = or_(
        LoyaltyEntry.kind == LoyaltyEntryKind.EARNED,
        LoyaltyEntry.contract_id.is_not(None),
        LoyaltyEntry.response_id.is_not(None),
    )
    due = _sum_where((LoyaltyEntry.points > 0) & (LoyaltyEntry.expires_on < day), LoyaltyEntry.points)
    used = _sum_where(LoyaltyEntry.points < 0, -LoyaltyEntry.points)
    overdue = case((due > used, due - used), else_=0)
    columns: Any = select(
        LoyaltyEntry.customer_id,
        (cast(func.sum(LoyaltyEntry.points), BigInteger) - overdue).label("balance"),
        _sum_where(counts & (LoyaltyEntry.on > _year_ago(day)), LoyaltyEntry.points).label("earned"),
        func.max(LoyaltyEntry.on).label("last_on"),
    )
    sums: Select[Any] = access.visible(actor, columns, LoyaltyEntry)
    return sums.group_by(LoyaltyEntry.customer_id).subquery()


def _sum_where(condition: ColumnElement[bool], value: Any) -> ColumnElement[int]:
    # The servers give a sum as a decimal number; points are whole.
    return cast(func.sum(case((condition, value), else_=0)), BigInteger)


def _year_ago(day: date) -> date:
    return day - _YEAR


def _tier_of(found: Sequence[LoyaltyTier], earned: ColumnElement[int]) -> ColumnElement[Any]:
    steps = [(earned >= tier.threshold, literal(tier.name)) for tier in reversed(found)]
    return case(*steps, else_=null()) if steps else null()
