"""Many records get one value: the same rules as for one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import InvalidError
from crm_data.services import bulk, changes
from crm_data.vocabulary import ChangeAction
from tests import factories


def test_a_value_that_does_not_fit_is_refused_for_all(session: Session, root: Actor) -> None:
    ids = [factories.a_customer(session, region="North").id for _ in range(2)]
    with pytest.raises(InvalidError, match="too long"):
        bulk.set_field(session, root, kind="customers", ids=ids, field="region", value="x" * 101)


def test_what_must_be_filled_cannot_be_emptied(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        ids = [factories.a_task(session).id]
    with (
        pytest.raises(InvalidError, match="fill in"),
        changes.writing(engine, root, action=ChangeAction.BULK_EDIT) as session,
    ):
        bulk.set_field(session, root, kind="tasks", ids=ids, field="due_on", value=None)


@pytest.mark.parametrize(("kind", "field"), [("customers", "owner_id"), ("tasks", "assignee_id")])
def test_records_are_not_given_to_somebody_who_left(session: Session, root: Actor, kind: str, field: str) -> None:
    customer = factories.a_customer(session)
    rows: dict[str, Any] = {"customers": customer, "tasks": factories.a_task(session, customer)}
    gone = factories.a_user(session, active=False)
    with pytest.raises(InvalidError, match="cannot own"):
        bulk.set_field(session, root, kind=kind, ids=[rows[kind].id], field=field, value=gone.id)
