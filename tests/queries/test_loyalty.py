"""What the screens are shown of the loyalty programme."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import NotFoundError
from crm_data.models import Customer, LoyaltyEntry
from crm_data.queries import loyalty
from crm_data.queries.listing import Wanted
from crm_data.queries.loyalty import Standing
from crm_data.services import loyalty as bookings
from crm_data.vocabulary import LoyaltyEntryKind
from tests import factories


def an_entry(
    session: Session, customer: Customer, points: int, *, on: date = date(2026, 6, 1), **wanted
) -> LoyaltyEntry:
    kind = LoyaltyEntryKind.EARNED if points > 0 else LoyaltyEntryKind.SPENT
    given = {"customer_id": customer.id, "kind": kind, "points": points, "on": on, "at": factories.NOON}
    return factories.added(session, LoyaltyEntry(**given | wanted))


def test_members_have_balance_points_of_a_year_and_the_tier_these_lead_to(session: Session, root: Actor):
    customer = factories.a_customer(session, name="Li Wei")
    an_entry(session, customer, 400, on=date(2025, 6, 15))
    an_entry(session, customer, 600)
    an_entry(session, customer, -300)
    row = loyalty.members(session, root, wanted=Wanted(search="li w")).rows.row(0, named=True)
    assert (row["balance"], row["earned"], row["tier"], row["last_on"]) == (700, 600, "Silver", date(2026, 6, 1))


def test_the_balance_shown_is_the_one_that_can_be_spent(session: Session, root: Actor):
    customer = factories.a_customer(session)
    an_entry(session, customer, 100, expires_on=date(2026, 6, 14))
    an_entry(session, customer, 50, expires_on=date(2026, 6, 15))
    an_entry(session, customer, -30)
    shown = loyalty.members(session, root, wanted=Wanted()).rows["balance"].to_list()
    assert shown == [bookings.balance(session, customer.id)] == [50]


def test_members_are_sorted_and_filtered_by_what_is_computed(session: Session, root: Actor):
    for points in (10, 700, 600, 3_000):
        an_entry(session, factories.a_customer(session), points)
    wanted = Wanted(filters={"tier": ["Silver"]}, sort="balance", descending=True)
    page = loyalty.members(session, root, wanted=wanted)
    assert (page.rows["balance"].to_list(), page.total) == ([700, 600], 2)


def test_tiers_are_counted_with_those_that_nobody_reached(session: Session, root: Actor):
    an_entry(session, factories.a_customer(session), 700)
    assert loyalty.tier_sizes(session, root) == {"Bronze": 0, "Silver": 1, "Gold": 0, "Platinum": 0}


def test_a_standing_names_the_next_tier_and_what_is_missing(session: Session, root: Actor):
    customer = factories.a_customer(session)
    an_entry(session, customer, 450)
    assert loyalty.standing(session, root, customer.id) == Standing(450, 450, "Bronze", "Silver", 50)


def test_a_customer_without_ledger_stands_nowhere_yet(session: Session, root: Actor):
    standing = loyalty.standing(session, root, factories.a_customer(session).id)
    assert (standing.balance, standing.tier) == (0, None)


def test_a_ledger_carries_the_balance_after_each_entry(session: Session, root: Actor):
    customer = factories.a_customer(session)
    for points, day in ((100, 1), (-40, 2), (10, 3)):
        an_entry(session, customer, points, on=date(2026, 6, day), reason=f"Day {day}")
    rows = loyalty.ledger(session, root, customer.id, wanted=Wanted(descending=True, size=2)).rows
    assert rows.select("reason", "balance").rows() == [("Day 3", 70), ("Day 2", 60)]


def test_a_seller_sees_the_points_of_the_own_customers_only(session: Session, seller: Actor):
    own = factories.a_customer(session, owner_id=seller.user_id)
    other = factories.a_customer(session, owner_id=factories.a_user(session).id)
    for customer in (own, other):
        an_entry(session, customer, 100)
    assert loyalty.members(session, seller, wanted=Wanted()).rows["id"].to_list() == [own.id]
    assert loyalty.ledger(session, seller, other.id, wanted=Wanted()).total == 0
    with pytest.raises(NotFoundError):
        loyalty.standing(session, seller, other.id)
