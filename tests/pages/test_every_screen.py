"""Every screen opens for every role, in every language, with nothing in the database and with the demo company."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from crm_data import db
from crm_data.access import Actor
from crm_data.locale import LANGUAGES
from crm_data.queries import organisation
from crm_data.vocabulary import Role
from crm_data.vocabulary.screens import RECORD_SCREENS, SCREENS, Screen
from tests.environment import ROOT
from tests.pages.visiting import first_ids, texts, visit

REFUSAL = {"en": "This is not open to you", "zh_CN": "您无权查看此页"}


def opened(engine: Engine, role: Role, language: str) -> Iterator[tuple[Screen, AppTest]]:
    """Visit one screen after the other at one window."""
    ids = first_ids(engine)
    app = visit(engine, "", role=role, language=language)
    for screen in SCREENS:
        app.query_params.clear()
        table = {address: kind for kind, address in RECORD_SCREENS.items()}.get(screen.address)
        if table in ids:
            app.query_params["id"] = str(ids[table])
        app.switch_page(str(ROOT / "pages" / screen.file)).run()
        yield screen, app


def complaints(engine: Engine, role: Role, language: str) -> list[str]:
    """Say which screens failed, or were open although they should not be, or closed although they should be open."""
    found = []
    for screen, app in opened(engine, role, language):
        found += [f"{screen.address}: {error.value}" for error in app.exception]
        refused = REFUSAL[language] in texts(app)
        if refused == allowed(engine, role, screen):
            found.append(f"{screen.address}: {'refused' if refused else 'open'}")
    return found


def allowed(engine: Engine, role: Role, screen: Screen) -> bool:
    """Tell whether the permissions open a screen to a role."""
    if screen.module is None:
        return True
    with db.reading(engine) as session:
        grants = organisation.grants_of(session, role)
    return Actor(None, "", "", role, grants).may(screen.module, screen.action)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_every_screen_opens_on_an_empty_database(engine: Engine, role: Role, language: str) -> None:
    assert complaints(engine, role, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_every_screen_opens_on_the_demo_company(demo_engine: Engine, role: Role, language: str) -> None:
    assert complaints(demo_engine, role, language) == []
