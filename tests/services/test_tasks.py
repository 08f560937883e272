"""What may be done with tasks, and for which records."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import InvalidFormError
from crm_data.models import Customer
from crm_data.services import tasks
from tests import factories


@pytest.fixture
def theirs(session: Session) -> Customer:
    return factories.a_customer(session, owner_id=factories.a_user(session).id)


def test_a_task_cannot_be_planned_for_a_customer_that_is_not_open_to_one(
    session: Session, seller: Actor, theirs: Customer
) -> None:
    values = {"title": "Look", "due_on": date(2026, 6, 20), "customer_id": theirs.id}
    with pytest.raises(InvalidFormError) as caught:
        tasks.create(session, seller, values=values)
    assert [problem.field for problem in caught.value.problems] == ["customer_id"]


@pytest.mark.parametrize("name", ["customer_id", "opportunity_id", "contract_id"])
def test_a_task_cannot_be_moved_to_a_record_that_is_not_open_to_one(
    session: Session, seller: Actor, theirs: Customer, name: str
) -> None:
    task = factories.a_task(session, assignee_id=seller.user_id)
    ids = {
        "customer_id": theirs.id,
        "opportunity_id": factories.an_opportunity(session, theirs).id,
        "contract_id": factories.a_contract(session, theirs).id,
    }
    with pytest.raises(InvalidFormError) as caught:
        tasks.edit(session, seller, task.id, version=1, base={}, mine={name: ids[name]})
    assert [problem.field for problem in caught.value.problems] == [name]
