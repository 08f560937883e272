"""Importing and exporting on every database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.exchange import exports
from crm_data.models import AuditEntry, Contact, Contract, Customer, Opportunity, OpportunityEvent, Product
from tests.exchange.bringing import ALL, a_file, bring, counts, stored, undo

SALES = "number,customer,date,sku,quantity,unit_price,product,currency\n"


def test_customers_come_with_parents_owners_and_lists(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "name,code,parent,owner,tags,created,annual_revenue\n瑞丰,R2,R1,Li Na,甲;乙,2020-01-02,9.99\nTop,R1,,,,,\n"
    bring(any_engine, root, "customers", a_file(tmp_path, text), create=ALL)
    rows = stored(any_engine, Customer, "name", "tags", "annual_revenue", "search_text")
    assert sorted(rows) == [("Top", [], None, "top\nr1"), ("瑞丰", ["甲", "乙"], 999, "瑞丰\nr2")]


def test_codes_that_differ_in_case_are_two(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = SALES + "S1,k1,2026-03-01,85a,1,10,Lower,\nS2,K1,2026-03-01,85A,1,10,Upper,\ns1,K1,2026-03-01,85A,1,10,,\n"
    result = bring(any_engine, root, "purchases", a_file(tmp_path, text), create=ALL)
    assert counts(result) == (3, 0, 0, 0)
    assert sorted(stored(any_engine, Product, "sku", "name")) == [("85A", "Upper"), ("85a", "Lower")]


def test_what_was_undone_can_be_brought_again(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, SALES + "S1,K1,2026-03-01,P1,2,12.505,,\nS1,K1,2026-03-01,P2,-1,3,,\n")
    undo(any_engine, root, bring(any_engine, root, "purchases", source, create=ALL))
    assert counts(bring(any_engine, root, "purchases", source, create=ALL)) == (2, 0, 0, 0)
    assert stored(any_engine, Contract, "number", "amount") == [("S1", 2201)]


def test_opportunities_begin_their_log_and_move_on(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "customer,stage,number,amount,product\nA,needs,D1,100,P1\nA,proposal,D2,200,\n"
    bring(any_engine, root, "opportunities", a_file(tmp_path, text), create=ALL)
    moved = a_file(tmp_path, "number,stage,closed\nD2,won,2026-06-15\n")
    bring(any_engine, root, "opportunities", moved, update_by="number")
    assert stored(any_engine, Opportunity, "number", "outcome", "amount") == [
        ("D1", "open", 10000), ("D2", "won", 20000),
    ]  # fmt: skip
    with Session(any_engine) as session:
        assert session.scalar(select(func.count()).select_from(OpportunityEvent)) == 4 + 4 + 2


def test_contacts_change_places(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(any_engine, root, "contacts", a_file(tmp_path, "customer,name\nA,Ann\nA,Bob\n"), create=ALL)
    bring(any_engine, root, "contacts", a_file(tmp_path, "customer,name,primary\nA,Bob,yes\n"), update_by="name")
    assert stored(any_engine, Contact, "name", "primary") == [("Ann", False), ("Bob", True)]


def test_every_record_has_one_entry_with_what_it_began_with(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, "sku,name,list_price,launched\nP1,钉子 “x”,1.5,2020-01-02\n")
    result = bring(any_engine, root, "products", source)
    with db.reading(any_engine) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.change_set_id == result.change_set_id)).one()
    assert entry.after == {"sku": "P1", "name": "钉子 “x”", "list_price_e4": 15000, "launched_on": "2020-01-02"}


def test_exports_have_days_money_and_lists(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "name,tags,created,annual_revenue,primary\nA,x;y,2020-01-02,9.99,\n"
    bring(any_engine, root, "customers", a_file(tmp_path, text))
    with db.reading(any_engine) as session:
        table = exports.table(session, root, kind="customers")
    exports.write_table(table, tmp_path / "out.csv")
    assert ",x;y," in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert ",9.99,2020-01-02" in (tmp_path / "out.csv").read_text("utf-8-sig")
