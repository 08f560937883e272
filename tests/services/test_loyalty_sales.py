"""What sales earn, what returns take back, and the tiers they lead to."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.access import Actor
from crm_data.models import ExchangeRate
from crm_data.services import loyalty, loyalty_sales
from crm_data.services.loyalty_sales import Booked
from crm_data.vocabulary import ContractStatus, Role
from tests import factories


@pytest.fixture(autouse=True)
def _terms(session: Session) -> None:
    factories.a_point_a_hundred(session)


def test_a_sale_earns_whole_points_once(session: Session, root: Actor):
    customer = factories.a_customer(session)
    factories.a_sale(session, customer, amount=123_499)
    booked = [loyalty_sales.book_sales(session, root) for _ in range(2)]
    assert (booked, loyalty.balance(session, customer.id)) == ([Booked(1, 0), Booked(0, 0)], 12)


def test_a_draft_and_a_sale_before_the_points_life_earn_nothing(session: Session, root: Actor):
    customer = factories.a_customer(session)
    factories.a_sale(session, customer, amount=100_000, status=ContractStatus.DRAFT)
    factories.a_sale(session, customer, amount=100_000, signed_on=date(2025, 6, 15))
    assert loyalty_sales.book_sales(session, root) == Booked(0, 0)


def test_a_changed_amount_is_booked_as_the_difference(session: Session, root: Actor):
    customer = factories.a_customer(session)
    sale = factories.a_sale(session, customer, amount=100_000)
    loyalty_sales.book_sales(session, root)
    sale.amount = 70_000
    session.flush()
    loyalty_sales.book_sales(session, root)
    assert loyalty.balance(session, customer.id) == 7


def test_a_deleted_sale_takes_back_what_was_not_spent_and_the_rest_later(session: Session, root: Actor):
    customer = factories.a_customer(session)
    sale = factories.a_sale(session, customer, amount=1_000_000)
    loyalty_sales.book_sales(session, root)
    loyalty.spend(session, root, customer.id, points=80)
    sale.deleted_at = clock.now()
    session.flush()
    loyalty_sales.book_sales(session, root)
    balances = [loyalty.balance(session, customer.id)]
    loyalty.earn(session, root, customer.id, points=100, reason="Gift")
    loyalty_sales.book_sales(session, root)
    balances.append(loyalty.balance(session, customer.id))
    assert balances == [0, 20]


def test_a_return_is_a_negative_sale(session: Session, root: Actor):
    customer = factories.a_customer(session)
    factories.a_sale(session, customer, amount=100_000, signed_on=date(2026, 3, 1))
    factories.a_sale(session, customer, amount=-40_000, signed_on=date(2026, 4, 1))
    loyalty_sales.book_sales(session, root)
    assert loyalty.balance(session, customer.id) == 6


def test_a_sale_in_another_currency_counts_at_the_rate_of_its_day(session: Session, root: Actor):
    customer = factories.a_customer(session)
    for day, rate in [(date(2026, 1, 1), 7_000_000), (date(2026, 5, 1), 9_000_000)]:
        factories.added(session, ExchangeRate(currency="EUR", day=day, rate_e6=rate))
    factories.a_sale(session, customer, amount=100_000, currency="EUR", signed_on=date(2026, 4, 30))
    factories.a_sale(session, customer, amount=100_000, currency="USD")
    booked = loyalty_sales.book_sales(session, root)
    assert (booked, loyalty.balance(session, customer.id)) == (Booked(1, 1), 70)


def test_tiers_follow_the_points_of_a_year_and_leave_others_alone(session: Session, root: Actor):
    climber = factories.a_customer(session)
    given = factories.a_customer(session, tier="Partner")
    spender = factories.a_customer(session, tier="Gold")
    loyalty.earn(session, root, climber.id, points=2_000, reason="Year")
    loyalty.adjust(session, root, spender.id, points=2_000, reason="Carried over")
    loyalty_sales.apply_tiers(session, root)
    assert (climber.tier, given.tier, spender.tier) == ("Gold", "Partner", "Bronze")


def test_a_manager_books_the_sales_of_the_own_team_only(session: Session, root: Actor):
    team = factories.a_team(session)
    manager = factories.an_actor(session, role=Role.MANAGER, team_id=team.id)
    own, other = (factories.a_customer(session, owner_id=owner) for owner in (manager.user_id, None))
    for customer in (own, other):
        factories.a_sale(session, customer, amount=100_000)
    loyalty_sales.book_sales(session, manager)
    assert [loyalty.balance(session, customer.id) for customer in (own, other)] == [10, 0]
