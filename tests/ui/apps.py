"""Open the app without a browser: signed in as somebody, on a screen, in a language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from crm_data.access import Actor
from crm_data.models import User
from crm_data.services import changes, sessions
from crm_data.services.sessions import Visitor
from crm_data.vocabulary import ChangeAction, Role
from crm_data.vocabulary.screens import screen_at
from pages.ui import state
from tests.environment import ROOT

SEAT = "auth.seat"
Open = Callable[..., AppTest]


def opened(engine: Engine, user_id: int | None, *, address: str = "", language: str = "en", **query: Any) -> AppTest:
    """Run the app once at an address (`customers`), as a user (None: nobody) who reads this language."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.context["locale"] = language
    if user_id is not None:
        app.session_state[SEAT] = state.Seat(a_session(engine, user_id), None)
    app.run()
    return at(app, address, **query) if address or query else app


def at(app: AppTest, address: str, **query: Any) -> AppTest:
    """Go to another address in the same window."""
    for name in list(app.query_params):
        del app.query_params[name]
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(f"pages/{screen_at(address).file}").run()


def a_session(engine: Engine, user_id: int) -> str:
    """Open a session for a user without a password and give its digest."""
    with changes.writing(engine, _actor(user_id), action=ChangeAction.SIGN_IN) as session:
        return sessions.start(session, session.get_one(User, user_id), visitor=Visitor()).digest


def words(app: AppTest) -> str:
    """Give everything that the screen says, for asking whether something stands there."""
    kinds = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.caption,
        app.error,
        app.warning,
        app.info,
        app.success,
    )
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def keys(app: AppTest) -> set[str]:
    """Give the keys of all buttons on the screen."""
    return {button.key for button in app.button if button.key}


def _actor(user_id: int) -> Actor:
    return Actor(user_id, "tests", "Tests", Role.ADMIN, {})
