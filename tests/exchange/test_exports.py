"""Tables taken out: complete, in their reader's reach, and readable again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import CrmError, NotAllowedError
from crm_data.exchange import exports
from crm_data.exchange.reading import open_source
from crm_data.models import AuditEntry, Contract, ContractLine, Customer, Opportunity, Product
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.exchange.bringing import ALL, a_file, bring, counts, stored

Filters = dict[str, str]
CUSTOMERS = (
    "name,code,kind,phone,email,website,parent,owner,tags,created,annual_revenue,employees,region\n"
    "=Acme,+A1,retailer,+86 21 6888 8888,a@x.cn,https://a.cn,,Li Na,x;y,2020-01-02,1000.50,12,North\n"
    "'-Sub,A2,person,,,,+A1,,,2021-01-02,,,\n"
)
SALES = (
    "number,customer,date,sku,quantity,unit_price,product,category,unit_cost,discount,region,currency\n"
    "S1,K1,2026-03-01,P1,2,12.5050,Nail,Iron,6,10,North,EUR\nS1,K1,2026-03-01,P2,-1,3,Nut,,,,North,EUR\n"
)
DEALS = (
    "customer,stage,number,owner,amount,probability,product,quantity,opened,expected_close,closed,lost_reason,source\n"
    "A1,Proposal,D1,Li Na,1000,60,P1,3,2026-01-01,2026-12-01,,,Fair\nA1,Lost,D2,,,,,,2026-01-01,,2026-02-01,price,\n"
)
ROUND = {
    "customers": (CUSTOMERS, Customer, ("name", "code", "kind", "phone", "tags", "acquired_on", "annual_revenue")),
    "products": ("sku,name,category,list_price\nP1,Nail,Iron,0.1234\n", Product, ("sku", "name", "list_price_e4")),
    "purchases": (SALES, ContractLine, ("quantity_e3", "unit_price_e4", "discount_bp", "unit_cost_e4", "amount")),
    "opportunities": (DEALS, Opportunity, ("number", "amount", "probability", "closed_on", "source", "lost_reason")),
}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("kind", ROUND)
def test_what_was_exported_can_be_imported_again(
    engine: Engine, root: Actor, tmp_path: Path, kind: str, ending: str
) -> None:
    text, model, columns = ROUND[kind]
    bring(engine, root, kind, a_file(tmp_path, text), create=ALL)
    before, path = stored(engine, model, *columns), tmp_path / f"taken.{ending}"
    taken_out(engine, root, kind, path)
    throw_away(engine, root, model)
    again = bring(engine, root, kind, open_source(path), create=ALL)
    assert counts(again) == (len(before), 0, 0, 0)
    assert stored(engine, model, *columns) == before


def taken_out(engine: Engine, actor: Actor, kind: str, path: Path, filters: Filters | None = None) -> int:
    with changes.writing(engine, actor, action=ChangeAction.EXPORT) as session:
        return exports.export(session, actor, kind=kind, path=path, filters=filters)


def throw_away(engine: Engine, root: Actor, model: type) -> None:
    """Put everything of a kind into the bin; sales go with their lines."""
    models = [Contract, ContractLine] if model is ContractLine else [model]
    with changes.writing(engine, root, action=ChangeAction.DELETE) as session:
        for row in [row for each in models for row in session.scalars(select(each))]:
            row.deleted_at = row.created_at


def listed(engine: Engine, actor: Actor, kind: str, filters: Filters | None = None) -> pl.DataFrame:
    with db.reading(engine) as session:
        return exports.table(session, actor, kind=kind, filters=filters)


def test_amounts_stand_in_units_of_their_own_currency(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "customer,stage,number,amount,currency\nA,needs,D1,1.50,EUR\nA,needs,D2,1500,JPY\nA,needs,D3,1.234,KWD\n"
    bring(engine, root, "opportunities", a_file(tmp_path, text), create=ALL)
    assert listed(engine, root, "opportunities")["amount"].to_list() == [Decimal("1.5"), 1500, Decimal("1.234")]
    assert stored(engine, Opportunity, "amount") == [(150,), (1500,), (1234,)]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": "Retailer"}, ["+A1"]),
        ({"tags": "Y"}, ["+A1"]),
        ({"created": "2021-01-02"}, ["A2"]),
        ({"annual_revenue": "1000.5"}, ["+A1"]),
        ({"region": "north", "kind": "person"}, []),
        ({"parent": "+a1"}, ["A2"]),
    ],
)
def test_filters_keep_what_was_asked_for(
    engine: Engine, root: Actor, tmp_path: Path, filters: dict[str, str], found: list[str]
) -> None:
    bring(engine, root, "customers", a_file(tmp_path, CUSTOMERS), create=ALL)
    assert listed(engine, root, "customers", filters)["code"].to_list() == found


def test_only_ones_own_records_leave_with_a_seller(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        seller = factories.an_actor(session, role=Role.SALES)
        mine = factories.a_customer(session, owner_id=seller.user_id)
        theirs = factories.a_customer(session, owner_id=factories.a_user(session).id)
        for customer in (mine, theirs):
            factories.a_contact(session, customer)
            factories.a_contract(session, customer, owner_id=customer.owner_id)
    assert [listed(engine, seller, kind).height for kind in ("customers", "contacts", "contracts")] == [1, 1, 1]


def test_a_viewer_takes_nothing_out(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        viewer = factories.an_actor(session, role=Role.VIEWER)
    with pytest.raises(NotAllowedError):
        listed(engine, viewer, "customers")


def test_an_export_is_written_down(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, CUSTOMERS), create=ALL)
    assert taken_out(engine, root, "customers", tmp_path / "a.csv", {"kind": "retailer"}) == 1
    with Session(engine) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == ChangeAction.EXPORT)).one()
    assert (entry.record_kind, entry.after) == (
        "customers", {"rows": 1, "format": "csv", "filters": {"kind": "retailer"}},
    )  # fmt: skip


def test_unknown_kinds_and_fields_are_refused_with_those_that_there_are(engine: Engine, root: Actor) -> None:
    with pytest.raises(CrmError, match="There are: customers, contacts"):
        listed(engine, root, "planets")
    with pytest.raises(CrmError, match="no field named colour"):
        listed(engine, root, "customers", {"colour": "red"})


def test_contracts_are_listed_with_their_terms(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        factories.a_contract(session, factories.a_customer(session, code="K1"), number="C9")
    row = listed(engine, root, "contracts").row(0, named=True)
    assert (row["number"], row["customer"], row["amount"], row["kind"]) == ("C9", "K1", Decimal(1200), "agreement")
