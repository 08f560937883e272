"""Accounts: passwords, approval, the last administrator, and the rights of the roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidFormError, NotAllowedError
from crm_data.models import AuditEntry, User
from crm_data.queries import organisation
from crm_data.services import changes, permissions, sign_in, undoing, users
from crm_data.services.sessions import Visitor
from crm_data.vocabulary import Action, ChangeAction, Module, Role, Scope
from tests import factories

PASSWORD = "correct horse battery"


@pytest.fixture
def chief(session: Session, root: Actor) -> Actor:
    """Give the only administrator with a password."""
    return actor_of(session, an_account(session, root, "chief", role=Role.ADMIN))


def an_account(session: Session, actor: Actor, username: str, **wanted: Any) -> User:
    values = {"name": username.title(), "role": Role.SALES} | wanted
    return users.create(session, actor, username=username, password=PASSWORD, values=values)


def actor_of(session: Session, user: User) -> Actor:
    actor = organisation.actor_of(session, user.id)
    assert actor is not None
    return actor


def set_to(session: Session, actor: Actor, user: User, **wanted: Any) -> User:
    base = {name: getattr(user, name) for name in wanted}
    return users.edit(session, actor, user.id, version=user.version, base=base, mine=wanted)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "my wang.li password"])
def test_a_weak_password_is_refused_at_its_field(session: Session, root: Actor, password: str) -> None:
    with pytest.raises(InvalidFormError) as caught:
        users.create(session, root, username="wang.li", password=password, values={"name": "W", "role": Role.SALES})
    assert [problem.field for problem in caught.value.problems] == ["password"]


def test_a_user_name_is_taken_however_it_is_written(session: Session, root: Actor) -> None:
    an_account(session, root, "li.na")
    with pytest.raises(InvalidFormError) as caught:
        an_account(session, root, "Li.Na")
    assert [problem.field for problem in caught.value.problems] == ["username"]


def test_no_password_reaches_the_audit_log(session: Session, root: Actor) -> None:
    user = an_account(session, root, "li.na")
    users.reset_password(session, root, user.id, password="another long sentence")
    entries = session.scalars(select(AuditEntry)).all()
    assert user.password_hash not in "".join(f"{entry.before}{entry.after}" for entry in entries)
    assert ChangeAction.PASSWORD in {entry.action for entry in entries}


def test_a_new_password_ends_all_sessions(session: Session, root: Actor) -> None:
    user = an_account(session, root, "li.na")
    users.reset_password(session, root, user.id, password="another long sentence")
    assert user.session_version == 2


@pytest.mark.parametrize("wanted", [{"role": Role.SALES}, {"active": False}])
def test_the_last_administrator_stays(engine: Engine, root: Actor, wanted: dict[str, Any]) -> None:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        chief = an_account(session, root, "chief", role=Role.ADMIN)
        factories.a_user(session, role=Role.ADMIN)  # who cannot sign in
    with (
        pytest.raises(CrmError, match="last administrator"),
        changes.writing(engine, root, action=ChangeAction.EDIT) as session,
    ):
        set_to(session, root, session.get_one(User, chief.id), **wanted)


def test_an_administrator_may_go_when_another_one_is_there(session: Session, root: Actor, chief: Actor) -> None:
    an_account(session, root, "deputy", role=Role.ADMIN)
    assert set_to(session, root, session.get_one(User, chief.user_id), active=False).active is False


def test_undoing_cannot_remove_the_last_administrator_either(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        user = an_account(session, root, "li.na")
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        set_to(session, root, session.get_one(User, user.id), role=Role.ADMIN)
        promoted = changes.change_set_id(session)
    with (
        pytest.raises(CrmError, match="last administrator"),
        changes.writing(engine, root, action=ChangeAction.UNDO) as session,
    ):
        undoing.undo(session, root, promoted)


@pytest.mark.parametrize("make", [
    lambda session, actor, user: set_to(session, actor, user, role=Role.ADMIN),
    lambda session, actor, user: users.approve(session, actor, user.id, role=Role.ADMIN, team_id=None),
    lambda session, actor, user: an_account(session, actor, "new", role=Role.ADMIN),
])  # fmt: skip
def test_only_administrators_make_administrators(session: Session, root: Actor, make: Callable[..., Any]) -> None:
    rights = {(Module.USERS, action): Scope.ALL for action in Action}
    manager = actor_of(session, an_account(session, root, "boss", role=Role.MANAGER))
    allowed = Actor(manager.user_id, "boss", "Boss", Role.MANAGER, rights)
    with pytest.raises(NotAllowedError):
        make(session, allowed, factories.a_user(session))


def test_a_seller_cannot_touch_accounts(session: Session, seller: Actor) -> None:
    with pytest.raises(NotAllowedError):
        set_to(session, seller, factories.a_user(session), name="X")


def test_who_asks_for_an_account_waits_for_approval(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        user = users.ask_for_account(session, username="new", password=PASSWORD, values={"name": "New"})
    with pytest.raises(sign_in.SignInError):
        sign_in.with_password(engine, username="new", password=PASSWORD, visitor=Visitor())
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        users.approve(session, root, user.id, role=Role.SALES, team_id=None)
    assert sign_in.with_password(engine, username="new", password=PASSWORD, visitor=Visitor())


def test_requests_for_accounts_end_somewhere(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "MOST_WAITING", 1)
    users.ask_for_account(session, username="one", password=PASSWORD, values={"name": "One"})
    with pytest.raises(CrmError, match="Too many"):
        users.ask_for_account(session, username="two", password=PASSWORD, values={"name": "Two"})


def test_the_first_person_becomes_administrator_and_nobody_after(engine: Engine, root: Actor) -> None:
    for name in ("first", "second"):
        try:
            with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
                users.first_administrator(session, username=name, password=PASSWORD, values={"name": name})
        except NotAllowedError:
            pass
    with db.reading(engine) as session:
        assert session.execute(select(User.username, User.role)).all() == [("first", Role.ADMIN)]


def test_a_person_of_the_demo_company_is_never_made_real(session: Session, root: Actor) -> None:
    demo = factories.a_user(session, is_demo=True)
    with pytest.raises(NotAllowedError):
        users.reset_password(session, root, demo.id, password=PASSWORD)
    with pytest.raises(KeyError):
        set_to(session, root, demo, is_demo=False)


def test_a_right_that_was_given_counts(session: Session, admin: Actor) -> None:
    viewer = factories.a_user(session, role=Role.VIEWER)
    right = (Module.CUSTOMERS, Action.EDIT)
    permissions.allow(session, admin, role=Role.VIEWER, scopes={right: Scope.OWN})
    assert actor_of(session, viewer).scope(*right) is Scope.OWN


def test_default_rights_come_back(session: Session, admin: Actor) -> None:
    right = (Module.CUSTOMERS, Action.VIEW)
    permissions.allow(session, admin, role=Role.VIEWER, scopes={right: Scope.NONE})
    assert permissions.restore_defaults(session, admin, role=Role.VIEWER) == 1


def test_nobody_takes_rights_from_administrators(session: Session, admin: Actor) -> None:
    with pytest.raises(CrmError, match="everything"):
        permissions.allow(session, admin, role=Role.ADMIN, scopes={(Module.USERS, Action.EDIT): Scope.NONE})


def test_a_manager_may_not_change_rights(session: Session) -> None:
    with pytest.raises(NotAllowedError):
        permissions.allow(session, factories.an_actor(session, role=Role.MANAGER), role=Role.SALES, scopes={})
