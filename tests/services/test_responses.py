"""Answers: what counts as one, what a bad one sets going, and that a link works once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import clock, db
from crm_data.access import Actor, system
from crm_data.errors import CrmError, InvalidFormError, NotAllowedError, NotFoundError
from crm_data.models import AuditEntry, Consent, Invitation, LoyaltyEntry, Response, Survey, Task
from crm_data.services import changes, invitations, loyalty, responses, undoing
from crm_data.services.invitations import Asked
from crm_data.vocabulary import ChangeAction, Orientation, Role, SurveyKind, SurveyStatus, TaskKind
from tests import factories

SPEED = {"key": "speed", "text": "How quick?", "type": "scale", "scale": 5, "orientation": "high"}
AGAIN = {"key": "again", "text": "Would you buy again?", "type": "yes_no"}


def a_link(session: Session, survey: Survey, customer) -> str:
    invited = invitations.invite(session, system("tests"), survey.id, asked=Asked([customer.id]))
    return invited.links[customer.id].split("?t=")[1]


def test_an_answer_through_a_link_counts_once(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    token = a_link(session, survey, customer)
    responses.answer(session, responses.respondent(), token=token, values={"score": 9, "comment": "谢谢"})
    with pytest.raises(CrmError, match="answered already"):
        responses.answer(session, responses.respondent(), token=token, values={"score": 0})
    assert session.scalars(select(Response.score)).all() == [9]


def test_an_expired_link_is_refused(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    token = a_link(session, survey, customer)
    session.scalars(select(Invitation)).one().expires_at = clock.now() - timedelta(seconds=1)
    with pytest.raises(CrmError, match="expired"):
        responses.asked(session, responses.respondent(), token=token)


@pytest.mark.parametrize("token", ["", "x", "../../etc", "' or 1=1 --"])
def test_a_made_up_link_is_unknown(session: Session, token):
    with pytest.raises(NotFoundError):
        responses.asked(session, responses.respondent(), token=token)


def test_the_links_of_a_closed_survey_have_expired(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    token = a_link(session, survey, customer)
    survey.status = SurveyStatus.CLOSED
    with pytest.raises(CrmError, match="expired"):
        responses.answer(session, responses.respondent(), token=token, values={"score": 1})


def test_the_first_opening_of_a_link_is_noted(session: Session, root: Actor):
    token = a_link(session, factories.a_survey(session), factories.a_customer(session))
    responses.opened(session, responses.respondent(), token=token)
    first = session.scalars(select(Invitation.opened_at)).one()
    responses.opened(session, responses.respondent(), token=token)
    assert first is not None
    assert session.scalars(select(Invitation.opened_at)).one() == first


def test_who_wants_no_more_surveys_is_not_asked_again(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    token = a_link(session, survey, customer)
    responses.decline(session, responses.respondent(), token=token)
    assert {consent.given for consent in session.scalars(select(Consent))} == {False}
    with pytest.raises(CrmError, match="expired"):
        responses.asked(session, responses.respondent(), token=token)


def test_a_respondent_may_do_nothing_else(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    with pytest.raises((NotAllowedError, NotFoundError)):
        responses.record(session, responses.respondent(), survey.id, customer_id=customer.id, values={"score": 9})


def test_a_skipped_score_stays_empty(session: Session, root: Actor):
    survey, customer = factories.a_survey(session, questions=[SPEED, AGAIN]), factories.a_customer(session)
    values = {"score": None, "answers": {"speed": 4, "again": None}}
    response = responses.record(session, root, survey.id, customer_id=customer.id, values=values)
    assert (response.score, response.answers, response.follow_up_task_id) == (None, {"speed": 4}, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"score": 11}, "score"),
        ({"score": -1}, "score"),
        ({"score": True}, "score"),
        ({"score": "9"}, "score"),
        ({}, "score"),
        ({"answers": {"speed": 6}}, "speed"),
        ({"answers": {"again": 1}}, "again"),
        ({"answers": {"unasked": 1}}, "unasked"),
        ({"comment": "x" * 4001}, "comment"),
    ],
)
def test_what_was_not_asked_or_lies_outside_the_scale_is_refused(session: Session, root: Actor, values, field):
    survey, customer = factories.a_survey(session, questions=[SPEED, AGAIN]), factories.a_customer(session)
    with pytest.raises(InvalidFormError) as caught:
        responses.record(session, root, survey.id, customer_id=customer.id, values=values)
    assert [problem.field for problem in caught.value.problems] == [field]


@pytest.mark.parametrize(
    ("kind", "points", "orientation", "scores"),
    [
        (SurveyKind.NPS, 10, Orientation.HIGH, (6, 7)),
        (SurveyKind.CSAT, 5, Orientation.HIGH, (2, 3)),
        (SurveyKind.CSAT, 3, Orientation.HIGH, (1, 2)),
        (SurveyKind.CSAT, 10, Orientation.LOW, (8, 7)),
        (SurveyKind.CES, 7, Orientation.HIGH, (3, 4)),
        (SurveyKind.CES, 7, Orientation.LOW, (5, 4)),
    ],
)
def test_a_bad_answer_opens_a_follow_up_and_a_fair_one_does_not(session, root, kind, points, orientation, scores):
    low = 0 if kind is SurveyKind.NPS else 1
    survey = factories.a_survey(session, kind=kind, scale_low=low, scale_high=points, orientation=orientation)
    answers = [
        responses.record(
            session, root, survey.id, customer_id=factories.a_customer(session).id, values={"score": score}
        )
        for score in scores
    ]
    assert [answer.follow_up_task_id is not None for answer in answers] == [True, False]


def test_the_follow_up_is_the_owners_and_due_in_two_days(session: Session, root: Actor):
    owner = factories.a_user(session)
    customer = factories.a_customer(session, owner_id=owner.id)
    values = {"score": 2, "comment": "Nobody called back"}
    responses.record(session, root, factories.a_survey(session).id, customer_id=customer.id, values=values)
    task = session.scalars(select(Task)).one()
    assert (task.kind, task.assignee_id, task.due_on) == (TaskKind.SURVEY, owner.id, date(2026, 6, 17))
    assert task.text == "Nobody called back"


def test_an_answer_is_followed_up_when_its_task_is_done_and_that_is_written_down(session: Session, root: Actor):
    customer = factories.a_customer(session)
    survey = factories.a_survey(session)
    response = responses.record(session, root, survey.id, customer_id=customer.id, values={"score": 2})
    mark = response.rev = 0
    session.get_one(Task, response.follow_up_task_id).done_at = clock.now()
    session.flush()
    entries = session.scalars(select(AuditEntry.after).where(AuditEntry.record_kind == "responses")).all()
    assert response.followed_up_at is not None
    assert response.rev > mark
    assert "followed_up_at" in entries[-1]


def test_a_follow_up_can_be_opened_for_a_fair_answer_once(session: Session, root: Actor):
    response = factories.a_response(session, factories.a_survey(session), factories.a_customer(session), score=8)
    responses.follow_up(session, root, response.id)
    with pytest.raises(CrmError):
        responses.follow_up(session, root, response.id)


def test_an_answer_on_the_phone_closes_the_open_invitation(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    token = a_link(session, survey, customer)
    responses.record(session, root, survey.id, customer_id=customer.id, values={"score": 9})
    with pytest.raises(CrmError, match="answered already"):
        responses.answer(session, responses.respondent(), token=token, values={"score": 9})


def test_answering_earns_points_and_deleting_the_answer_takes_them_back(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        survey, customer = factories.a_survey(session, reward_points=20), factories.a_customer(session)
        response = responses.record(session, root, survey.id, customer_id=customer.id, values={"score": 9})
    balances = [20]
    with changes.writing(engine, root, action=ChangeAction.DELETE) as session:
        responses.delete(session, root, response.id)
        deleted = changes.change_set_id(session)
        balances.append(loyalty.balance(session, customer.id))
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, deleted)
        balances.append(loyalty.balance(session, customer.id))
    assert balances == [20, 0, 20]


def test_markup_in_a_comment_is_kept_as_it_was_typed(session: Session, root: Actor):
    comment = '<script>alert(1)</script> **bold** ![x](http://example.com/x.png) =HYPERLINK("x")'
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    responses.record(session, root, survey.id, customer_id=customer.id, values={"score": 9, "comment": comment})
    assert session.scalars(select(Response.comment)).one() == comment


def test_a_seller_records_no_answers_and_sees_only_those_of_own_customers(session: Session, root: Actor):
    seller = factories.an_actor(session, role=Role.SALES)
    theirs = factories.a_response(session, factories.a_survey(session), factories.a_customer(session))
    with pytest.raises(NotFoundError):
        responses.follow_up(session, seller, theirs.id)
    with pytest.raises(NotAllowedError):
        responses.record(session, seller, theirs.survey_id, customer_id=theirs.customer_id, values={"score": 1})


def test_an_undone_answer_opens_its_link_again(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        token = a_link(session, factories.a_survey(session), factories.a_customer(session))
    with changes.writing(engine, responses.respondent(), action=ChangeAction.CREATE) as session:
        responses.answer(session, responses.respondent(), token=token, values={"score": 3})
        answered = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, answered)
    with db.reading(engine) as session:
        assert responses.asked(session, root, token=token)
        assert session.scalars(select(Task.deleted_at)).one() is not None
        assert session.scalars(select(LoyaltyEntry)).all() == []
