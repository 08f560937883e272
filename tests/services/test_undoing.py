"""Whatever is done to records, taking it back step by step gives back what was there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import UndoConflictError
from crm_data.models import Activity, Contact, Customer
from crm_data.services import changes, customers, undoing
from crm_data.vocabulary import ChangeAction, LifecycleStage
from tests import factories

Key = tuple[str, int]
ACTS = st.tuples(st.sampled_from(["create", "contact", "rename", "move", "tag", "delete", "undo"]), st.integers(0, 9))
SHOWN = ("name", "stage", "city", "tags", "customer_id", "subject")


@contextmanager
def fresh(template: Path, folder: Path) -> Iterator[Engine]:
    path = folder / f"{uuid4().hex}.db"
    shutil.copy(template, path)
    bind = db.engine(f"sqlite:///{path}")
    yield bind
    bind.dispose()


def state(engine: Engine) -> dict[Key, dict[str, Any]]:
    """Give what is there, without what lies in the bin."""
    with db.reading(engine) as session:
        rows = [row for model in (Customer, Contact, Activity)
                for row in session.scalars(select(model).where(model.deleted_at.is_(None)))]  # fmt: skip
        return {(row.__tablename__, row.id): {name: getattr(row, name, None) for name in SHOWN} for row in rows}


def done(engine: Engine, root: Actor, act: str, number: int, *, last: int | None) -> int | None:
    """Do one act and give its change set; None when there is nothing to do it with."""
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        if act == "undo":
            if last is None:
                return None
            undoing.undo(session, root, last)
        elif not _acted(session, root, act, number):
            return None
        session.flush()
        return changes.change_set_id(session)


def _acted(session: Session, root: Actor, act: str, number: int) -> bool:
    there = session.scalars(select(Customer).where(Customer.deleted_at.is_(None)).order_by(Customer.id)).all()
    if act == "create":
        factories.a_customer(session, name=f"Customer {number}")
        return True
    if not there:
        return False
    customer = there[number % len(there)]
    match act:
        case "contact":
            factories.a_contact(session, customer)
        case "rename":
            customer.name, customer.city = f"{customer.name}+{number}", "武汉"
        case "move":
            customer.stage = LifecycleStage.WON if customer.stage is not LifecycleStage.WON else LifecycleStage.NEEDS
        case "tag":
            customer.tags = [*customer.tags, f"tag {len(customer.tags)}"]
        case "delete":
            customers.delete(session, root, customer.id)
    return True


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=2, max_size=12))
def test_undoing_step_by_step_goes_back_through_every_state(
    template: Path, tmp_path: Path, root: Actor, acts: list[tuple[str, int]]
) -> None:
    with fresh(template, tmp_path) as engine:
        states, sets = [state(engine)], list[int]()
        for act, number in acts:
            made = done(engine, root, act, number, last=sets[-1] if sets else None)
            if made is not None:
                sets.append(made)
                states.append(state(engine))
        for made in reversed(sets):
            assert state(engine) == states.pop()
            done(engine, root, "undo", 0, last=made)
        assert state(engine) == states.pop()


def test_a_creation_on_which_somebody_built_cannot_be_undone(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session)
        made = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        activity = factories.an_activity(session, customer)
    with (
        pytest.raises(UndoConflictError) as caught,
        changes.writing(engine, root, action=ChangeAction.UNDO) as session,
    ):
        undoing.undo(session, root, made)
    assert caught.value.records == (("activities", activity.id, "customer_id"),)


def test_an_edit_that_was_edited_again_cannot_be_undone(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session, name="A", city="Wuhan")
    made = [done_rename(engine, root, customer.id, name) for name in ("B", "C")]
    with (
        pytest.raises(UndoConflictError) as caught,
        changes.writing(engine, root, action=ChangeAction.UNDO) as session,
    ):
        undoing.undo(session, root, made[0])
    assert caught.value.records == (("customers", customer.id, "name"),)


def done_rename(engine: Engine, root: Actor, customer_id: int, name: str) -> int:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        session.get(Customer, customer_id).name = name
        return changes.change_set_id(session)
