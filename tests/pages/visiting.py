"""Visit a screen as somebody: `visit(engine, "customers", role=Role.SALES, q="瑞丰")` gives the AppTest of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, func, select
from streamlit.testing.v1 import AppTest

from crm_data import db
from crm_data.access import system
from crm_data.models import User
from crm_data.services import changes, sessions, undoing
from crm_data.vocabulary import ChangeAction, Role
from crm_data.vocabulary.screens import RECORD_SCREENS, screen_at
from pages.ui import state
from tests import factories
from tests.environment import ROOT

TIMEOUT = 30


def visit(
    engine: Engine,
    address: str,
    *,
    role: Role = Role.ADMIN,
    language: str = "en",
    user: int | None = None,
    **query: Any,
) -> AppTest:
    """Open the screen at an address as a user of a role (or as this very user), with these query parameters."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    app.session_state["auth.seat"] = state.Seat(_seat(engine, role, user), None)
    app.session_state["ui.language"] = language
    app.run()
    if address:
        app.switch_page(str(ROOT / "pages" / screen_at(address).file))
    for name, value in query.items():
        app.query_params[name] = [str(each) for each in value] if isinstance(value, list) else str(value)
    return app.run() if address or query else app


def texts(app: AppTest) -> str:
    """Give all that an app shows as text, in one piece."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.success, app.warning,
             app.error, app.text)  # fmt: skip
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def first_ids(engine: Engine) -> dict[str, int]:
    """Give the number of the first record that is not deleted of each kind that has a page, by table."""
    found = {}
    with db.reading(engine) as session:
        for kind in RECORD_SCREENS:
            model: Any = undoing.model_of(kind)
            number = session.scalar(select(func.min(model.id)).where(model.deleted_at.is_(None)))
            found |= {kind: number} if number is not None else {}
    return found


def _seat(engine: Engine, role: Role, user: int | None) -> str:
    with changes.writing(engine, system("tests"), action=ChangeAction.SIGN_IN) as session:
        wanted = select(User).where(User.role == role, User.active).order_by(User.id)
        chosen = session.get(User, user) if user else session.scalars(wanted).first()
        person = chosen or factories.a_user(session, role=role)
        return sessions.start(session, person, visitor=sessions.Visitor(local=True)).digest
