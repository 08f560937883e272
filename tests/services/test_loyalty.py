"""The ledger of points: a sum that never falls below zero, whatever happens in which order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.access import Actor
from crm_data.errors import InvalidError, InvalidFormError, NotAllowedError, NotFoundError
from crm_data.models import AuditEntry, LoyaltyEntry, LoyaltyTier
from crm_data.services import loyalty
from crm_data.vocabulary import ChangeAction, LoyaltyEntryKind, Role
from tests import factories

YEAR_AND_DAY = date(2026, 6, 15) + timedelta(days=366)


def test_a_balance_is_what_was_earned_less_what_was_spent(session: Session, root: Actor):
    customer = factories.a_customer(session)
    loyalty.earn(session, root, customer.id, points=100, reason="Welcome")
    loyalty.spend(session, root, customer.id, points=30, reason="Mug")
    loyalty.adjust(session, root, customer.id, points=-10, reason="Typed twice")
    assert loyalty.balance(session, customer.id) == 60


@pytest.mark.parametrize("points", [101, 0, -5, 10**9])
def test_more_than_the_balance_nothing_and_less_cannot_be_spent(session: Session, root: Actor, points):
    customer = factories.a_customer(session)
    loyalty.earn(session, root, customer.id, points=100, reason="Welcome")
    with pytest.raises(InvalidError):
        loyalty.spend(session, root, customer.id, points=points)


def test_an_adjustment_needs_a_reason_and_keeps_the_balance_above_zero(session: Session, root: Actor):
    customer = factories.a_customer(session)
    with pytest.raises(InvalidError) as nameless:
        loyalty.adjust(session, root, customer.id, points=5, reason="  ")
    with pytest.raises(InvalidError) as below:
        loyalty.adjust(session, root, customer.id, points=-1, reason="Mistake")
    assert (nameless.value.field, below.value.field) == ("reason", "points")


def test_spending_uses_the_oldest_points_so_only_the_rest_expires(session: Session, root: Actor):
    customer = factories.a_customer(session)
    loyalty.earn(session, root, customer.id, points=100, reason="Welcome")
    loyalty.spend(session, root, customer.id, points=70)
    loyalty.expire(session, root, on=YEAR_AND_DAY)
    entry = session.scalars(select(LoyaltyEntry).where(LoyaltyEntry.kind == LoyaltyEntryKind.EXPIRED)).one()
    assert (entry.points, loyalty.balance(session, customer.id)) == (-30, 0)


def test_points_are_good_through_their_last_day(session: Session, root: Actor):
    customer = factories.a_customer(session)
    entry = loyalty.earn(session, root, customer.id, points=100, reason="Welcome")
    assert loyalty.balance(session, customer.id, on=entry.expires_on) == 100
    assert loyalty.balance(session, customer.id, on=YEAR_AND_DAY) == 0


def test_expiring_twice_books_once(session: Session, root: Actor):
    customer = factories.a_customer(session)
    loyalty.earn(session, root, customer.id, points=100, reason="Welcome")
    counted = [loyalty.expire(session, root, on=YEAR_AND_DAY) for _ in range(2)]
    assert (counted, loyalty.balance(session, customer.id, on=YEAR_AND_DAY)) == ([1, 0], 0)


def test_expired_points_cannot_be_spent_before_anybody_booked_them_as_expired(session: Session, root: Actor):
    customer = factories.a_customer(session)
    entry = loyalty.earn(session, root, customer.id, points=100, reason="Welcome")
    entry.expires_on = clock.today() - timedelta(days=1)
    session.flush()
    with pytest.raises(InvalidError):
        loyalty.spend(session, root, customer.id, points=1)


def test_a_booking_by_hand_is_in_the_audit_log(session: Session, root: Actor):
    customer = factories.a_customer(session)
    entry = loyalty.earn(session, root, customer.id, points=5, reason="Thanks")
    session.flush()
    logged = session.scalars(select(AuditEntry).where(AuditEntry.action == ChangeAction.BOOK)).one()
    assert (logged.record_id, logged.after["points"]) == (entry.id, 5)


def test_a_viewer_books_nothing(session: Session):
    viewer = factories.an_actor(session, role=Role.VIEWER)
    with pytest.raises(NotAllowedError):
        loyalty.earn(session, viewer, factories.a_customer(session).id, points=5, reason="Gift")


def test_points_of_a_customer_of_others_cannot_be_reached_by_guessing(session: Session, seller: Actor):
    theirs = factories.a_customer(session, owner_id=factories.a_user(session).id)
    with pytest.raises((NotFoundError, NotAllowedError)):
        loyalty.earn(session, seller, theirs.id, points=5, reason="Gift")
    assert session.scalar(select(func.count()).select_from(LoyaltyEntry)) == 0


def test_only_the_administrator_changes_tiers(session: Session, admin: Actor):
    marketer = factories.an_actor(session, role=Role.MARKETING)
    with pytest.raises(NotAllowedError):
        loyalty.create_tier(session, marketer, values={"name": "Jade", "threshold": 10_000})
    assert loyalty.create_tier(session, admin, values={"name": "Jade", "threshold": 10_000}).id


@pytest.mark.parametrize("values", [{"name": "", "threshold": 9}, {"name": "A", "threshold": -1},
                                    {"name": "A", "threshold": 500}, {"name": "A"}])  # fmt: skip
def test_a_tier_has_a_name_and_a_threshold_of_its_own(session: Session, root: Actor, values):
    with pytest.raises(InvalidFormError):
        loyalty.create_tier(session, root, values=values)


def test_a_tier_that_is_gone_leaves_its_threshold_free(session: Session, root: Actor):
    silver = session.scalars(select(LoyaltyTier).where(LoyaltyTier.threshold == 500)).one()
    loyalty.delete_tier(session, root, silver.id)
    assert loyalty.create_tier(session, root, values={"name": "Pearl", "threshold": 500}).threshold == 500
