"""The opportunity screens: the board, the table, the record, moving, closing, lines and handing over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Activity, Contract, Opportunity, OpportunityLine
from crm_data.services import changes, opportunities
from crm_data.vocabulary import ChangeAction, LostReason, Role, StageKind
from tests import factories
from tests.pages.visiting import texts, visit

NASTY = "**Bold** [link](http://evil.example) :red[x] $2b$ <b>"


def kept(engine: Engine, root: Actor, make: Callable[[Session], Any]) -> int:
    """Write something and give the number of the record."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        return int(make(session).id)


def an_opportunity(session: Session, **wanted: Any) -> Opportunity:
    customer = factories.a_customer(session, name="瑞丰机械")
    return factories.an_opportunity(session, customer, **{"name": "Pumps"} | wanted)  # type: ignore[no-any-return]


@pytest.fixture
def key(engine: Engine, root: Actor) -> int:
    return kept(engine, root, an_opportunity)


def stage(engine: Engine, name: str) -> int:
    with db.reading(engine) as session:
        return factories.stage(session, name).id


def stored(engine: Engine, key: int) -> Opportunity:
    with db.reading(engine) as session:
        return session.scalars(select(Opportunity).where(Opportunity.id == key)).one()


def test_the_board_shows_a_column_a_stage_with_sums(engine: Engine, key: int) -> None:
    shown = texts(visit(engine, "opportunities"))
    assert "**Proposal** · 1" in shown
    assert "weighted" in shown
    assert "瑞丰机械" in shown


def test_an_empty_pipeline_says_what_to_do_first(engine: Engine) -> None:
    assert "There are no opportunities yet" in texts(visit(engine, "opportunities"))


