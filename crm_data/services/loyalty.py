"""The loyalty programme: points earned, spent, expired and adjusted in a ledger that only grows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import InvalidError
from crm_data.models import Customer, LoyaltyEntry, LoyaltyTier
from crm_data.services import changes, checks
from crm_data.terms import terms, today
from crm_data.vocabulary import N_, Action, ChangeAction, LoyaltyEntryKind, Module

TIER_FIELDS = ("name", "threshold", "benefits")
MOST_POINTS = 10_000_000
_LONGEST_REASON = 200


def earn(session: Session, actor: Actor, customer_id: int, *, points: int, reason: str) -> LoyaltyEntry:
    """Give a customer points by hand, with the reason."""
    _check_points(points, least=1)
    return _by_hand(session, actor, customer_id, LoyaltyEntryKind.EARNED, (points, _needed(reason)))


def spend(session: Session, actor: Actor, customer_id: int, *, points: int, reason: str = "") -> LoyaltyEntry:
    """Take points for a benefit; more than the balance cannot be spent."""
    _check_points(points, least=1)
    _lock(session, customer_id)
    _refuse_overdraft(session, customer_id, points=points)
    return _by_hand(session, actor, customer_id, LoyaltyEntryKind.SPENT, (-points, reason.strip() or None))


def adjust(session: Session, actor: Actor, customer_id: int, *, points: int, reason: str) -> LoyaltyEntry:
    """Correct a balance up or down, with the reason; it never falls below zero."""
    _check_points(points, least=-MOST_POINTS)
    _lock(session, customer_id)
    _refuse_overdraft(session, customer_id, points=-points)
    return _by_hand(session, actor, customer_id, LoyaltyEntryKind.ADJUSTED, (points, _needed(reason)))


def balance(session: Session, customer_id: int, *, on: date | None = None) -> int:
    """Give the points that a customer may spend: the sum of the ledger without what has expired but is not booked."""
    day = on or today(session)
    found = session.execute(_sums(day).where(LoyaltyEntry.customer_id == customer_id)).one_or_none()
    return 0 if found is None else int(found.total - max(found.due - found.used, 0))


def expire(session: Session, actor: Actor, *, on: date | None = None) -> int:
    """Book the points whose last day has passed as expired and give the number of customers.

    What was spent counts against the oldest points first, so only the rest of them expires.
    """
    access.require(actor, Module.LOYALTY, Action.BULK)
    day = on or today(session)
    sums = access.visible(actor, _sums(day), LoyaltyEntry, action=Action.BULK).subquery()
    overdue = session.execute(select(sums).where(sums.c.due > sums.c.used)).all()
    for row in overdue:
        book(session, actor, row.customer_id, kind=LoyaltyEntryKind.EXPIRED, points=int(row.used - row.due))
    if overdue:
        _note(session, None, {"expired": len(overdue)})
    session.flush()
    return len(overdue)


def book(
    session: Session, actor: Actor, customer_id: int, *, kind: LoyaltyEntryKind, points: int, **about: Any
) -> LoyaltyEntry:
    """Add an entry to the ledger as a consequence of something else; points that are added get their last day."""
    days = terms(session).points_expire_days
    day = about.pop("on", None) or today(session)
    last = day + timedelta(days=days) if points > 0 and days else None
    entry = LoyaltyEntry(
        customer_id=customer_id,
        kind=kind,
        points=points,
        on=day,
        expires_on=last,
        user_id=actor.user_id,
        at=clock.now(),
        **about,
    )
    session.add(entry)
    return entry


def take_back(session: Session, actor: Actor, customer_id: int, *, points: int, **about: Any) -> LoyaltyEntry | None:
    """Take points back whose reason is gone, as far as they were not spent."""
    _lock(session, customer_id)
    left = min(points, balance(session, customer_id))
    if left <= 0:
        return None
    return book(session, actor, customer_id, kind=LoyaltyEntryKind.ADJUSTED, points=-left, **about)


def create_tier(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> LoyaltyTier:
    """Add a tier to the programme."""
    access.require(actor, Module.LOYALTY, Action.CONFIGURE)
    tier = LoyaltyTier(**checks.only(values, TIER_FIELDS))
    _check_tier(session, tier)
    session.add(tier)
    session.flush()
    return tier


def edit_tier(
    session: Session, actor: Actor, tier_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> LoyaltyTier:
    """Change a tier's name, threshold or benefits."""
    tier = access.fetch(session, actor, LoyaltyTier, tier_id, action=Action.CONFIGURE)
    changes.apply_edit(tier, version=version, base=base, mine=checks.only(mine, TIER_FIELDS))
    _check_tier(session, tier)
    session.flush()
    return tier


