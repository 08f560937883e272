"""The customer screens: found, shown, edited, logged, moved and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from streamlit.runtime.scriptrunner_utils.exceptions import StopException

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Activity, Customer
from crm_data.services import changes, customers
from crm_data.vocabulary import ChangeAction, LifecycleStage, Role
from pages.ui import state
from tests import factories
from tests.pages.visiting import texts, visit

NASTY = "**Bold** [link](http://evil.example) :red[x] $2b$ <b>"


def kept(engine: Engine, root: Actor, make: Callable[[Session], Any]) -> int:
    """Write something and give the number of the record."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        return int(make(session).id)


@pytest.fixture
def customer_id(engine: Engine, root: Actor) -> int:
    return kept(engine, root, lambda s: factories.a_customer(s, name="瑞丰机械", phone="010 5555 1234", city="北京"))


def stored(engine: Engine, customer_id: int) -> Customer:
    with db.reading(engine) as session:
        return session.scalars(select(Customer).where(Customer.id == customer_id)).one()


@pytest.mark.parametrize("search", ["瑞丰", "5551234", "北京", "010 5555 1234"])
def test_a_customer_is_found_by_part_of_a_name_phone_or_city(engine: Engine, customer_id: int, search: str) -> None:
    app = visit(engine, "customers", q=search)
    assert list(app.dataframe[0].value["name"]) == ["瑞丰机械"]


def test_an_empty_list_says_what_to_do_first(engine: Engine) -> None:
    assert "There are no customers yet" in texts(visit(engine, "customers"))


def test_a_search_without_result_offers_to_clear_the_filters(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "customers", q="nobody")
    assert app.button(key="clear").label == "Clear the filters"


