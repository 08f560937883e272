"""Who may read the log of what everybody did, and how far."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import NotAllowedError
from crm_data.queries import history
from crm_data.queries.history import Sought
from crm_data.services import changes
from crm_data.vocabulary import Action, ChangeAction, Module, Scope
from tests import factories


def reader(engine: Engine, root: Actor, scope: Scope) -> Actor:
    """Give a user with this scope in the log, who wrote one customer; somebody else wrote another."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        person = factories.an_actor(session)
        factories.a_customer(session)
    with changes.writing(engine, person, action=ChangeAction.CREATE) as session:
        factories.a_customer(session, owner_id=person.user_id)
    return replace(person, grants={**person.grants, (Module.AUDIT, Action.VIEW): scope})


def test_who_may_read_only_their_own_doings_sees_nobody_elses(engine: Engine, root: Actor) -> None:
    person = reader(engine, root, Scope.OWN)
    with db.reading(engine) as session:
        entries = history.log(session, person, sought=Sought(kinds=("customers",)))
    assert {entry.username for entry in entries} == {person.username}


def test_who_may_read_all_sees_what_everybody_did(engine: Engine, root: Actor) -> None:
    person = reader(engine, root, Scope.ALL)
    with db.reading(engine) as session:
        entries = history.log(session, person, sought=Sought(kinds=("customers",)))
    assert {entry.username for entry in entries} == {person.username, "tests"}


def test_without_the_permission_the_log_is_closed(engine: Engine, root: Actor) -> None:
    person = reader(engine, root, Scope.NONE)
    with db.reading(engine) as session, pytest.raises(NotAllowedError):
        history.log(session, person, sought=Sought())
