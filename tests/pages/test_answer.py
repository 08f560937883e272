"""The page that a customer answers a survey on, without an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.models import Consent, Invitation, Response
from crm_data.services import changes, invitations
from crm_data.services.invitations import Asked
from crm_data.vocabulary import ChangeAction
from crm_data.vocabulary.screens import screen_at
from tests import factories
from tests.environment import ROOT
from tests.pages.visiting import texts

SPEED = {"key": "speed", "text": "How <b>quick</b> were we?", "type": "scale", "scale": 5, "orientation": "high"}


@pytest.fixture
def token(engine: Engine, root: Actor) -> str:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        survey = factories.a_survey(session, questions=[SPEED])
        customer = factories.a_customer(session, name="Secret customer")
        link = invitations.invite(session, root, survey.id, asked=Asked([customer.id])).links[customer.id]
    return link.split("?t=")[1]


def opened(token: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.run()
    app.switch_page(str(ROOT / "pages" / screen_at("survey").file))
    for name, value in {"t": token, **query}.items():
        app.query_params[name] = value
    return app.run()


def stored(engine: Engine, model: type) -> list:
    with db.reading(engine) as session:
        return list(session.scalars(select(model)))


def test_a_customer_answers_without_signing_in(engine: Engine, token: str) -> None:
    app = opened(token)
    app.segmented_control(key="survey:1:score").set_value(9)
    app.segmented_control(key="survey:1:answer:speed").set_value(4)
    app.text_area(key="survey:1:v0:comment").input("<script>alert(1)</script>")
    app.button(key="send").click().run()
    answer = stored(engine, Response)[0]
    assert (answer.score, answer.answers, answer.comment) == (9, {"speed": 4}, "<script>alert(1)</script>")
    assert "Thank you" in texts(app)


def test_the_page_shows_nothing_of_the_customer(engine: Engine, token: str) -> None:
    app = opened(token)
    assert not app.exception
    assert "Secret" not in texts(app)
    assert list(app.sidebar.button) == []


def test_a_link_that_was_used_says_so(engine: Engine, token: str) -> None:
    first = opened(token)
    first.segmented_control(key="survey:1:score").set_value(9)
    first.button(key="send").click().run()
    assert "answered already" in texts(opened(token))


def test_nothing_said_is_no_answer(engine: Engine, token: str) -> None:
    app = opened(token)
    app.button(key="send").click().run()
    assert "answer at least one question" in texts(app)
    assert stored(engine, Response) == []


def test_opening_is_noted_once(engine: Engine, token: str) -> None:
    app = opened(token)
    first = stored(engine, Invitation)[0].opened_at
    app.run()
    assert first is not None
    assert stored(engine, Invitation)[0].opened_at == first


def test_who_wants_no_surveys_is_believed(engine: Engine, token: str) -> None:
    app = opened(token)
    app.button(key="decline").click().run()
    assert "will not be asked again" in texts(app)
    assert {consent.given for consent in stored(engine, Consent)} == {False}


def test_an_expired_link_says_so(engine: Engine, root: Actor, token: str) -> None:
    def expire(session: Session) -> None:
        session.scalars(select(Invitation)).one().expires_at = clock.now() - timedelta(days=1)

    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        expire(session)
    assert "expired" in texts(opened(token))


@pytest.mark.parametrize("made_up", ["", "nonsense", "%00"])
def test_a_link_that_was_made_up_is_answered_with_a_sentence(engine: Engine, made_up: str) -> None:
    app = opened(made_up)
    assert not app.exception
    assert "not valid" in texts(app)


def test_the_address_chooses_the_language(engine: Engine, token: str) -> None:
    app = opened(token, lang="zh")
    assert app.segmented_control(key="survey:language").value == "zh_CN"
