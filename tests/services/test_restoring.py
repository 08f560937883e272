"""Bringing records back from the bin, and what the bin shows to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.errors import CrmError, NotAllowedError, NotFoundError
from crm_data.models import Contact, Customer
from crm_data.queries import bin as queries
from crm_data.queries.listing import Wanted
from crm_data.services import bulk, changes, contacts, customers, restoring
from crm_data.vocabulary import ChangeAction, Role
from tests import factories


def written(engine: Engine, actor: Actor, act: Callable[[Session], Any]) -> Any:
    with changes.writing(engine, actor, action=ChangeAction.EDIT) as session:
        return act(session)


def alive(engine: Engine) -> list[str]:
    with db.reading(engine) as session:
        found: list[str] = []
        for model in (Customer, Contact):
            found += session.scalars(select(model.name).where(model.deleted_at.is_(None)).order_by(model.id))
        return found


@pytest.fixture
def two(engine: Engine, root: Actor) -> list[int]:
    """Give two customers with a contact each, deleted together."""

    def make(session: Session) -> list[int]:
        found = [factories.a_customer(session, name=name) for name in ("A", "B")]
        for customer in found:
            factories.a_contact(session, customer, name=f"at {customer.name}")
        return [customer.id for customer in found]

    ids: list[int] = written(engine, root, make)
    written(engine, root, lambda s: bulk.delete(s, root, kind="customers", ids=ids))
    return ids


def test_one_of_many_that_were_deleted_together_comes_back_alone(engine: Engine, root: Actor, two: list[int]) -> None:
    written(engine, root, lambda s: restoring.restore(s, root, kind="customers", record_id=two[0]))
    assert alive(engine) == ["A", "at A"]


def test_what_was_deleted_before_stays_deleted(engine: Engine, root: Actor) -> None:
    customer = written(engine, root, lambda s: factories.a_customer(s, name="A"))
    contact = written(engine, root, lambda s: factories.a_contact(s, customer, name="gone before"))
    written(engine, root, lambda s: contacts.delete(s, root, contact.id))
    written(engine, root, lambda s: customers.delete(s, root, customer.id))
    written(engine, root, lambda s: restoring.restore(s, root, kind="customers", record_id=customer.id))
    assert alive(engine) == ["A"]


def test_a_part_does_not_come_back_without_its_whole(engine: Engine, root: Actor, two: list[int]) -> None:
    with db.reading(engine) as session:
        contact = session.scalar(select(Contact.id).where(Contact.customer_id == two[0]))
    with pytest.raises(CrmError, match="Restore that one first"):
        written(engine, root, lambda s: restoring.restore(s, root, kind="contacts", record_id=contact))


def test_what_is_not_in_the_bin_is_said(session: Session, root: Actor) -> None:
    with pytest.raises(NotFoundError):
        restoring.restore(session, root, kind="customers", record_id=factories.a_customer(session).id)


def test_somebody_elses_record_is_not_brought_back(session: Session, seller: Actor) -> None:
    theirs = factories.a_customer(session, deleted_at=clock.now())
    with pytest.raises(NotAllowedError):
        restoring.restore(session, seller, kind="customers", record_id=theirs.id)


def test_the_bin_says_when_and_by_whom(engine: Engine, root: Actor, two: list[int]) -> None:
    with db.reading(engine) as session:
        page = queries.listing(session, root, kind="customers", wanted=Wanted(search="b"))
    assert page.rows.select("name", "username").rows() == [("B", "tests")]


def test_the_bin_shows_each_only_what_they_may_delete(session: Session, seller: Actor, root: Actor) -> None:
    now = clock.now()
    factories.a_customer(session, owner_id=seller.user_id, deleted_at=now)
    factories.a_customer(session, deleted_at=now)
    factories.a_product(session, deleted_at=now)
    viewer = factories.an_actor(session, role=Role.VIEWER)
    seen = [dict(queries.kinds(session, actor)) for actor in (root, seller, viewer)]
    assert seen == [{"customers": 2, "products": 1}, {"customers": 1}, {}]
