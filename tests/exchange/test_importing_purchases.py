"""Purchases: every line and every cent of the file is accounted for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from crm_data import money
from crm_data.access import Actor
from crm_data.exchange.imports import Verdict
from crm_data.models import Contract, ContractLine, Customer, Product, ProductCategory
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction
from tests import factories
from tests.exchange.bringing import ALL, a_file, bring, counts, planned, problems, stored, undo

HEAD = "number,customer,date,sku,quantity,unit_price\n"


def amounts(plan: object) -> dict[tuple[str, str], int]:
    """Verdict and currency with the amount."""
    return {(verdict, currency): amount for verdict, currency, amount in plan.money.rows()}  # type: ignore[attr-defined]


def test_lines_with_one_number_are_one_sale(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = HEAD + "S1,K1,2026-03-01,P1,2,12.50\nS2,K1,2026-03-02,P1,1,10\nS1,K1,2026-03-01,P2,3,0.3333\n"
    assert counts(bring(engine, root, "purchases", a_file(tmp_path, text), create=ALL)) == (3, 0, 0, 0)
    assert stored(engine, Contract, "number", "kind", "status", "signed_on", "amount", "currency", "title") == [
        ("S1", "sale", "fulfilled", date(2026, 3, 1), 2600, "CNY", "S1"),
        ("S2", "sale", "fulfilled", date(2026, 3, 2), 1000, "CNY", "S2"),
    ]
    lines = stored(engine, ContractLine, "quantity_e3", "unit_price_e4", "amount")
    assert lines == [(2000, 125000, 2500), (1000, 100000, 1000), (3000, 3333, 100)]


def test_what_the_sales_need_is_made_with_what_the_file_knows(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "number,customer,date,sku,quantity,unit_price,product,category,unit_cost,region\n"
    text += "S1,K1,2026-03-02,P1,1,10,,Tools,,North\nS2,K1,2026-03-01,P1,1,10,Hammer,tools,6,South\n"
    text += "S3,Anna,2026-03-01,P2,1,1,,,,\n"
    bring(engine, root, "purchases", a_file(tmp_path, text), create=ALL)
    assert stored(engine, Customer, "name", "code", "stage", "acquired_on", "region") == [
        ("K1", "K1", "won_over", date(2026, 3, 1), "North"), ("Anna", None, "won_over", date(2026, 3, 1), None),
    ]  # fmt: skip
    assert stored(engine, ProductCategory, "name") == [("Tools",)]
    assert [row[:2] + row[3:] for row in stored(engine, Product, "sku", "name", "category_id", "unit_cost_e4")] == [
        ("P1", "Hammer", 60000), ("P2", "P2", None),
    ]  # fmt: skip
    assert stored(engine, ContractLine, "unit_cost_e4") == [(60000,), (60000,), (None,)]


def test_nothing_is_made_unless_it_is_asked_for(engine: Engine, root: Actor, tmp_path: Path) -> None:
    plan = planned(engine, root, "purchases", a_file(tmp_path, HEAD + "S1,K1,2026-03-01,P1,2,12.50\n"))
    assert problems(plan) == [(2, "unknown", "customer"), (2, "unknown", "sku")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("S1,,2026-03-01,P1,1,10", ("missing", "customer")),
        ("S1,K1,2026-03-01,P1,1,-10", ("negative", "unit_price")),
        ("S1,K1,2026-03-01,P1,0,10", ("zero", "quantity")),
        ("S1,K1,2099-03-01,P1,1,10", ("future", "date")),
        ("S1,K1,2026-02-30,P1,1,10", ("no_such_day", "date")),
        ("S1,K1,2026-03-01,P1,1,0.00001", ("too_precise", "unit_price")),
        ("S1,K1,2026-03-01,P1,many,10", ("not_a_number", "quantity")),
        ("S1,K1,2026-03-01,P1,9000000000,900000000000", ("number_range", "unit_price")),
    ],
)
def test_a_line_that_is_no_purchase_is_rejected(
    engine: Engine, root: Actor, tmp_path: Path, line: str, found: tuple[str, str]
) -> None:
    plan = planned(
        engine, root, "purchases", a_file(tmp_path, HEAD + line + "\nS2,K1,2026-03-01,P1,1,10\n"), create=ALL
    )
    assert (problems(plan), plan.counts[Verdict.CREATE]) == ([(2, *found)], 1)


def test_a_return_is_a_line_below_zero(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "purchases", a_file(tmp_path, HEAD + "C1,K1,2026-03-01,P1,-2,12.505\n"), create=ALL)
    assert stored(engine, Contract, "amount") == [(-2501,)]


def test_a_number_with_two_customers_days_or_currencies_is_nobodys_sale(
    engine: Engine, root: Actor, tmp_path: Path
) -> None:
    text = "number,customer,date,sku,quantity,unit_price,currency\n"
    text += "S1,K1,2026-03-01,P1,1,10,\nS1,K2,2026-03-01,P1,1,10,\n"
    text += "S2,K1,2026-03-01,P1,1,10,\nS2,K1,2026-03-02,P1,1,10,\n"
    text += "S3,K1,2026-03-01,P1,1,10,CNY\nS3,K1,2026-03-01,P1,1,10,EUR\n"
    text += "S4,k 1,2026-03-01,P1,1,1,\nS4,K  1,2026-03-01,P1,1,1,\n"
    text += "S5,K1,2026-03-01,P1,1,10,\nS5,,2026-03-01,P1,1,10,\n"
    result = bring(engine, root, "purchases", a_file(tmp_path, text), create=ALL)
    assert counts(result) == (3, 0, 0, 7)
    assert [row[:2] for row in problems(result)] == [
        *((row, "mixed_sale") for row in range(2, 8)), (11, "missing"),
    ]  # fmt: skip


def test_a_sale_that_is_there_already_is_skipped(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "purchases", a_file(tmp_path, HEAD + "S1,K1,2026-03-01,P1,1,10\n"), create=ALL)
    again = planned(
        engine, root, "purchases", a_file(tmp_path, HEAD + "S1,K1,2026-03-01,P1,1,10\nS2,K1,2026-03-01,P1,1,5\n")
    )
    assert (again.counts[Verdict.SKIP], again.counts[Verdict.CREATE]) == (1, 1)
    assert amounts(again) == {("skip", "CNY"): 1000, ("create", "CNY"): 500}


def test_discounts_and_currencies_count(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "number,customer,date,sku,quantity,unit_price,discount,currency\n"
    text += "S1,K1,2026-03-01,P1,3,9.99,12.5%,EUR\nS2,K1,2026-03-01,P1,3,100.4,,jpy\n"
    plan = planned(engine, root, "purchases", a_file(tmp_path, text), create=ALL)
    assert amounts(plan) == {("create", "EUR"): 2622, ("create", "JPY"): 301}


def test_the_cost_and_owner_of_what_is_known_are_taken_over(engine: Engine, root: Actor, tmp_path: Path) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        owner = factories.a_user(session)
        factories.a_customer(session, name="Acme Ltd", code="K1", owner_id=owner.id)
        factories.a_product(session, sku="P1", unit_cost_e4=70000)
    bring(engine, root, "purchases", a_file(tmp_path, HEAD + "S1,ACME ltd,2026-03-01,P1,1,10\n"))
    assert stored(engine, Contract, "owner_id") == [(owner.id,)]
    assert stored(engine, ContractLine, "unit_cost_e4") == [(70000,)]


def test_an_import_of_purchases_can_be_undone_and_done_again(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, HEAD + "S1,K1,2026-03-01,P1,1,10\nS1,K1,2026-03-01,P2,1,10\nS2,K2,2026-03-01,P1,1,10\n")
    undo(engine, root, bring(engine, root, "purchases", source, create=ALL))
    assert [stored(engine, model, "id") for model in (Customer, Product, Contract, ContractLine)] == [[], [], [], []]
    assert counts(bring(engine, root, "purchases", source, create=ALL)) == (3, 0, 0, 0)
    assert stored(engine, Contract, "number") == [("S1",), ("S2",)]


quantities = st.one_of(st.none(), st.decimals(min_value=-500, max_value=500, places=1))
prices = st.one_of(st.none(), st.decimals(min_value=-5, max_value=500, places=4))
written_lines = st.lists(
    st.tuples(st.sampled_from(["S1", "S2", "S3", ""]), st.sampled_from(["K1", "K2", ""]), quantities, prices),
    min_size=1,
    max_size=12,
)


@given(rows=written_lines)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_accepted_and_rejected_are_the_file_in_lines_and_in_money(
    engine: Engine, root: Actor, tmp_path: Path, rows: list[tuple[object, ...]]
) -> None:
    cells = [[number, customer, "2026-03-01", "P1", quantity, price] for number, customer, quantity, price in rows]
    text = HEAD + "".join(",".join("" if cell is None else f"{cell}" for cell in row) + "\n" for row in cells)
    plan = planned(engine, root, "purchases", a_file(tmp_path, text), create=ALL)
    known = [(quantity, price) for _, _, quantity, price in rows if quantity is not None and price is not None]
    total = sum(
        money.line_amount(quantity_e3=int(q * 1000), unit_price_e4=int(p * 10_000), discount_bp=0, currency="CNY")
        for q, p in known  # type: ignore[operator]
    )
    assert sum(plan.counts.values()) == len(rows)
    assert (sum(amounts(plan).values()), plan.without_amount) == (total, len(rows) - len(known))
