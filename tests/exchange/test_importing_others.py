"""Contacts, products and opportunities that somebody brings along."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.models import Contact, Customer, Opportunity, OpportunityEvent, OpportunityLine, Product, StageStay
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.exchange.bringing import ALL, a_file, bring, counts, planned, problems, stored, undo

DEALS = "customer,stage,name,number,amount,opened,expected_close,closed,lost_reason\n"


def test_contacts_find_their_customer_by_code_or_name(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, "name,code\nAcme,A1\n"))
    text = "客户,姓名,手机,role,birthday\nA1,李雷,13800138000,champion,1990-02-01\nACME,韩梅梅,,Decider,\nBeta,Tom,,,\n"
    result = bring(engine, root, "contacts", a_file(tmp_path, text))
    assert (counts(result), problems(result)) == ((2, 0, 0, 1), [(4, "unknown", "customer")])
    assert stored(engine, Contact, "name", "phone", "role", "birthday", "search_text") == [
        ("李雷", "13800138000", "champion", date(1990, 2, 1), "李雷\n13800138000\n13800138000"),
        ("韩梅梅", None, "decider", None, "韩梅梅"),
    ]


def test_the_first_contact_is_the_main_one_unless_the_file_names_another(
    engine: Engine, root: Actor, tmp_path: Path
) -> None:
    text = "customer,name,primary\nA,Ann,\nA,Bob,yes\nA,Cid,yes\nB,Dan,\nB,Eve,no\n"
    bring(engine, root, "contacts", a_file(tmp_path, text), create=ALL)
    assert stored(engine, Contact, "name", "primary") == [
        ("Ann", False), ("Bob", True), ("Cid", False), ("Dan", True), ("Eve", False),
    ]  # fmt: skip
    bring(engine, root, "contacts", a_file(tmp_path, "customer,name,primary\nB,Eve,yes\nB,Fay,\n"), update_by="name")
    assert [name for name, main in stored(engine, Contact, "name", "primary") if main] == ["Bob", "Eve"]


def test_a_contact_is_known_within_one_customer_only(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "customer,name,email\nA,Ann,a@x.cn\nB,Ann,a@x.cn\nA,ann,A@x.cn\n"
    assert counts(bring(engine, root, "contacts", a_file(tmp_path, text), create=ALL)) == (2, 0, 1, 0)
    assert counts(bring(engine, root, "contacts", a_file(tmp_path, text))) == (0, 0, 3, 0)


def test_products_come_with_exact_prices_and_their_category(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = (
        "sku,name,category,list price,cost,launched,retired\nP1,Nail,Iron,0.1234,0.05,2020-01-01,\nP2,Nut,iron,1,,,\n"
    )
    text += "P1,again,,,,,\nP3,Bolt,,,,2022-01-01,2021-01-01\nP4,Lead,Iron,-1,,,\n"
    result = bring(engine, root, "products", a_file(tmp_path, text), create=ALL)
    assert problems(result) == [(4, "repeated", "sku"), (5, "disorder", "retired"), (6, "negative", "list_price")]
    assert stored(engine, Product, "sku", "list_price_e4", "unit_cost_e4", "category_id") == [
        ("P1", 1234, 500, 1), ("P2", 10000, None, 1),
    ]  # fmt: skip


def test_prices_can_be_updated_by_sku_alone(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "products", a_file(tmp_path, "sku,name,list_price\nP1,Nail,1\n"))
    result = bring(engine, root, "products", a_file(tmp_path, "sku,list_price\nP1,2\nP9,3\n"), update_by="sku")
    assert (counts(result), problems(result)) == ((0, 1, 0, 1), [(3, "missing", "name")])
    assert stored(engine, Product, "name", "list_price_e4", "version") == [("Nail", 20000, 2)]


def test_opportunities_go_into_their_stage_with_all_that_follows(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = DEALS + "A,proposal,One,D1,1000,2026-01-01,2026-12-01,,\nA,WON,Two,,200,2026-01-01,,2026-02-01,\n"
    text += "A,Lost,Three,D3,,2026-01-01,,2026-02-01,Price\n"
    assert counts(bring(engine, root, "opportunities", a_file(tmp_path, text), create=ALL)) == (3, 0, 0, 0)
    columns = ("number", "outcome", "amount", "probability", "closed_on", "lost_reason", "currency")
    assert stored(engine, Opportunity, *columns) == [
        ("D1", "open", 100000, 50, None, None, "CNY"),
        ("O-2026-00002", "won", 20000, 100, date(2026, 2, 1), None, "CNY"),
        ("D3", "lost", None, 0, date(2026, 2, 1), "price", "CNY"),
    ]
    with Session(engine) as session:
        assert session.scalars(select(StageStay.entered_on).order_by(StageStay.id)).all() == [
            date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1),
        ]  # fmt: skip
        assert len(session.scalars(select(OpportunityEvent)).all()) == 5 + 4 + 3


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("A,nowhere,X,,,,,,", ("unknown", "stage")),
        ("A,lost,X,,,,,2026-02-01,", ("needed_in_stage", "lost_reason")),
        ("A,won,X,,5,,,,", ("needed_in_stage", "closed")),
        ("A,won,X,,5,2026-03-01,,2026-02-01,", ("disorder", "closed")),
        ("A,won,X,,5,,,2099-02-01,", ("future", "closed")),
        ("A,proposal,X,,-5,,,,", ("negative", "amount")),
    ],
)
def test_an_opportunity_that_breaks_the_rules_is_rejected(
    engine: Engine, root: Actor, tmp_path: Path, row: str, found: tuple[str, str]
) -> None:
    plan = planned(engine, root, "opportunities", a_file(tmp_path, DEALS + row + "\n"), create=ALL)
    assert found in [problem[1:] for problem in problems(plan)]


def test_the_closing_day_of_an_open_opportunity_is_expected(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "opportunities", a_file(tmp_path, DEALS + "A,needs,X,D1,,,,2099-01-01,\n"), create=ALL)
    assert stored(engine, Opportunity, "expected_close_on", "closed_on", "opened_on") == [
        (date(2099, 1, 1), None, date(2026, 6, 15))
    ]


def test_a_product_makes_the_line_and_the_amount_its_price(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "products", a_file(tmp_path, "sku,name,list_price\nP1,Nail,4\n"))
    text = "customer,stage,product,quantity,amount,currency\nA,needs,P1,3,100,\nA,needs,Nail,2,,\nA,needs,New,1,5,EUR\n"
    bring(engine, root, "opportunities", a_file(tmp_path, text), create=ALL)
    assert stored(engine, OpportunityLine, "quantity_e3", "unit_price_e4", "amount") == [
        (3000, 333333, 10000), (2000, 40000, 800), (1000, 50000, 500),
    ]  # fmt: skip
    assert stored(engine, Opportunity, "amount", "currency") == [(10000, "CNY"), (800, "CNY"), (500, "EUR")]


def test_an_update_moves_an_opportunity_and_undo_moves_it_back(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = DEALS + "A,proposal,One,D1,1000,2026-01-01,2026-12-01,,\n"
    bring(engine, root, "opportunities", a_file(tmp_path, text), create=ALL)
    moved = a_file(tmp_path, "number,stage,closed\nD1,won,2026-05-01\nD2,won,2026-05-01\n")
    result = bring(engine, root, "opportunities", moved, update_by="number")
    assert counts(result) == (0, 1, 0, 1)
    assert stored(engine, Opportunity, "outcome", "closed_on", "probability") == [("won", date(2026, 5, 1), 100)]
    undo(engine, root, result)
    assert stored(engine, Opportunity, "outcome", "closed_on", "probability") == [("open", None, 50)]


def test_an_update_leaves_the_owner_of_an_opportunity(engine: Engine, root: Actor, tmp_path: Path) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        admin = factories.an_actor(session, role=Role.ADMIN)
        owner = factories.a_user(session)
        factories.an_opportunity(session, factories.a_customer(session, owner_id=owner.id), number="D1")
    bring(engine, admin, "opportunities", a_file(tmp_path, "number,stage\nD1,needs\n"), update_by="number")
    assert stored(engine, Opportunity, "owner_id", "probability") == [(owner.id, 25)]


def test_the_amount_of_an_opportunity_with_lines_is_left_to_them(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "customer,stage,number,product,amount\nA,needs,D1,P1,100\n"
    bring(engine, root, "opportunities", a_file(tmp_path, text), create=ALL)
    other = a_file(tmp_path, "number,amount\nD1,99\n")
    assert problems(planned(engine, root, "opportunities", other, update_by="number")) == [
        (2, "sum_of_lines", "amount")
    ]


def test_customers_made_on_the_way_belong_to_whoever_imports(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "contacts", a_file(tmp_path, "customer,name\nK-1,Ann\n"), create=ALL)
    assert stored(engine, Customer, "name", "code", "owner_id") == [("K-1", "K-1", None)]


def test_choices_and_stages_are_understood_in_chinese(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, "客户名称,客户类型\n瑞丰,公司\n李雷,个人\n"))
    bring(engine, root, "opportunities", a_file(tmp_path, "客户,销售阶段,金额\n瑞丰,谈判,5\n李雷,negotiation,6\n"))
    assert stored(engine, Customer, "kind") == [("company",), ("person",)]
    assert stored(engine, Opportunity, "amount", "probability") == [(500, 75), (600, 75)]


@pytest.mark.parametrize("kind", ["customers", "contacts", "products", "opportunities", "purchases"])
def test_a_file_of_nothing_but_broken_rows_is_rejected_as_a_whole(
    engine: Engine, root: Actor, tmp_path: Path, kind: str
) -> None:
    names = "customer,name,sku,stage,number,date,quantity,unit_price,product,text\n"
    result = bring(engine, root, kind, a_file(tmp_path, names + "a\nb\n"), create=ALL)
    assert (counts(result), result.change_set_id) == ((0, 0, 0, 2), None)
