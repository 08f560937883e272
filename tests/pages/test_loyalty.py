"""The loyalty screen: index, members, ledgers, bookings and tiers."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Customer, LoyaltyEntry, LoyaltyTier
from crm_data.services import changes, loyalty
from crm_data.vocabulary import ChangeAction, LoyaltyEntryKind, Role
from tests import factories
from tests.pages.visiting import texts, visit


@pytest.fixture
def customer_id(engine: Engine, root: Actor) -> int:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        factories.a_point_a_hundred(session)
        customer = factories.a_customer(session, name="瑞丰 **机械**", region="North")
        factories.a_sale(session, customer, amount=100_000)
        loyalty.earn(session, root, customer.id, points=600, reason="Welcome <b>")
    return int(customer.id)


def ledger(engine: Engine) -> list[tuple[Any, int]]:
    with db.reading(engine) as session:
        rows = session.scalars(select(LoyaltyEntry).order_by(LoyaltyEntry.id))
        return [(entry.kind, entry.points) for entry in rows]


@pytest.mark.parametrize("tab", ["index", "members", "ledger", "tiers"])
def test_every_part_opens_on_an_empty_programme(engine: Engine, tab: str) -> None:
    assert not visit(engine, "loyalty", tab=tab).exception


def test_the_index_shows_its_parts_with_their_weights(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "loyalty", role=Role.VIEWER)
    weights = next(frame.value for frame in app.dataframe if "weight" in frame.value)
    assert [str(weight) for weight in weights["weight"]] == ["25", "20", "15", "10", "20", "10"]


def test_members_are_found_by_name_with_points_and_tier(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "loyalty", tab="members", q="瑞丰")
    rows = next(frame.value for frame in app.dataframe if "balance" in frame.value)
    assert [list(rows[name]) for name in ("balance", "tier")] == [["600"], ["Silver"]]


def test_a_ledger_has_the_balance_and_the_way_to_the_next_tier(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "loyalty", tab="ledger", customer=customer_id)
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["Balance"], shown["Missing for Gold"]) == ("600", "1,400")


def test_points_are_spent_in_a_dialog_and_never_beyond_the_balance(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "loyalty", tab="ledger", customer=customer_id)
    app.button(key="book_for").click().run()
    key = f"points:{customer_id}:{LoyaltyEntryKind.SPENT}:v0:points"
    app.number_input(key=key).set_value(601)
    app.button(key="save_points").click().run()
    assert "The balance is 600 points" in texts(app)
    app.number_input(key=key).set_value(100)
    app.button(key="save_points").click().run()
    assert ledger(engine)[-1] == (LoyaltyEntryKind.SPENT, -100)


def test_a_booking_has_no_undo_because_a_ledger_only_grows(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "loyalty")
    app.button(key="book_sales").click().run()
    assert ledger(engine)[-1] == (LoyaltyEntryKind.EARNED, 10)
    assert "undo" not in {button.key for button in app.button}


def test_customers_are_moved_to_their_tiers(engine: Engine, customer_id: int) -> None:
    visit(engine, "loyalty").button(key="apply_tiers").click().run()
    with db.reading(engine) as session:
        assert session.get_one(Customer, customer_id).tier == "Silver"


def test_a_tier_is_added_edited_and_deleted_by_the_administrator(engine: Engine) -> None:
    app = visit(engine, "loyalty", tab="tiers")
    app.button(key="new_tier").click().run()
    app.text_input(key="tier:new:v0:name").input("Jade")
    app.number_input(key="tier:new:v0:threshold").set_value(9_000)
    app.button(key="save_tier").click().run()
    with db.reading(engine) as session:
        jade = session.scalars(select(LoyaltyTier).where(LoyaltyTier.name == "Jade")).one()
    app.button(key=f"delete_tier:{jade.id}").click().run()
    assert "Jade" not in texts(visit(engine, "loyalty", tab="tiers"))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SALES])
def test_who_may_only_look_has_no_buttons(engine: Engine, customer_id: int, role: Role) -> None:
    app = visit(engine, "loyalty", role=role, tab="tiers")
    assert not {button.key for button in app.button} & {"book", "new_tier", "book_sales", "expire", "apply_tiers"}


@pytest.mark.parametrize("given", ["x", "4711", "-1"])
def test_a_ledger_of_nobody_is_answered_with_a_sentence(engine: Engine, given: str) -> None:
    assert not visit(engine, "loyalty", tab="ledger", customer=given).exception
