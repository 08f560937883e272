"""What an administrator does with accounts, teams and permissions on the screens, and everybody with their own."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import Actor
from crm_data.models import RolePermission, Team, User
from crm_data.services import changes, passwords, permissions, users
from crm_data.vocabulary import Action, ChangeAction, Module, Role, Scope
from tests.ui.apps import keys, opened, words

PASSWORD, NEW = "correct horse battery", "another long sentence"


@pytest.fixture
def chief(engine: Engine, root: Actor) -> int:
    return an_account(engine, root, "chief", Role.ADMIN)


def an_account(engine: Engine, root: Actor, username: str, role: Role) -> int:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        values = {"name": username.title(), "role": role}
        return users.create(session, root, username=username, password=PASSWORD, values=values).id


def kept(engine: Engine, username: str) -> User:
    with db.reading(engine) as session:
        return session.scalars(select(User).where(User.username == username)).one()


def fill(app: Any, form: str, **values: str) -> None:
    for name, value in values.items():
        app.text_input(key=f"{form}:{name}").input(value)


def test_an_administrator_adds_an_account(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="users")
    app.button(key="new").click().run()
    fill(app, "account:new:v0", name="Wang Fang", username="Wang", password=PASSWORD)
    app.button(key="save_account").click().run()
    assert (kept(engine, "wang").name, kept(engine, "wang").role) == ("Wang Fang", Role.SALES)


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="users")
    app.button(key="new").click().run()
    fill(app, "account:new:v0", name="Wang Fang", username="chief", password="short")
    app.button(key="save_account").click().run()
    assert "is taken by another record" in words(app)
    assert app.text_input(key="account:new:v0:name").value == "Wang Fang"


def test_an_administrator_lets_somebody_in_who_asked(engine: Engine, chief: int) -> None:
    with changes.writing(engine, Actor(None, "x", "x", Role.ADMIN, {}), action=ChangeAction.CREATE) as session:
        asking = users.ask_for_account(session, username="wang", password=PASSWORD, values={"name": "Wang"}).id
    app = opened(engine, chief, address="users")
    app.selectbox(key=f"approve:{asking}:v1:role").set_value(Role.MARKETING)
    app.button(key=f"approve:{asking}").click().run()
    assert (kept(engine, "wang").approved, kept(engine, "wang").role) == (True, Role.MARKETING)


def test_an_administrator_changes_a_role(engine: Engine, chief: int, root: Actor) -> None:
    wang = an_account(engine, root, "wang", Role.SALES)
    app = opened(engine, chief, address="users", id=str(wang))
    app.selectbox(key=f"account:{wang}:v1:role").set_value(Role.MANAGER)
    app.button(key="save_account").click().run()
    assert kept(engine, "wang").role is Role.MANAGER


def test_the_last_administrator_is_told_why_they_cannot_close_their_account(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="users", id=str(chief))
    app.checkbox(key=f"account:{chief}:v1:active").uncheck()
    app.button(key="save_account").click().run()
    assert "This is the last administrator" in words(app)


def test_an_administrator_sets_a_new_password(engine: Engine, chief: int, root: Actor) -> None:
    wang = an_account(engine, root, "wang", Role.SALES)
    app = opened(engine, chief, address="users", id=str(wang))
    app.button(key="reset").click().run()
    fill(app, "account:password:v0", password=NEW)
    app.button(key="save_password").click().run()
    assert passwords.matches(NEW, kept(engine, "wang").password_hash)
    assert "undo" not in keys(app)


def test_an_administrator_signs_somebody_out_everywhere(engine: Engine, chief: int, root: Actor) -> None:
    wang = an_account(engine, root, "wang", Role.SALES)
    theirs = opened(engine, wang)
    app = opened(engine, chief, address="users", id=str(wang))
    app.button(key="end_all").click().run()
    assert "sign_out" not in keys(theirs.run())


def test_a_manager_looks_at_accounts_and_changes_none(engine: Engine, chief: int, root: Actor) -> None:
    manager = an_account(engine, root, "boss", Role.MANAGER)
    app = opened(engine, manager, address="users", id=str(chief))
    assert not app.exception
    assert keys(app).isdisjoint({"new", "save_account", "end_all", "reset", "save_team"})


def test_a_team_is_added_renamed_and_deleted(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="users")
    fill(app, "team:new:v0", name="North")
    app.button(key="save_team").click().run()
    with db.reading(engine) as session:
        team = session.scalars(select(Team)).one()
    fill(app, f"team:{team.id}:v1", name="North and east")
    app.button(key=f"save_team:{team.id}").click().run()
    app.button(key=f"delete_team:{team.id}").click().run()
    with db.reading(engine) as session:
        after = session.scalars(select(Team)).one()
    assert (after.name, after.deleted_at is None) == ("North and east", False)


def test_a_person_changes_their_password_and_stays_signed_in(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="account")
    fill(app, "password:v0", current=PASSWORD, password=NEW)
    app.button(key="change_password").click().run()
    assert passwords.matches(NEW, kept(engine, "chief").password_hash)
    assert "sign_out" in keys(app)


def test_a_new_password_needs_the_present_one(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="account")
    fill(app, "password:v0", current="wrong wrong", password=NEW)
    app.button(key="change_password").click().run()
    assert "not your present password" in words(app)
    assert passwords.matches(PASSWORD, kept(engine, "chief").password_hash)


def test_signing_out_everywhere_includes_this_window(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="account")
    app.button(key="end_all").click().run()
    assert "sign_out" not in keys(app)


def test_a_role_gets_its_first_permissions_back(engine: Engine, chief: int, root: Actor) -> None:
    right = {(Module.CUSTOMERS, Action.VIEW): Scope.NONE}
    with changes.writing(engine, root, action=ChangeAction.CONFIGURE) as session:
        permissions.allow(session, root, role=Role.MANAGER, scopes=right)
    app = opened(engine, chief, address="permissions")
    app.button(key="default_rights").click().run()
    assert rights(engine, Role.MANAGER)[Module.CUSTOMERS, Action.VIEW] is Scope.ALL


def test_the_table_of_permissions_is_saved(engine: Engine, chief: int) -> None:
    app = opened(engine, chief, address="permissions")
    drawn = crc32(repr(sorted(rights(engine, Role.MANAGER).items())).encode())
    edits = {"edited_rows": {0: {"view": "Own records"}}, "added_rows": [], "deleted_rows": []}
    app.session_state[f"rights:manager:{drawn}"] = edits
    app.run()
    app.button(key="save_rights").click().run()
    assert rights(engine, Role.MANAGER)[Module.CUSTOMERS, Action.VIEW] is Scope.OWN


def rights(engine: Engine, role: Role) -> dict[tuple[Module, Action], Scope]:
    with db.reading(engine) as session:
        rows = session.scalars(select(RolePermission).where(RolePermission.role == role)).all()
    return {(row.module, row.action): row.scope for row in rows}
