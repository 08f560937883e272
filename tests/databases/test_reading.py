"""Values, searches, pages and the analysis copy on every database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from crm_data import access, db
from crm_data.access import Actor
from crm_data.models import Activity, AuditEntry, Contract, Customer
from crm_data.queries import customers as queries
from crm_data.queries.listing import Wanted
from crm_data.services import changes, customers
from crm_data.vocabulary import ChangeAction
from tests import factories

NAMES = ("瑞丰机械", "100% Fit", "100 Fit", "a_b", "axb", "C:\\Data", "C:Data", "Größe AG", "O'Neill", "𠮷野家 🍜")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("丰机", ["瑞丰机械"]),
        ("0%", ["100% Fit"]),
        ("a_b", ["a_b"]),
        (":\\d", ["C:\\Data"]),
        ("GRÖSSE", ["Größe AG"]),
        ("o'n", ["O'Neill"]),
        ("𠮷野", ["𠮷野家 🍜"]),
        ("🍜", ["𠮷野家 🍜"]),
        ("fit", ["100 Fit", "100% Fit"]),
        ("zzz", []),
    ],
)
def test_a_search_finds_what_contains_the_text(
    any_session: Session, root: Actor, search: str, found: list[str]
) -> None:
    for name in NAMES:
        factories.a_customer(any_session, name=name)
    page = queries.listing(any_session, root, wanted=Wanted(search=search, sort="name"))
    assert sorted(page.rows["name"]) == sorted(found)


def test_a_search_does_not_take_accents_for_nothing(any_session: Session, root: Actor) -> None:
    factories.a_customer(any_session, name="Grosse")
    assert queries.listing(any_session, root, wanted=Wanted(search="grösse")).total == 0


def test_codes_that_differ_in_case_are_two(any_session: Session, root: Actor) -> None:
    for code in ("ab-1", "AB-1", "ab-1 "):
        factories.a_customer(any_session, code=code)
    assert any_session.scalar(select(func.count()).select_from(Customer).where(Customer.code == "AB-1")) == 1


def test_documents_and_instants_come_back_as_they_were(any_engine: Engine, root: Actor) -> None:
    at = datetime(2026, 6, 1, 12, 30, 15, 123456, tzinfo=UTC)
    tags = ["重点", 'say "hi"', "a\\b", "🍜"]
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session, tags=tags)
        factories.an_activity(session, customer, at=at)
    with db.reading(any_engine) as session:
        kept = (session.scalar(select(Customer.tags)), session.scalar(select(Activity.at)))
        noted = session.scalar(select(AuditEntry.after).where(AuditEntry.record_kind == "customers"))
    assert (*kept, noted["tags"]) == (tags, at, tags)


def test_money_is_summed_exactly(any_session: Session) -> None:
    customer = factories.a_customer(any_session)
    amounts = [9_007_199_254_740_991, 1, -3, 10]
    for amount in amounts:
        factories.a_sale(any_session, customer, amount=amount)
    assert int(any_session.scalar(select(func.sum(Contract.amount)))) == sum(amounts)


def test_pages_follow_one_another_without_gap_or_repetition(any_session: Session, root: Actor) -> None:
    for number in range(53):
        factories.a_customer(any_session, name=f"客户 {number % 7}", city="Wuhan" if number % 2 else None)
    pages = [queries.listing(any_session, root, wanted=Wanted(sort="name", page=page, size=20)) for page in (1, 2, 3)]
    keys = [key for page in pages for key in page.rows["id"]]
    assert (len(set(keys)), [page.total for page in pages]) == (53, [53, 53, 53])


def test_the_copy_for_analysis_follows_every_session(any_engine: Engine, root: Actor) -> None:
    for number in range(3):
        with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
            customer = factories.a_customer(session, name=f"客户 {number}", annual_revenue=10**15 + number)
            factories.a_sale(session, customer, amount=number)
        with db.reading(any_engine) as session:
            seen = access.frames(session, root)["customers"].collect()
        assert seen.height == number + 1
    with changes.writing(any_engine, root, action=ChangeAction.EDIT) as session:
        customers.delete(session, root, customer.id)
    with db.reading(any_engine) as session:
        assert access.frames(session, root)["contracts"].collect()["amount"].sort().to_list() == [0, 1]


def test_the_copy_has_the_same_values_and_types_everywhere(any_engine: Engine, root: Actor) -> None:
    born = datetime(2026, 6, 1, 8, 0, 0, 1, tzinfo=UTC)
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        row = factories.a_customer(
            session, name="瑞丰", tags=["a", "b"], birth_date=date(1990, 2, 28), annual_revenue=2**53 - 1,
            created_at=born,
        )  # fmt: skip
        factories.a_contact(session, row, primary=True)
    with db.reading(any_engine) as session:
        frames = access.frames(session, root)
        customer = frames["customers"].select("name", "tags", "birth_date", "annual_revenue", "created_at", "stage")
        contact = frames["contacts"].select("primary").collect()
    expected = pl.DataFrame(
        {"name": ["瑞丰"], "tags": ['["a", "b"]'], "birth_date": [date(1990, 2, 28)], "annual_revenue": [2**53 - 1],
         "created_at": [born], "stage": ["prospect"]},
        schema_overrides={"created_at": pl.Datetime("us", "UTC")},
    )  # fmt: skip
    assert_frame_equal(customer.collect(), expected)
    assert contact.schema == {"primary": pl.Boolean}


def test_a_snapshot_does_not_see_what_is_committed_meanwhile(any_engine: Engine, root: Actor) -> None:
    with db.reading(any_engine) as session:
        before = session.scalar(select(func.count()).select_from(Customer))
        with changes.writing(any_engine, root, action=ChangeAction.CREATE) as other:
            factories.a_customer(other)
        assert session.scalar(select(func.count()).select_from(Customer)) == before


def test_the_tags_in_use_are_listed_once(any_session: Session, root: Actor) -> None:
    for tags in (["vip", "é"], ["vip"], [], ["vip"]):
        factories.a_customer(any_session, tags=tags)
    assert queries.tags_in_use(any_session, root) == ["vip", "é"]
