"""Saving, auditing and undoing on every database."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import AlreadyDoneError, ConflictError, CrmError
from crm_data.models import AuditEntry, ChangeSet, Contact, Customer
from crm_data.services import changes, customers, undoing
from crm_data.vocabulary import ChangeAction
from tests import factories


def test_a_save_and_its_audit_entry_are_written_together(any_engine: Engine, root: Actor) -> None:
    with suppress(CrmError), changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        factories.a_customer(session)
        raise CrmError("stop")
    with db.reading(any_engine) as session:
        assert (factories.count(session, Customer), session.scalar(_entries_of_customers())) == (0, 0)


def _entries_of_customers():
    return select(func.count()).select_from(AuditEntry).where(AuditEntry.record_kind == "customers")


def test_what_was_deleted_with_its_parts_comes_back(any_engine: Engine, root: Actor) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session)
        factories.a_contact(session, customer)
    with changes.writing(any_engine, root, action=ChangeAction.DELETE) as session:
        customers.delete(session, root, customer.id)
        deleted = changes.change_set_id(session)
    with changes.writing(any_engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, deleted)
    with db.reading(any_engine) as session:
        gone = [session.scalar(select(model.deleted_at)) for model in (Customer, Contact)]
    assert gone == [None, None]


def test_different_fields_of_two_people_merge(any_session: Session, root: Actor) -> None:
    customer = factories.a_customer(any_session, name="Old", city="武汉")
    shown = {"name": "Old", "city": "武汉"}
    customers.edit(any_session, root, customer.id, version=1, base=shown, mine=shown | {"name": "New"})
    customers.edit(any_session, root, customer.id, version=1, base=shown, mine=shown | {"city": "北京"})
    assert (customer.name, customer.city) == ("New", "北京")


def test_one_field_of_two_people_is_a_question(any_session: Session, root: Actor) -> None:
    customer = factories.a_customer(any_session, name="Old")
    customers.edit(any_session, root, customer.id, version=1, base={"name": "Old"}, mine={"name": "Theirs"})
    with pytest.raises(ConflictError) as caught:
        customers.edit(any_session, root, customer.id, version=1, base={"name": "Old"}, mine={"name": "Mine"})
    assert caught.value.fields["name"].theirs == "Theirs"


def test_a_save_that_another_session_overtook_is_tried_on_what_is_there(any_engine: Engine, root: Actor) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session, name="Old")
    turns = iter(["Between", None])

    def mine() -> int:
        with changes.writing(any_engine, root, action=ChangeAction.EDIT) as session:
            row = session.get(Customer, customer.id)
            other = next(turns)
            if other and any_engine.dialect.name != "sqlite":  # there the second writer waits for the first
                _elsewhere(any_engine, root, customer.id, other)
            row.city = "Wuhan"
            session.flush()
            return row.version

    assert db.retrying(mine) == (2 if any_engine.dialect.name == "sqlite" else 3)


def _elsewhere(engine: Engine, root: Actor, customer_id: int, name: str) -> None:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        session.get(Customer, customer_id).name = name


def test_the_same_form_twice_is_written_once(any_engine: Engine, root: Actor) -> None:
    for turn in range(2):
        writing = changes.writing(any_engine, root, action=ChangeAction.CREATE, nonce="form")
        with suppress(AlreadyDoneError), writing as session:
            factories.a_customer(session, name=f"Turn {turn}")
    with db.reading(any_engine) as session:
        assert session.scalars(select(Customer.name)).all() == ["Turn 0"]


def test_a_code_that_is_taken_is_said_in_words(any_engine: Engine, root: Actor) -> None:
    def write() -> None:
        with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
            session.add_all([Customer(name="A", code="C-1"), Customer(name="B", code="C-1")])

    with pytest.raises(CrmError, match="already has this number, code or name"):
        db.retrying(write)


def test_an_undo_names_the_change_that_it_took_back(any_engine: Engine, root: Actor) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        factories.a_customer(session)
        made = changes.change_set_id(session)
    with changes.writing(any_engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, made)
    with db.reading(any_engine) as session:
        found = session.scalars(select(ChangeSet).where(ChangeSet.undoes_id == made)).all()
    assert [change.action for change in found] == [ChangeAction.UNDO]