def test_a_search_without_result_offers_to_clear_the_filters(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunities", q="nothing like it")
    assert app.button(key="clear").label == "Clear the filters"


def test_the_table_finds_by_the_customers_name(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunities", view="table", q="瑞丰")
    assert list(app.dataframe[0].value["name"]) == ["Pumps"]


def test_a_stage_of_the_bar_moves_it_and_undo_moves_it_back(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.button(key=f"stage:{stage(engine, 'negotiation')}").click().run()
    assert stored(engine, key).stage_id == stage(engine, "negotiation")
    app.button(key="undo").click().run()
    assert stored(engine, key).stage_id == stage(engine, "proposal")


def test_losing_asks_for_the_reason_only(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    lost = stage(engine, "lost")
    app.button(key=f"stage:{lost}").click().run()
    app.selectbox(key=f"move:{key}:{stage(engine, 'lost')}:v0:lost_reason").select(LostReason.PRICE)
    app.button(key="save_move").click().run()
    row = stored(engine, key)
    assert (row.outcome, row.lost_reason, row.closed_on) == (StageKind.LOST, LostReason.PRICE, date(2026, 6, 15))


def test_losing_without_a_reason_is_explained_and_nothing_moves(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.button(key=f"stage:{stage(engine, 'lost')}").click().run()
    app.button(key="save_move").click().run()
    assert "Say why it was lost" in texts(app)
    assert stored(engine, key).outcome is StageKind.OPEN


def test_winning_offers_the_contract(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.button(key=f"stage:{stage(engine, 'won')}").click().run()
    app.button(key="save_move").click().run()
    app.button(key="save_contract").click().run()
    with db.reading(engine) as session:
        assert session.scalars(select(Contract.opportunity_id)).all() == [key]


def test_two_people_moving_it_are_told(engine: Engine, root: Actor, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.button(key=f"stage:{stage(engine, 'lost')}").click().run()
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        opportunities.move(session, root, key, to=stage(engine, "needs"))
    app.selectbox(key=f"move:{key}:{stage(engine, 'lost')}:v0:lost_reason").select(LostReason.PRICE)
    app.button(key="save_move").click().run()
    assert "Somebody else moved this opportunity to" in texts(app)
    assert stored(engine, key).stage_id == stage(engine, "needs")


def test_an_opportunity_is_edited(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.button(key="edit").click().run()
    app.text_input(key=f"opportunity:{key}:v1:amount").input("2345.60")
    app.button(key="save").click().run()
    assert stored(engine, key).amount == 234_560


def test_a_line_is_added_and_the_amount_follows(engine: Engine, root: Actor, key: int) -> None:
    product = kept(engine, root, factories.a_product)
    app = visit(engine, "opportunity", id=key, tab="lines")
    app.button(key="add_line").click().run()
    app.selectbox(key=f"opportunity:{key}:line:new:v0:product_id").select(product)
    app.text_input(key=f"opportunity:{key}:line:new:v0:quantity_e3").input("2.5")
    app.button(key="save_line").click().run()
    assert stored(engine, key).amount == 25_000


def test_a_line_is_changed_in_place_and_removed(engine: Engine, root: Actor, key: int) -> None:
    line = kept(engine, root, lambda s: factories.added(s, OpportunityLine(
        opportunity_id=key, customer_id=s.get_one(Opportunity, key).customer_id, amount=1,
        product_id=factories.a_product(s).id, quantity_e3=1_000, unit_price_e4=1_000_000)))  # fmt: skip
    app = visit(engine, "opportunity", id=key, tab="lines")
    form = f"opportunity:{key}:line:{line}"
    app.button(key=f"edit:{form}").click().run()
    app.text_input(key=f"{form}:v1:discount_bp").input("12.5")
    app.button(key="save").click().run()
    assert stored(engine, key).amount == 8_750
    app.button(key=f"remove:{form}").click().run()
    assert "There are no lines yet" in texts(app)


def test_the_next_step_is_planned(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.text_input(key=f"next:{key}:v1:next_step").input("Call the buyer")
    app.button(key="save_next").click().run()
    assert stored(engine, key).next_step == "Call the buyer"


def test_a_call_logged_on_an_opportunity_belongs_to_it(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.button(key="log").click().run()
    next(field for field in app.text_input if str(field.key).endswith(":subject")).input("Price question")
    app.button(key="save_call").click().run()
    with db.reading(engine) as session:
        assert session.scalars(select(Activity.opportunity_id)).all() == [key]


def test_an_opportunity_is_handed_over(engine: Engine, root: Actor, key: int) -> None:
    other = kept(engine, root, lambda s: factories.a_user(s, name="Li Na"))
    app = visit(engine, "opportunity", id=key)
    app.button(key="hand_over").click().run()
    app.selectbox(key=f"hand_over:{key}:v0:owner_id").select(other)
    app.button(key="save_hand_over").click().run()
    assert stored(engine, key).owner_id == other


def test_a_new_opportunity_is_added_for_a_customer(engine: Engine, root: Actor, key: int) -> None:
    customer = stored(engine, key).customer_id
    app = visit(engine, "opportunities")
    app.button(key="new").click().run()
    app.button_group(key="new_opportunity:customer").set_value(customer).run()
    app.text_input(key=f"opportunity:new:{customer}:CNY:v0:name").input("Valves")
    app.button(key="save_opportunity").click().run()
    with db.reading(engine) as session:
        assert "Valves" in session.scalars(select(Opportunity.name)).all()


def test_deleting_asks_first_and_offers_undo(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", id=key)
    app.button(key="delete").click().run()
    app.button(key="really_delete").click().run()
    assert stored(engine, key).deleted_at is not None
    app.button(key="undo").click().run()
    assert stored(engine, key).deleted_at is None


def test_markup_in_a_name_is_shown_as_it_was_typed(engine: Engine, root: Actor) -> None:
    nasty = kept(engine, root, lambda s: an_opportunity(s, name=NASTY, next_step=NASTY, competitor=NASTY))
    for address, query in (("opportunity", {"id": nasty}), ("opportunities", {})):
        shown = texts(visit(engine, address, **query))
        assert "**Bold**" not in shown
        assert "](http" not in shown


def test_a_viewer_sees_the_pipeline_but_no_buttons_to_change_it(engine: Engine, key: int) -> None:
    app = visit(engine, "opportunity", role=Role.VIEWER, id=key)
    assert not {"edit", "delete", "hand_over"} & {button.key for button in app.button}


def test_service_is_told_that_opportunities_are_not_open_to_them(engine: Engine, key: int) -> None:
    assert "This is not open to you" in texts(visit(engine, "opportunities", role=Role.SERVICE))


def test_an_opportunity_of_somebody_else_is_not_shown(engine: Engine, root: Actor) -> None:
    theirs = kept(engine, root, lambda s: an_opportunity(s, name="Secret", owner_id=factories.a_user(s).id))
    app = visit(engine, "opportunity", role=Role.SALES, user=kept(engine, root, factories.a_user), id=theirs)
    assert "Secret" not in texts(app)
    assert "not open to you" in texts(app)


@pytest.mark.parametrize("tab", ["overview", "lines", "activities", "history"])
def test_every_part_of_the_record_opens_in_chinese(engine: Engine, key: int, tab: str) -> None:
    assert not visit(engine, "opportunity", language="zh_CN", id=key, tab=tab).exception
