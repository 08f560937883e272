"""What may be done with customers, and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import access, db
from crm_data.access import Actor
from crm_data.errors import AlreadyDoneError, ConflictError, InvalidFormError, NotAllowedError, NotFoundError
from crm_data.models import AuditEntry, Contact, Customer, LifecycleMove
from crm_data.services import changes, customers, settings, undoing
from crm_data.vocabulary import ChangeAction, LifecycleStage, Role
from tests import factories


def test_a_new_customer_belongs_to_whoever_added_it(session: Session, seller: Actor) -> None:
    customer = customers.create(session, seller, values={"name": "瑞丰机械"})
    assert customer.owner_id == seller.user_id


def test_a_customer_needs_a_name(session: Session, seller: Actor) -> None:
    with pytest.raises(InvalidFormError) as caught:
        customers.create(session, seller, values={"name": "  ", "email": "nobody"})
    assert [problem.field for problem in caught.value.problems] == ["name", "email"]


def test_a_viewer_cannot_add_a_customer(session: Session) -> None:
    with pytest.raises(NotAllowedError):
        customers.create(session, factories.an_actor(session, role=Role.VIEWER), values={"name": "A"})


def test_a_record_of_another_owner_cannot_be_reached_by_guessing_its_number(session: Session, seller: Actor) -> None:
    theirs = factories.a_customer(session, owner_id=factories.a_user(session).id)
    with pytest.raises(NotFoundError):
        access.fetch(session, seller, Customer, theirs.id)


def test_moving_through_the_life_cycle_leaves_a_dated_trace(session: Session, seller: Actor) -> None:
    customer = customers.create(session, seller, values={"name": "A"})
    customers.move(session, seller, customer.id, stage=LifecycleStage.NEEDS, reason="First meeting")
    moves = session.scalars(select(LifecycleMove).order_by(LifecycleMove.id)).all()
    assert [(move.from_stage, move.to_stage, move.reason) for move in moves] == [
        (None, LifecycleStage.PROSPECT, None),
        (LifecycleStage.PROSPECT, LifecycleStage.NEEDS, "First meeting"),
    ]


def test_two_people_may_change_different_fields(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session, name="Old", city="Wuhan")
    shown = {"name": "Old", "city": "Wuhan"}
    customers.edit(session, root, customer.id, version=1, base=shown, mine=shown | {"name": "New"})
    customers.edit(session, root, customer.id, version=1, base=shown, mine=shown | {"city": "Beijing"})
    assert (customer.name, customer.city) == ("New", "Beijing")


def test_two_people_changing_one_field_meet_a_question(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session, name="Old")
    customers.edit(session, root, customer.id, version=1, base={"name": "Old"}, mine={"name": "Theirs"})
    with pytest.raises(ConflictError) as caught:
        customers.edit(session, root, customer.id, version=1, base={"name": "Old"}, mine={"name": "Mine"})
    conflict = caught.value.fields["name"]
    assert (conflict.original, conflict.theirs, conflict.mine) == ("Old", "Theirs", "Mine")


def test_an_edit_is_written_down_with_before_and_after(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session, name="Old")
    customers.edit(session, root, customer.id, version=1, base={"name": "Old"}, mine={"name": "New"})
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == ChangeAction.EDIT)).one()
    assert (entry.before, entry.after) == ({"name": "Old"}, {"name": "New"})


def test_deleting_takes_what_hangs_on_it_and_undo_brings_all_of_it_back(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session)
        factories.a_contact(session, customer)
    with changes.writing(engine, root, action=ChangeAction.DELETE) as session:
        customers.delete(session, root, customer.id)
        deleted = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, deleted)
    with db.reading(engine) as session:
        assert session.scalars(select(Contact.deleted_at)).all() == [None]


def test_the_same_form_sent_twice_writes_once(engine: Engine, root: Actor) -> None:
    for _ in range(2):
        try:
            with changes.writing(engine, root, action=ChangeAction.CREATE, nonce="form-1") as session:
                factories.a_customer(session)
        except AlreadyDoneError:
            pass
    with db.reading(engine) as session:
        assert factories.count(session, Customer) == 1


def test_a_customer_is_not_put_below_one_that_is_not_open_to_whoever_edits(session: Session, seller: Actor) -> None:
    mine = factories.a_customer(session, owner_id=seller.user_id)
    theirs = factories.a_customer(session, owner_id=factories.a_user(session).id)
    with pytest.raises(InvalidFormError) as caught:
        customers.edit(session, seller, mine.id, version=1, base={}, mine={"parent_id": theirs.id})
    assert [problem.field for problem in caught.value.problems] == ["parent_id"]


def test_a_text_longer_than_its_column_is_refused_at_its_field(session: Session, seller: Actor) -> None:
    with pytest.raises(InvalidFormError) as caught:
        customers.create(session, seller, values={"name": "x" * 201})
    assert [problem.field for problem in caught.value.problems] == ["name"]


def test_a_customer_is_known_since_the_organisations_day_not_that_of_the_server(
    session: Session, root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_TODAY")
    now = datetime.now(UTC)
    zone = "Pacific/Kiritimati" if now.hour >= 12 else "Etc/GMT+12"  # where it is another day than in UTC
    settings.change(session, root, base={}, mine={"time_zone": zone})
    there = now.astimezone(ZoneInfo(zone)).date()
    assert customers.create(session, root, values={"name": "A"}).acquired_on == there != now.date()
