"""The frame around every screen: nothing without a sign-in, and only what the role may see."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.models import AuthSession, User
from crm_data.services import changes, permissions, sessions, users
from crm_data.services.defaults import permission_matrix
from crm_data.services.sessions import Visitor
from crm_data.vocabulary import Action, ChangeAction, Module, Role, Scope
from crm_data.vocabulary.screens import SCREENS, Screen
from pages.ui import signin, state
from pages.ui import visitor as visitor_module
from tests import factories
from tests.environment import ROOT
from tests.ui.apps import SEAT, keys, opened, words

PASSWORD = "correct horse battery"
BUILT = [screen for screen in SCREENS if not screen.public and (ROOT / "pages" / screen.file).exists()]
Make = Callable[..., int]


@pytest.fixture
def make(engine: Engine, root: Actor) -> Make:
    """Give a function that makes an account of a role and gives its key."""

    def an_account(role: Role, **wanted: object) -> int:
        with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
            values = {"name": "Li Na", "role": role}
            user = users.create(session, root, username=f"my.{role}", password=PASSWORD, values=values)
            for name, value in wanted.items():
                setattr(user, name, value)
            return user.id

    return an_account


def alter(engine: Engine, root: Actor, act: Callable[..., object]) -> None:
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        act(session)


def sign_in(app: AppTest, username: str, password: str) -> AppTest:
    """Fill in the form, whose fields the package gives no keys."""
    name, secret = (next(each for each in app.text_input if each.label == label) for label in ("User name", "Password"))
    name.input(username)
    secret.input(password)
    return next(each for each in app.button if each.label == "Sign in").click().run()


def name_of(screen: Screen) -> str:
    return screen.file


@pytest.mark.parametrize("screen", BUILT, ids=name_of)
def test_nobody_sees_a_screen_without_signing_in(engine: Engine, make: Make, screen: Screen) -> None:
    make(Role.ADMIN)
    app = opened(engine, None, address=screen.address)
    assert not app.exception
    assert [each.label for each in app.text_input if each.type != "hidden"][:2] == ["User name", "Password"]
    assert "sign_out" not in keys(app)


@pytest.mark.parametrize("screen", BUILT, ids=name_of)
def test_a_screen_that_is_opened_without_the_shell_asks_for_the_sign_in_too(
    engine: Engine, make: Make, screen: Screen
) -> None:
    make(Role.ADMIN)
    app = AppTest.from_file(str(ROOT / "pages" / screen.file), default_timeout=60).run()
    assert not app.exception
    assert [each.label for each in app.text_input][:2] == ["User name", "Password"]


@pytest.mark.parametrize("screen", BUILT, ids=name_of)
@pytest.mark.parametrize("role", Role)
def test_a_screen_opens_for_the_roles_that_may_and_tells_the_others_whom_to_ask(
    engine: Engine, make: Make, role: Role, screen: Screen
) -> None:
    app = opened(engine, make(role), address=screen.address)
    with_rights = {(module, action): scope for module, action, scope in granted(engine, role)}
    open_to_them = screen.module is None or with_rights[screen.module, screen.action] is not Scope.NONE
    assert not app.exception
    assert ("This is not open to you" in words(app)) is not open_to_them


def granted(engine: Engine, role: Role) -> list[tuple[Module, Action, Scope]]:
    return [(module, action, scope) for (each, module, action), scope in permission_matrix().items() if each is role]


def test_the_right_password_leads_in(engine: Engine, make: Make) -> None:
    make(Role.SALES)
    app = sign_in(opened(engine, None), "My.Sales", PASSWORD)
    assert "sign_out" in keys(app)


def test_a_wrong_password_says_so_and_nothing_more(engine: Engine, make: Make) -> None:
    make(Role.SALES)
    app = sign_in(opened(engine, None), "my.sales", "wrong wrong")
    assert [each.value for each in app.error] == [
        "The user name or the password is wrong\\, or the account is not open\\."
    ]


def test_an_empty_form_says_what_is_missing(engine: Engine, make: Make) -> None:
    make(Role.SALES)
    assert "Enter your user name" in words(sign_in(opened(engine, None), "", ""))


def test_signing_out_leads_back_to_the_sign_in(engine: Engine, make: Make) -> None:
    app = opened(engine, make(Role.SALES))
    app.button(key="sign_out").click().run()
    assert "sign_out" not in keys(app)
    assert SEAT not in app.session_state


def test_another_role_counts_from_the_next_click(engine: Engine, make: Make, root: Actor) -> None:
    app = opened(engine, make(Role.VIEWER), address="users")
    right = {(Module.USERS, Action.VIEW): Scope.ALL}
    assert "This is not open to you" in words(app)
    alter(engine, root, lambda session: permissions.allow(session, root, role=Role.VIEWER, scopes=right))
    assert "This is not open to you" not in words(app.run())


def test_a_closed_account_is_out_at_the_next_click(engine: Engine, make: Make, root: Actor) -> None:
    key = make(Role.SALES)
    app = opened(engine, key)
    alter(engine, root, lambda session: setattr(session.get_one(User, key), "active", False))
    assert "sign_out" not in keys(app.run())


def test_what_was_begun_is_gone_for_the_next_person_at_the_window(engine: Engine, make: Make) -> None:
    app = opened(engine, make(Role.SALES))
    app.session_state["ui.draft"] = "half a sentence"
    app.button(key="sign_out").click().run()
    assert "ui.draft" not in app.session_state


def test_nothing_is_saved_for_somebody_who_was_signed_out_meanwhile(engine: Engine, make: Make, root: Actor) -> None:
    key = make(Role.ADMIN)
    app = opened(engine, key, address="users")
    app.button(key="new").click().run()
    alter(engine, root, lambda session: sessions.end_all(session, root, key))
    app.text_input(key="account:new:v0:name").input("Wang")
    app.run()
    assert "sign_out" not in keys(app)


def test_the_language_that_was_chosen_is_kept_with_the_account(engine: Engine, make: Make) -> None:
    key = make(Role.SALES)
    app = opened(engine, key)
    app.segmented_control(key="shell:language").set_value("zh_CN").run()
    assert opened(engine, key).session_state["ui.language"] == "zh_CN"


def test_without_any_account_the_first_person_makes_the_administrators(engine: Engine) -> None:
    app = opened(engine, None)
    for name, value in {"name": "Wang Fang", "username": "wang", "password": PASSWORD}.items():
        app.text_input(key=f"first:v0:{name}").input(value)
    app.button(key="first:send").click().run()
    assert {"sign_out"} <= keys(app)


def test_the_first_form_says_at_the_field_what_is_missing(engine: Engine) -> None:
    app = opened(engine, None)
    app.text_input(key="first:v0:name").input("Wang Fang")
    app.text_input(key="first:v0:username").input("wang")
    app.text_input(key="first:v0:password").input("short")
    app.button(key="first:send").click().run()
    assert "at least 10 characters" in words(app)
    assert app.text_input(key="first:v0:name").value == "Wang Fang"


def test_a_request_for_an_account_waits_for_an_administrator(engine: Engine, make: Make) -> None:
    make(Role.ADMIN)
    app = opened(engine, None)
    for name, value in {"name": "Wang Fang", "username": "wang", "password": PASSWORD}.items():
        app.text_input(key=f"asking:v0:{name}").input(value)
    app.button(key="asking:send").click().run()
    assert "Your request is with the administrators" in words(app)
    assert "not open" in words(sign_in(app, "wang", PASSWORD))


def test_the_demo_company_can_be_entered_on_this_machine(engine: Engine, root: Actor) -> None:
    alter(engine, root, lambda session: factories.a_user(session, role=Role.MANAGER, is_demo=True, name="Zhao"))
    app = opened(engine, None)
    app.button(key="demo:manager").click().run()
    assert "Zhao" in words(app)


@pytest.mark.parametrize(
    ("address", "headers", "local"),
    [
        (None, {"Host": "127.0.0.1:8501"}, True),
        (None, {"Host": "localhost:8501"}, True),
        (None, {"Host": "[::1]:8501"}, True),
        ("::ffff:127.0.0.1", {"Host": "localhost"}, True),
        ("203.0.113.7", {"Host": "localhost"}, False),
        (None, {"Host": "crm.example.com"}, False),
        (None, {"Host": "127.evil.example"}, False),
        (None, {"Host": "localhost", "X-Forwarded-For": "203.0.113.7"}, False),
        (None, {"Host": "localhost", "Via": "1.1 proxy"}, False),
    ],
)
def test_only_a_request_made_on_this_machine_is_local(
    monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str], local: bool
) -> None:
    monkeypatch.setattr(visitor_module, "_header", headers.get)
    monkeypatch.setattr(visitor_module.st, "context", type("Context", (), {"ip_address": address}))
    assert visitor_module.visitor().local is local


def test_a_session_that_somebody_else_joined_stops_without_the_cookie(
    engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(engine, make(Role.ADMIN))
    monkeypatch.setattr(signin, "connection", lambda: "another connection")
    app.run()
    assert "Reload the page" in words(app)
    assert "sign_out" not in keys(app)
    assert SEAT in app.session_state  # the owner, who comes back with the cookie, goes on


def test_a_reconnect_with_the_cookie_goes_on(engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make(Role.ADMIN)
    with changes.writing(engine, users_actor(key), action=ChangeAction.SIGN_IN) as session:
        ticket = sessions.start(session, session.get_one(User, key), visitor=Visitor())
    cookie = sessions.exchange(engine, ticket=ticket.ticket)
    assert cookie is not None
    app = opened(engine, key)
    app.session_state[SEAT] = state.Seat(ticket.digest, "the first connection")
    monkeypatch.setattr(signin, "connection", lambda: "another connection")
    monkeypatch.setattr(signin, "cookie", lambda: cookie.token)
    assert "sign_out" in keys(app.run())


def users_actor(key: int) -> Actor:
    return Actor(key, "tests", "Tests", Role.ADMIN, {})


def test_a_session_in_use_is_noted_once_a_minute(engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(engine, make(Role.VIEWER))
    begin = clock.instant()
    noted = []
    for seconds in (30, 90, 120, 180):
        monkeypatch.setattr(clock, "instant", lambda now=begin + timedelta(seconds=seconds): now)
        app.run()
        with db.reading(engine) as session:
            noted.append(
                (session.scalars(select(AuthSession.last_seen_at)).one() - begin).total_seconds() > seconds - 1
            )
    assert noted == [False, True, False, True]


def test_no_script_lies_where_a_deep_link_would_open_it_without_the_shell() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []
    assert list((ROOT / "pages" / "ui").glob("pages")) == []


def test_every_screen_is_declared_and_every_declared_screen_exists() -> None:
    declared = {screen.file for screen in SCREENS}
    files = {path.relative_to(ROOT / "pages").as_posix() for path in (ROOT / "pages").glob("*/*.py")}
    assert {file for file in files if not file.startswith("ui/")} == declared


@pytest.mark.parametrize("screen", BUILT, ids=name_of)
def test_a_screen_guards_what_the_menu_says(screen: Screen) -> None:
    tree = ast.parse((ROOT / "pages" / screen.file).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "guard"]
    asked = [ast.unparse(argument) for argument in calls[0].args]
    wanted = [f"Module.{screen.module.name}" if screen.module else "None"]
    assert asked == wanted + [f"Action.{screen.action.name}"] * (screen.action is not Action.VIEW)


def test_addresses_differ() -> None:
    addresses = [screen.address for screen in SCREENS]
    assert len(set(addresses)) == len(addresses)
