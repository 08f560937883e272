"""Milestones, instalments and receipts: exact to the cent and never below what came in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import money
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, InvalidFormError, NotAllowedError
from crm_data.models import Contract, Instalment, Milestone
from crm_data.services import contract_parts
from tests import factories

DAY = date(2026, 6, 1)


def made(session: Session, actor: Actor) -> Contract:
    return factories.a_contract(session, factories.a_customer(session, owner_id=actor.user_id), amount=100_000)


@given(amount=st.integers(-(10**15), 10**15), count=st.integers(1, 120))
def test_parts_add_up_exactly_and_differ_by_a_cent_at_most(amount: int, count: int) -> None:
    parts = money.parts(amount, count=count)
    assert (sum(parts), max(parts) - min(parts) <= 1, len(parts)) == (amount, True, count)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 240))
def test_the_same_day_some_months_on_never_leaves_its_month(day: date, months: int) -> None:
    later = money.months_after(day, months=months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months


def test_a_schedule_of_three_adds_up_to_the_contract(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    made_up = contract_parts.schedule(session, seller, row.id, count=3, first_on=date(2026, 1, 31))
    assert [(each.due_on, each.amount) for each in made_up] == [
        (date(2026, 1, 31), 33_333),
        (date(2026, 2, 28), 33_333),
        (date(2026, 3, 31), 33_334),
    ]


def test_a_second_schedule_spreads_only_what_is_left(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    contract_parts.add_instalment(session, seller, row.id, values={"due_on": DAY, "amount": 40_000})
    contract_parts.schedule(session, seller, row.id, count=2, first_on=date(2026, 7, 1))
    assert session.scalars(select(Instalment.amount).order_by(Instalment.due_on)).all() == [40_000, 30_000, 30_000]


def test_there_is_nothing_to_schedule_twice(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    contract_parts.schedule(session, seller, row.id, count=12, first_on=DAY)
    with pytest.raises(CrmError, match="already"):
        contract_parts.schedule(session, seller, row.id, count=12, first_on=DAY)


def test_a_receipt_is_above_zero(session: Session, seller: Actor) -> None:
    with pytest.raises(InvalidError, match="refund"):
        contract_parts.receive(session, seller, made(session, seller).id, values={"received_on": DAY, "amount": -1})


def test_no_more_goes_back_than_came_in(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    contract_parts.receive(session, seller, row.id, values={"received_on": DAY, "amount": 500})
    contract_parts.refund(session, seller, row.id, values={"received_on": DAY, "amount": 300})
    with pytest.raises(InvalidError, match="than came in"):
        contract_parts.refund(session, seller, row.id, values={"received_on": DAY, "amount": 201})


def test_money_does_not_come_in_tomorrow(session: Session, seller: Actor) -> None:
    values = {"received_on": date(2026, 6, 16), "amount": 1}
    with pytest.raises(InvalidFormError) as caught:
        contract_parts.receive(session, seller, made(session, seller).id, values=values)
    assert [problem.field for problem in caught.value.problems] == ["received_on"]


def test_a_sale_has_no_instalments(session: Session, seller: Actor) -> None:
    sale = factories.a_sale(session, factories.a_customer(session, owner_id=seller.user_id))
    with pytest.raises(CrmError, match="one-off sale"):
        contract_parts.add_instalment(session, seller, sale.id, values={"due_on": DAY, "amount": 1})


def test_a_milestone_is_ticked_and_unticked(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    milestone = contract_parts.add_milestone(session, seller, row.id, values={"title": "Deliver", "due_on": DAY})
    contract_parts.tick(session, seller, milestone.id, done_on=DAY)
    contract_parts.tick(session, seller, milestone.id, done_on=None)
    assert milestone.done_on is None


def test_a_colleagues_milestone_may_be_seen_but_not_ticked(session: Session) -> None:
    team = factories.a_team(session)
    colleague = factories.an_actor(session, team_id=team.id)
    actor = factories.an_actor(session, team_id=team.id)
    row = made(session, colleague)
    milestone = factories.added(
        session, Milestone(contract_id=row.id, customer_id=row.customer_id, title="Deliver", due_on=DAY)
    )
    with pytest.raises(NotAllowedError):
        contract_parts.tick(session, actor, milestone.id, done_on=DAY)
