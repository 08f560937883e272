"""The cockpit: what needs action, the headlines, finding somebody, and a call logged from there."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import Actor
from crm_data.analytics.kpis import by_key
from crm_data.analytics.overview import OVERVIEWS
from crm_data.models import Activity, Instalment, Task
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.pages.visiting import texts, visit


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_its_headlines(demo_engine: Engine, role: Role) -> None:
    app = visit(demo_engine, "", role=role)
    expected = [by_key(key).label for key in OVERVIEWS[role].headlines]
    assert [metric.label.replace("\\", "") for metric in app.metric] == [label for label in expected if label]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("role", Role)
def test_the_first_morning_is_empty_and_says_so(engine: Engine, role: Role, language: str) -> None:
    app = visit(engine, "", role=role, language=language)
    assert not app.exception
    assert not [metric.value for metric in app.metric if metric.value in {"0%", "NaN", "nan", "None"}]


def test_what_needs_action_is_counted_and_named(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session, name="Acme")
        contract = factories.a_contract(session, customer, title="Care for Acme")
        session.add(Instalment(contract_id=contract.id, customer_id=customer.id, due_on=date(2026, 6, 1), amount=5_000))
    shown = texts(visit(engine, "")).replace("\\", "")
    assert "overdue for 14 days" in shown


def test_a_task_is_done_with_one_click(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        person = factories.a_user(session, role=Role.SALES)
        task = factories.a_task(session, title="Call back", assignee_id=person.id)
        person_id, task_id = person.id, task.id
    app = visit(engine, "", user=person_id)
    app.button(key=f"done:{task_id}").click().run()
    with db.reading(engine) as session:
        assert session.scalars(select(Task.done_at)).one() is not None
    assert "Nothing needs action today" in texts(app)


def test_a_customer_is_found_by_the_phone_number_on_the_display(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        factories.a_customer(session, name="Acme", phone="+86 21 5555 0101")
    app = visit(engine, "")
    app.text_input(key="find").input("2155550101").run()
    assert any("Acme" in link.label for link in app.get("page_link"))


def test_a_call_is_logged_from_what_was_found(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        customer_id = factories.a_customer(session, name="Acme").id
    app = visit(engine, "")
    app.text_input(key="find").input("acme").run()
    app.button(key=f"log:customers:{customer_id}").click().run()
    app.text_input(key=f"call:{customer_id}:v0:subject").input("Delivery")
    app.button(key="save_call").click().run()
    with db.reading(engine) as session:
        assert session.scalars(select(Activity.subject)).all() == ["Delivery"]


def test_the_cockpit_tells_that_the_company_is_made_up(demo_engine: Engine) -> None:
    labels = [expander.label for expander in visit(demo_engine, "").expander]
    assert any("made-up company" in label for label in labels)


def test_a_new_company_is_led_through_its_first_steps(engine: Engine) -> None:
    assert "Five steps to begin" in [expander.label for expander in visit(engine, "").expander]


def test_the_cards_compare_with_what_was_chosen(demo_engine: Engine) -> None:
    app = visit(demo_engine, "", role=Role.MANAGER)
    usual = [metric.delta for metric in app.metric]
    app.selectbox(key="address:compare").select("last_year").run()
    assert [metric.delta for metric in app.metric] != usual


def test_without_a_comparison_nothing_is_said_to_have_changed(demo_engine: Engine) -> None:
    app = visit(demo_engine, "", role=Role.MANAGER)
    app.selectbox(key="address:compare").select("none").run()
    assert {metric.delta for metric in app.metric} == {""}


def test_the_period_stands_in_the_address(demo_engine: Engine) -> None:
    app = visit(demo_engine, "", role=Role.MANAGER)
    app.selectbox(key="address:period").select("last_year").run()
    assert app.query_params["period"] in ("last_year", ["last_year"])
