"""A list that somebody takes along: its rows, its words, and the note of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import locale
from crm_data.access import Actor
from crm_data.errors import NotAllowedError
from crm_data.exchange import lists
from crm_data.exchange.lists import Exported, Reading
from crm_data.models import AuditEntry, Customer, Opportunity, Record
from crm_data.queries import customers, opportunities
from crm_data.queries.listing import Wanted
from crm_data.vocabulary import Role
from tests import factories

ENGLISH = Reading(str, "Asia/Shanghai", "CNY")


def a_list(**wanted: Any) -> Exported:
    return Exported(customers.listing, Customer, Wanted(**wanted))


def test_all_rows_of_the_filter_are_taken_whatever_the_page(session: Session, root: Actor) -> None:
    for number in range(60):
        factories.a_customer(session, name=f"{'Keep' if number % 2 else 'Leave'} {number}")
    exported = a_list(search="keep", page=2, size=25)
    frame = lists.read(session, root, exported=exported, reading=ENGLISH)
    assert (lists.count(session, root, exported=exported), frame.height) == (30, 30)


def test_only_what_may_be_exported_is_taken(session: Session) -> None:
    team = factories.a_team(session)
    seller = factories.an_actor(session, team_id=team.id)
    mate = factories.a_user(session, team_id=team.id)
    factories.a_customer(session, name="Mine", owner_id=seller.user_id)
    factories.a_customer(session, name="The mate's", owner_id=mate.id)
    frame = lists.read(session, seller, exported=a_list(), reading=ENGLISH)
    assert frame["Name"].to_list() == ["Mine"]


def test_without_the_right_nothing_is_taken(session: Session) -> None:
    viewer = factories.an_actor(session, role=Role.VIEWER)
    with pytest.raises(NotAllowedError):
        lists.read(session, viewer, exported=a_list(), reading=ENGLISH)


def test_values_are_said_in_words_and_local_time(session: Session, root: Actor) -> None:
    chinese = Reading(lambda words: locale.translated(words, language="zh_CN"), "Asia/Shanghai", "CNY")
    customer = factories.a_customer(session, name="瑞丰")
    customer.updated_at = datetime(2026, 6, 1, 20, tzinfo=UTC)
    english, translated = (
        lists.read(session, root, exported=a_list(), reading=reading) for reading in (ENGLISH, chinese)
    )
    assert (english["Kind"][0], translated.columns[0] != "Name") == ("Company", True)
    assert "Last change (Asia/Shanghai)" in english.columns


def test_amounts_stand_in_units_of_their_own_currency(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    for amount, currency in ((12_345, "CNY"), (500, "JPY")):
        factories.an_opportunity(session, customer, amount=amount, currency=currency)
    model: type[Record] = Opportunity
    frame = lists.read(session, root, exported=Exported(opportunities.listing, model, Wanted()), reading=ENGLISH)
    assert sorted(map(float, frame["Amount"])) == [123.45, 500.0]


def test_what_looks_like_a_formula_is_shielded(session: Session, root: Actor, tmp_path: Path) -> None:
    factories.a_customer(session, name="=1+1", acquired_on=date(2026, 1, 1))
    path = tmp_path / "list.csv"
    lists.write(lists.read(session, root, exported=a_list(), reading=ENGLISH), path)
    assert "'=1+1" in path.read_text(encoding="utf-8-sig")


def test_an_export_is_written_down_with_its_filter(session: Session, root: Actor, tmp_path: Path) -> None:
    lists.note(session, exported=a_list(search="a", filters={"city": ["武汉"]}), rows=7, file=tmp_path / "list.xlsx")
    session.flush()
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert noted.after == {"rows": 7, "format": "xlsx", "search": "a", "filters": {"city": ["武汉"]}}
