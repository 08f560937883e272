"""What a survey may ask, and what stays as it was once there are answers."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import InvalidError, InvalidFormError, NotAllowedError, NotFoundError
from crm_data.models import Invitation, Response
from crm_data.services import changes, surveys, undoing
from crm_data.vocabulary import ChangeAction, Orientation, SurveyKind, SurveyStatus
from tests import factories

ASKED = {"name": "Spring", "question": "How was it?"}
SPEED = {"key": "speed", "text": "How quick were we?", "type": "scale", "scale": 5, "orientation": "high"}


@pytest.mark.parametrize(
    ("kind", "points", "scale"),
    [(SurveyKind.NPS, 5, (0, 10)), (SurveyKind.CES, 5, (1, 7)), (SurveyKind.CSAT, 4, (1, 4)),
     (SurveyKind.OWN, 10, (1, 10))],
)  # fmt: skip
def test_the_scale_follows_from_the_kind(session: Session, root: Actor, kind, points, scale):
    survey = surveys.create(session, root, values=ASKED | {"kind": kind, "scale_high": points})
    assert (survey.scale_low, survey.scale_high) == scale


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question": " "}, "question"),
        ({"kind": SurveyKind.CSAT, "scale_high": 8}, "scale_high"),
        ({"orientation": Orientation.LOW}, "orientation"),
        ({"reward_points": -1}, "reward_points"),
        ({"cool_down_days": 4000}, "cool_down_days"),
        ({"questions": [SPEED, SPEED]}, "questions"),
        ({"questions": [SPEED | {"scale": 8}]}, "questions"),
        ({"questions": [SPEED | {"key": "Speed!"}]}, "questions"),
        ({"questions": [{"key": "why", "text": "Why?", "type": "poem"}]}, "questions"),
    ],
)
def test_a_survey_that_cannot_be_asked_says_what_is_wrong(session: Session, root: Actor, wrong, field):
    with pytest.raises(InvalidFormError) as caught:
        surveys.create(session, root, values=ASKED | {"kind": SurveyKind.NPS} | wrong)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_scales_are_not_changed_under_answers(session: Session, root: Actor):
    survey = factories.a_survey(session, kind=SurveyKind.CSAT, scale_low=1, scale_high=5)
    factories.a_response(session, survey, factories.a_customer(session), score=4)
    with pytest.raises(InvalidError):
        surveys.edit(session, root, survey.id, version=1, base={"scale_high": 5}, mine={"scale_high": 7})


def test_the_words_of_a_survey_may_change_while_it_runs(session: Session, root: Actor):
    survey = factories.a_survey(session, name="Old")
    factories.a_response(session, survey, factories.a_customer(session))
    surveys.edit(session, root, survey.id, version=1, base={"name": "Old"}, mine={"name": "New"})
    assert survey.name == "New"


def test_a_survey_runs_from_its_start_to_its_close(session: Session, root: Actor):
    survey = surveys.create(session, root, values=ASKED | {"kind": SurveyKind.NPS})
    stands = [survey.status, surveys.start(session, root, survey.id).status]
    stands.append(surveys.close(session, root, survey.id).status)
    assert stands == [SurveyStatus.DRAFT, SurveyStatus.RUNNING, SurveyStatus.CLOSED]


def test_a_seller_cannot_make_surveys(session: Session, seller: Actor):
    with pytest.raises(NotAllowedError):
        surveys.create(session, seller, values=ASKED | {"kind": SurveyKind.NPS})


def test_a_survey_that_does_not_exist_cannot_be_guessed(session: Session, root: Actor):
    with pytest.raises(NotFoundError):
        surveys.close(session, root, 4711)


def test_deleting_a_survey_takes_its_answers_and_undo_brings_them_back(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        survey, customer = factories.a_survey(session), factories.a_customer(session)
        factories.a_response(session, survey, customer)
        session.add(Invitation(survey_id=survey.id, customer_id=customer.id))
    with changes.writing(engine, root, action=ChangeAction.DELETE) as session:
        counted = surveys.delete(session, root, survey.id)
        deleted = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, deleted)
    with db.reading(engine) as session:
        assert session.scalars(select(Response.deleted_at)).all() == [None]
    assert counted == {"surveys": 1, "invitations": 1, "responses": 1}