def delete_tier(session: Session, actor: Actor, tier_id: int) -> None:
    """Put a tier into the bin."""
    tier = access.fetch(session, actor, LoyaltyTier, tier_id, action=Action.CONFIGURE)
    tier.deleted_at = clock.now()
    changes.current(session).action = ChangeAction.DELETE
    session.flush()


def _sums(day: date) -> Select[Any]:
    """Per customer: the ledger's total, points past their last day (`due`), and points used in any way."""
    expired = (LoyaltyEntry.points > 0) & (LoyaltyEntry.expires_on < day)
    sums: tuple[Any, ...] = (
        LoyaltyEntry.customer_id,
        func.sum(LoyaltyEntry.points).label("total"),
        func.sum(case((expired, LoyaltyEntry.points), else_=0)).label("due"),
        func.sum(case((LoyaltyEntry.points < 0, -LoyaltyEntry.points), else_=0)).label("used"),
    )
    return select(*sums).group_by(LoyaltyEntry.customer_id)


def _by_hand(
    session: Session, actor: Actor, customer_id: int, kind: LoyaltyEntryKind, what: tuple[int, str | None]
) -> LoyaltyEntry:
    access.require(actor, Module.LOYALTY, Action.CREATE)
    access.fetch(session, actor, Customer, customer_id)
    points, reason = what
    entry = book(session, actor, customer_id, kind=kind, points=points, reason=reason)
    session.flush()
    access.demand(session, actor, entry, action=Action.CREATE)
    _note(session, entry.id, {"customer_id": customer_id, "entry": kind.value, "points": points, "reason": reason})
    return entry


def _note(session: Session, entry_id: int | None, facts: Mapping[str, Any]) -> None:
    changes.note_event(session, action=ChangeAction.BOOK, kind=LoyaltyEntry.__tablename__, record_id=entry_id, **facts)


def _lock(session: Session, customer_id: int) -> None:
    # Two bookings at the same time would both see the whole balance: the second waits for the first.
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())


def _refuse_overdraft(session: Session, customer_id: int, *, points: int) -> None:
    have = balance(session, customer_id)
    if points > have:
        message = N_("The balance is {balance} points; {points} cannot be taken from it.")
        raise InvalidError(message, field="points", balance=have, points=points)


def _check_points(points: int, *, least: int) -> None:
    if points == 0 or not least <= points <= MOST_POINTS:
        raise InvalidError(N_("Write a whole number of points other than zero."), field="points")


def _needed(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise InvalidError(N_("Write the reason, so that everybody understands the entry later."), field="reason")
    if len(words) > _LONGEST_REASON:
        raise InvalidError(
            N_("This text is too long: {length} characters at most."), field="reason", length=_LONGEST_REASON
        )
    return words


def _check_tier(session: Session, tier: LoyaltyTier) -> None:
    checks.all_of(
        lambda: checks.filled(tier, "name", "threshold"),
        lambda: checks.not_negative(tier, "threshold"),
        lambda: checks.short_enough(tier),
        lambda: _own_threshold(session, tier),
    )


def _own_threshold(session: Session, tier: LoyaltyTier) -> None:
    wanted = select(LoyaltyTier.id).where(
        LoyaltyTier.threshold == tier.threshold, LoyaltyTier.id != (tier.id or 0), LoyaltyTier.deleted_at.is_(None)
    )
    with session.no_autoflush:
        taken = session.scalar(wanted)
    if taken is not None:
        raise InvalidError(N_("Another tier begins at this number of points."), field="threshold")
