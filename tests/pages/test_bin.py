"""The recycle bin: what lies there, for whom, and how it comes back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Contact, Customer
from crm_data.services import changes, customers
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.pages.visiting import texts, visit

NAME = "**Bold** <b>[x](http://e.com)</b>"


@pytest.fixture
def deleted(engine: Engine, root: Actor) -> int:
    """Give a customer that was deleted with a contact."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session, name=NAME)
        factories.a_contact(session, customer)
    with changes.writing(engine, root, action=ChangeAction.DELETE) as session:
        customers.delete(session, root, customer.id)
    return customer.id


def test_an_empty_bin_says_so(engine: Engine) -> None:
    assert "The recycle bin is empty." in texts(visit(engine, "bin"))


def test_a_viewer_is_told_whom_to_ask(engine: Engine) -> None:
    assert "This is not open to you" in texts(visit(engine, "bin", role=Role.VIEWER))


def test_the_bin_shows_what_was_deleted_and_by_whom(engine: Engine, deleted: int) -> None:
    shown = visit(engine, "bin").dataframe[0].value
    assert [list(row)[::2] for row in shown.itertuples(index=False)] == [[NAME, "tests"]]


def test_a_restored_customer_brings_its_contact_back(engine: Engine, deleted: int) -> None:
    app = visit(engine, "bin")
    app.session_state["bin:customers:1:1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    app.button(key="restore").click().run()
    with db.reading(engine) as session:
        gone = [session.scalar(select(model.deleted_at)) for model in (Customer, Contact)]
    assert (gone, app.exception.values) == ([None, None], [])
