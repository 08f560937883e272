"""Figures over the real tables: through the access rules, the log of changes and the services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm_data import access, db
from crm_data.access import Actor
from crm_data.analytics import figures, series
from crm_data.analytics.kpis import KPIS, by_key
from crm_data.analytics.periods import Grain, Period
from crm_data.analytics.tables import Tables
from crm_data.services import changes, contract_parts, contracts, loyalty, opportunities
from crm_data.vocabulary import ChangeAction, LoyaltyEntryKind
from crm_data.vocabulary.terms import Terms
from tests import factories
from tests.analytics.worlds import days

JUNE = days("2026-06-01", "2026-06-30")


@contextmanager
def written(engine: Engine, root: Actor) -> Iterator[Session]:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        yield session


def value(engine: Engine, actor: Actor, key: str, period: Period = JUNE) -> float | None:
    with db.reading(engine) as session:
        tables = Tables(access.frames(session, actor), terms=Terms())
        return figures.figure(by_key(key), tables, period=period).value


def test_an_empty_company_has_figures(engine: Engine, root: Actor):
    with db.reading(engine) as session:
        found = figures.figures(KPIS, Tables(access.frames(session, root), terms=Terms()), period=JUNE)
    assert {figure.value for figure in found.values()} <= {None, 0}


def test_a_seller_sees_the_figures_of_his_own_records(engine: Engine, root: Actor):
    with written(engine, root) as session:
        seller = factories.an_actor(session)
        mine, other = (factories.a_customer(session, owner_id=owner) for owner in (seller.user_id, None))
        factories.an_opportunity(session, mine, at="won", amount=100)
        factories.an_opportunity(session, other, at="won", amount=900)
    assert (value(engine, seller, "won_amount"), value(engine, root, "won_amount")) == (100, 1_000)


def test_what_lies_in_the_bin_is_not_counted(engine: Engine, root: Actor):
    with written(engine, root) as session:
        sold = factories.a_sale(session, factories.a_customer(session), signed_on=date(2026, 6, 2))
        factories.a_sale(session, factories.a_customer(session), signed_on=date(2026, 6, 2), amount=7)
    with written(engine, root) as session:
        contracts.delete(session, root, sold.id)
    assert value(engine, root, "revenue") == 7


def _win(session: Session, row: Any) -> None:
    opportunities.move(session, access.system("tests"), row.id, to=factories.stage(session, "won").id)


def test_the_pipeline_of_last_month_survives_the_wins_of_this_one(
    engine: Engine, root: Actor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CRM_TODAY", "2026-05-05")
    with written(engine, root) as session:
        row = factories.an_opportunity(session, factories.a_customer(session), amount=500)
    monkeypatch.setenv("CRM_TODAY", "2026-06-10")
    with written(engine, root) as session:
        opportunities.edit(session, root, row.id, version=1, base={"amount": 500}, mine={"amount": 800})
        _win(session, row)
    with db.reading(engine) as session:
        tables = Tables(access.frames(session, root), terms=Terms())
        trend = series.trend(
            by_key("open_pipeline"), tables, period=days("2026-04-01", "2026-06-30"), grain=Grain.MONTH
        )
    assert trend["value"].to_list() == [0, 500, 0]


def test_a_stage_that_was_left_through_the_services_is_passed(engine: Engine, root: Actor):
    with written(engine, root) as session:
        row = factories.an_opportunity(session, factories.a_customer(session), opened_on=date(2026, 6, 3))
    with written(engine, root) as session:
        _win(session, row)
    assert value(engine, root, "stage_conversion") == 1


def test_receipts_written_by_the_services_reduce_the_receivables(engine: Engine, root: Actor):
    with written(engine, root) as session:
        agreement = factories.a_contract(session, factories.a_customer(session))
        contract_parts.schedule(session, root, agreement.id, count=12, first_on=date(2026, 1, 10))
        contract_parts.receive(session, root, agreement.id, values={"received_on": date(2026, 2, 1), "amount": 35_000})
    assert value(engine, root, "receivables") == 6 * 10_000 - 35_000


@pytest.mark.parametrize("on", ["2026-06-15", "2026-09-01"])
def test_the_balance_of_points_is_the_one_that_may_be_spent(engine: Engine, root: Actor, on: str):
    with written(engine, root) as session:
        customer = factories.a_customer(session)
        for first, number in ((date(2025, 1, 1), 100), (date(2025, 9, 1), 80), (date(2026, 6, 1), 5)):
            loyalty.book(session, root, customer.id, kind=LoyaltyEntryKind.EARNED, points=number, on=first)
        spent = LoyaltyEntryKind.SPENT
        loyalty.book(session, root, customer.id, kind=spent, points=-30, on=date(2025, 10, 1))
        may_spend = loyalty.balance(session, customer.id, on=date.fromisoformat(on))
    assert value(engine, root, "points_liability", days(on, on, today=date.fromisoformat(on))) == may_spend


def test_every_figure_and_part_can_be_computed_from_real_tables(engine: Engine, root: Actor):
    with written(engine, root) as session:
        customer = factories.a_customer(session)
        factories.an_opportunity(session, customer, at="won")
        factories.a_sale(session, customer)
        factories.a_response(session, factories.a_survey(session), customer)
    with db.reading(engine) as session:
        tables = Tables(access.frames(session, root), terms=Terms())
        for measure in KPIS:
            for dimension in measure.by:
                series.breakdown(measure, tables, period=JUNE, by=dimension.key, top=3)
            series.rows_of(measure, tables, period=JUNE)
