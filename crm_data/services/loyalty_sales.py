"""What the loyalty programme makes of sales: points for what was bought, and the tier they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import Contract, Customer, ExchangeRate, LoyaltyEntry, LoyaltyTier
from crm_data.money import decimals
from crm_data.services import changes, loyalty
from crm_data.terms import terms, today
from crm_data.vocabulary import Action, ChangeAction, ContractStatus, LoyaltyEntryKind, Module
from crm_data.vocabulary.terms import Terms

_MILLION = 1_000_000
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Booked:
    """How many sales got points or lost some, and how many could not be converted into the base currency."""

    sales: int
    unconverted: int


def book_sales(session: Session, actor: Actor) -> Booked:
    """Bring the points of every sale signed within the points' life in line with its amount.

    A sale earns points once; a changed amount, a return or a deletion is booked as the difference. Can be repeated.
    """
    access.require(actor, Module.LOYALTY, Action.BULK)
    house = terms(session)
    rates = _rates(session)
    counted = unconverted = 0
    sales = access.visible(actor, _granted(house, day=today(session)), Customer)
    owners = actor.owner_ids(actor.scope(Module.LOYALTY, Action.BULK))
    if owners is not None:
        sales = sales.where(Customer.owner_id.in_(sorted(owners)))
    for sale in session.execute(sales).all():
        owed = 0 if sale.gone else _owed(sale, house=house, rates=rates)
        unconverted += owed is None
        counted += owed is not None and _settle(session, actor, sale, difference=owed - int(sale.granted))
    if counted:
        kind = LoyaltyEntry.__tablename__
        changes.note_event(session, action=ChangeAction.BOOK, kind=kind, record_id=None, sales=counted)
    session.flush()
    return Booked(counted, unconverted)


def apply_tiers(session: Session, actor: Actor) -> int:
    """Write into the customers which tier their points of a year lead to; give the number of customers that moved.

    Customers without a single entry in the ledger keep the tier that somebody gave them.
    """
    access.require(actor, Module.LOYALTY, Action.BULK)
    tiers = session.execute(
        select(LoyaltyTier.name, LoyaltyTier.threshold)
        .where(LoyaltyTier.deleted_at.is_(None))
        .order_by(LoyaltyTier.threshold)
    ).all()
    earned = _earned_since(today(session) - _YEAR).subquery()
    wanted = access.visible(actor, select(Customer, earned.c.points), Customer, action=Action.BULK)
    moved = 0
    for customer, points in session.execute(wanted.join(earned, earned.c.customer_id == Customer.id)):
        name = next((tier.name for tier in reversed(tiers) if points >= tier.threshold), None)
        moved += customer.tier != name
        customer.tier = name
    changes.current(session).action = ChangeAction.BULK_EDIT
    session.flush()
    return moved


def _granted(house: Terms, *, day: date) -> Select[Any]:
    """Select the sales that can still have points, and those that have some, with what was granted so far."""
    entries = (
        select(LoyaltyEntry.contract_id, func.sum(LoyaltyEntry.points).label("points"))
        .where(LoyaltyEntry.contract_id.is_not(None), LoyaltyEntry.kind != LoyaltyEntryKind.EXPIRED)
        .group_by(LoyaltyEntry.contract_id)
        .subquery()
    )
    granted = func.coalesce(entries.c.points, 0)
    gone = or_(Contract.deleted_at.is_not(None), Contract.status == ContractStatus.DRAFT, Contract.signed_on.is_(None))
    first = day - timedelta(days=house.points_expire_days or _YEAR.days)
    columns = (Contract.id, Contract.number, Contract.customer_id, Contract.amount, Contract.currency)
    return (
        select(*columns, Contract.signed_on, granted.label("granted"), case((gone, 1), else_=0).label("gone"))
        .join(Customer, Customer.id == Contract.customer_id)
        .outerjoin(entries, entries.c.contract_id == Contract.id)
        .where(or_(Contract.signed_on > first, Contract.signed_on.is_(None)), or_(~gone, granted != 0))
        .order_by(Contract.signed_on, Contract.id)
    )


def _owed(sale: Any, *, house: Terms, rates: Mapping[str, Sequence[tuple[date, int]]]) -> int | None:
    """Give the whole points that a sale is worth; None when its currency has no rate."""
    rate = _MILLION
    if sale.currency != house.base_currency:
        known = [value for day, value in rates.get(sale.currency, ()) if day <= sale.signed_on]
        if not known:
            return None
        rate = known[-1]
    major = _MILLION * 10 ** decimals(sale.currency)
    points: int = abs(sale.amount) * rate * house.points_per_hundred // (100 * major)
    return points if sale.amount >= 0 else -points


def _settle(session: Session, actor: Actor, sale: Any, *, difference: int) -> bool:
    about = {"contract_id": sale.id, "reason": sale.number}
    if difference > 0:
        earned = LoyaltyEntryKind.EARNED
        loyalty.book(session, actor, sale.customer_id, kind=earned, points=difference, on=sale.signed_on, **about)
        return True
    if difference < 0:
        session.flush()
        return loyalty.take_back(session, actor, sale.customer_id, points=-difference, **about) is not None
    return False


def _rates(session: Session) -> Mapping[str, Sequence[tuple[date, int]]]:
    columns = select(ExchangeRate.currency, ExchangeRate.day, ExchangeRate.rate_e6)
    wanted = columns.where(ExchangeRate.deleted_at.is_(None)).order_by(ExchangeRate.day)
    wanted = wanted.where(ExchangeRate.deleted_at.is_(None))
    found: dict[str, list[tuple[date, int]]] = {}
    for currency, day, rate in session.execute(wanted):
        found.setdefault(currency, []).append((day, rate))
    return found


def _earned_since(day: date) -> Select[Any]:
    """Per customer with a ledger: points earned after a day, corrections of sales and answers taken off."""
    counts = or_(
        LoyaltyEntry.kind == LoyaltyEntryKind.EARNED,
        LoyaltyEntry.contract_id.is_not(None),
        LoyaltyEntry.response_id.is_not(None),
    )
    recent = counts & (LoyaltyEntry.on > day)
    points = func.sum(case((recent, LoyaltyEntry.points), else_=0))
    sums: tuple[Any, ...] = (LoyaltyEntry.customer_id, points.label("points"))
    return select(*sums).group_by(LoyaltyEntry.customer_id)