def test_a_phone_number_is_edited_on_the_record(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    app.button(key="edit").click().run()
    app.text_input(key=f"customer:{customer_id}:v1:phone").input("021 6666 7777")
    app.button(key="save").click().run()
    assert stored(engine, customer_id).phone == "021 6666 7777"


def test_a_wrong_phone_number_is_explained_at_its_field_and_nothing_is_lost(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    app.button(key="edit").click().run()
    app.text_input(key=f"customer:{customer_id}:v1:phone").input("call me maybe")
    app.button(key="save").click().run()
    assert "This is not a phone number" in texts(app)
    assert app.text_input(key=f"customer:{customer_id}:v1:phone").value == "call me maybe"


def test_two_people_changing_one_field_see_both_values(engine: Engine, root: Actor, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    app.button(key="edit").click().run()
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        customers.edit(session, root, customer_id, version=1, base={"city": "北京"}, mine={"city": "武汉"})
    app.text_input(key=f"customer:{customer_id}:v1:city").input("广州")
    app.button(key="save").click().run()
    assert list(app.radio[0].options) == ["Theirs: 武汉", "Mine: 广州", "As it was: 北京"]


def test_the_chosen_value_of_a_conflict_is_saved(engine: Engine, root: Actor, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    app.button(key="edit").click().run()
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        customers.edit(session, root, customer_id, version=1, base={"city": "北京"}, mine={"city": "武汉"})
    app.text_input(key=f"customer:{customer_id}:v1:city").input("广州")
    app.button(key="save").click().run()
    app.radio[0].set_value("mine")
    app.button(key="save").click().run()
    assert stored(engine, customer_id).city == "广州"


def test_a_call_is_logged_in_a_dialog(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    app.button(key="log").click().run()
    app.text_input(key=f"call:{customer_id}:v0:subject").input("Price question")
    app.button(key="save_call").click().run()
    with db.reading(engine) as session:
        assert session.scalars(select(Activity.subject)).all() == ["Price question"]


def test_the_same_form_sent_twice_logs_one_call(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    for _click in range(2):
        app.button(key="log").click().run()
        app.session_state["ui.nonces"] = {f"call:{customer_id}": "the same filling-in"}
        app.text_input(key=f"call:{customer_id}:v0:subject").input("Price question")
        app.button(key="save_call").click().run()
    with db.reading(engine) as session:
        assert factories.count(session, Activity) == 1


def test_deleting_asks_first_and_offers_undo(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    app.button(key="delete").click().run()
    app.button(key="really_delete").click().run()
    assert stored(engine, customer_id).deleted_at is not None
    app.button(key="undo").click().run()
    assert stored(engine, customer_id).deleted_at is None


def test_a_move_in_the_life_cycle_shows_in_the_history(engine: Engine, customer_id: int) -> None:
    app = visit(engine, "customer", id=customer_id)
    app.button(key="move").click().run()
    app.selectbox(key=f"move:{customer_id}:v1:stage").select(LifecycleStage.NEEDS)
    app.button(key="save_move").click().run()
    assert stored(engine, customer_id).stage is LifecycleStage.NEEDS


def test_markup_in_a_name_is_shown_as_it_was_typed(engine: Engine, root: Actor) -> None:
    key = kept(engine, root, lambda s: factories.a_customer(s, name=NASTY))
    heading = visit(engine, "customer", id=key).header[0].value
    assert "**Bold**" not in heading
    assert "](http" not in heading


def test_a_record_of_somebody_else_is_not_shown(engine: Engine, root: Actor) -> None:
    def theirs(session: Session) -> Customer:
        return factories.a_customer(session, name="Secret", owner_id=factories.a_user(session, role=Role.MANAGER).id)

    app = visit(engine, "customer", role=Role.SALES, id=kept(engine, root, theirs))
    assert "Secret" not in texts(app)
    assert "not open to you" in texts(app)


@pytest.mark.parametrize("number", ["", "x", "99999999", "-1", "1e3"])
def test_a_number_without_record_is_answered_with_a_sentence(engine: Engine, number: str) -> None:
    app = visit(engine, "customer", id=number)
    assert not app.exception
    assert "Choose a record" in texts(app) or "does not exist" in texts(app)


def test_an_earlier_value_is_restored_from_the_history(engine: Engine, root: Actor, customer_id: int) -> None:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        customers.edit(session, root, customer_id, version=1, base={"city": "北京"}, mine={"city": "武汉"})
    app = visit(engine, "customer", id=customer_id, tab="history")
    next(button for button in app.button if str(button.key).startswith("restore:")).click().run()
    assert stored(engine, customer_id).city == "北京"


def test_many_customers_get_an_owner_at_once(engine: Engine, root: Actor, customer_id: int) -> None:
    app = visit(engine, "customers")
    app.session_state["customers"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    app.button(key="bulk_set").click().run()
    app.selectbox(key="bulk_field").select("category").run()
    app.text_input(key="bulk:customers:category:v0:category").input("A")
    app.button(key="bulk_save").click().run()
    assert stored(engine, customer_id).category == "A"


def test_a_call_is_logged_for_the_chosen_one_of_two_namesakes(engine: Engine, root: Actor) -> None:
    first, second = (kept(engine, root, lambda s: factories.a_customer(s, name="张伟")) for _ in range(2))
    app = visit(engine, "customers")
    app.button(key="log").click().run()
    app.button_group(key="call_customer").set_value(first).run()
    app.text_input(key=f"call:{first}:v0:subject").input("Which one?")
    app.button(key="save_call").click().run()
    with db.reading(engine) as session:
        found = session.scalars(select(Activity.customer_id)).all()
    assert (found, second) == ([first], first + 1)


def test_the_history_shows_amounts_in_units_and_people_by_name(engine: Engine, root: Actor, customer_id: int) -> None:
    owner_id = kept(engine, root, lambda s: factories.a_user(s, name="Li Na"))
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        mine = {"credit_limit": 123_450, "owner_id": owner_id}
        customers.edit(session, root, customer_id, version=1, base={}, mine=mine)
    shown = texts(visit(engine, "customer", id=customer_id, tab="history")).replace("\\", "")
    assert ("— → 1,234.5" in shown, "— → Li Na" in shown) == (True, True)


def test_an_impatient_click_finishes_what_the_first_one_saved(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    app = visit(engine, "customers")
    app.button(key="new").click().run()
    app.text_input(key="customer:new:v0:name").input("Once Only")
    with monkeypatch.context() as cut:
        cut.setattr(state, "flash", _cut_short)  # as another click does, right behind the commit
        app.button(key="save_customer").click().run()
    app.button(key="save_customer").click().run()
    with db.reading(engine) as session:
        names = session.scalars(select(Customer.name)).all()
    assert (list(names), "Once Only" in texts(app)) == (["Once Only"], True)


def _cut_short(*_given: Any, **_named: Any) -> None:
    raise StopException
