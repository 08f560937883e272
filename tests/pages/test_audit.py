"""The audit log on the screen: found, read and taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Customer
from crm_data.services import changes, customers
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.pages.visiting import texts, visit

NAME = "**Bold** [x](http://e.com)"


@pytest.fixture
def edited(engine: Engine, root: Actor) -> int:
    """Give a customer whose owner and name were edited."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session, name="Old")
        owner = factories.a_user(session, name="李娜")
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        base = {"name": "Old", "owner_id": None}
        customers.edit(session, root, customer.id, version=1, base=base, mine={"name": NAME, "owner_id": owner.id})
    return customer.id


def chosen(engine: Engine, row: int, **query: str):
    app = visit(engine, "audit", **query)
    app.session_state["entries"] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return app.run()


def test_only_those_who_may_read_the_log_see_it(engine: Engine) -> None:
    assert "This is not open to you" in texts(visit(engine, "audit", role=Role.SALES))


def test_an_entry_is_said_in_words_and_names(engine: Engine, edited: int) -> None:
    shown = visit(engine, "audit", q="tests", action="edit").dataframe[0].value
    assert shown.iloc[0]["changes"] == f"Name: Old → {NAME}; Owner: — → 李娜"


def test_the_log_is_searched_by_record_number(engine: Engine, edited: int) -> None:
    shown = visit(engine, "audit", q=str(edited), kind="customers").dataframe[0].value
    assert list(shown["what"]) == ["Edited", "Created"]


def test_signing_in_stands_in_the_log(engine: Engine) -> None:
    assert "Signed in" in list(visit(engine, "audit", action="sign_in").dataframe[0].value["what"])


def test_a_change_is_undone_from_the_log(engine: Engine, edited: int) -> None:
    app = chosen(engine, 0, q="tests", action="edit")
    app.button(key="undo_change").click().run()
    with db.reading(engine) as session:
        assert (session.scalar(select(Customer.name)), app.exception.values) == ("Old", [])


def test_what_stands_on_a_change_is_listed(engine: Engine, root: Actor, edited: int) -> None:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        session.get(Customer, edited).name = "Newer"
    app = chosen(engine, 1, q="tests", action="edit")
    app.button(key="undo_change").click().run()
    assert list(app.dataframe[-1].value["Field"]) == ["Name"]
