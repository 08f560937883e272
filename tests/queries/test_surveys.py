"""What the screens are shown of surveys, and what stays hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import NotFoundError
from crm_data.models import Invitation
from crm_data.queries import surveys
from crm_data.queries.listing import Wanted
from crm_data.vocabulary import Orientation, SurveyKind, SurveyStatus
from tests import factories

ALL = Wanted()


def test_the_list_counts_whom_was_asked_and_who_answered(session: Session, root: Actor):
    survey, customer = factories.a_survey(session, name="Spring"), factories.a_customer(session)
    for bounced in (None, factories.NOON):
        factories.added(session, Invitation(survey_id=survey.id, customer_id=customer.id, bounced_at=bounced))
    factories.a_response(session, survey, customer)
    row = surveys.listing(session, root, wanted=Wanted(search="SPR")).rows.row(0, named=True)
    assert (row["name"], row["asked"], row["answered"], row["last_answer"]) == ("Spring", 1, 1, factories.NOON)


def test_the_worst_answers_come_first_whatever_their_scale(session: Session, root: Actor):
    customer = factories.a_customer(session)
    nps = factories.a_survey(session)
    hard = factories.a_survey(session, kind=SurveyKind.CES, scale_low=1, scale_high=7, orientation=Orientation.LOW)
    for survey, score in ((nps, 3), (hard, 6), (nps, None), (nps, 10), (hard, 7)):
        factories.a_response(session, survey, customer, score=score)
    page = surveys.answers(session, root, wanted=ALL)
    assert page.rows["score"].to_list() == [7, 6, 3, 10, None]


def test_answers_are_narrowed_by_day_in_the_organisations_zone(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    for hour in (15, 17):  # midnight in Shanghai is at 16:00 UTC
        factories.a_response(
            session, survey, customer, answered_at=datetime(2026, 6, 1, hour, tzinfo=UTC), score=hour - 10
        )
    page = surveys.answers(session, root, wanted=ALL, between=(date(2026, 6, 2), date(2026, 6, 3)))
    assert page.rows["score"].to_list() == [7]


def test_answers_are_filtered_by_the_customers_fields(session: Session, root: Actor):
    survey = factories.a_survey(session)
    for region, comment in (("North", "bad"), ("North", None), ("South", "worse")):
        factories.a_response(session, survey, factories.a_customer(session, region=region), comment=comment)
    page = surveys.answers(session, root, wanted=Wanted(filters={"region": ["North"]}), with_comment=True)
    assert page.rows["comment"].to_list() == ["bad"]


def test_a_seller_sees_the_answers_of_the_own_customers_only(session: Session, seller: Actor):
    survey = factories.a_survey(session)
    own = factories.a_customer(session, owner_id=seller.user_id)
    other = factories.a_customer(session, owner_id=factories.a_user(session).id)
    for customer in (own, other):
        factories.a_response(session, survey, customer)
        factories.added(session, Invitation(survey_id=survey.id, customer_id=customer.id))
    seen = surveys.answers(session, seller, wanted=ALL).rows["customer_id"].to_list()
    asked = surveys.invitations(session, seller, survey.id, wanted=ALL).rows["customer_id"].to_list()
    counted = surveys.listing(session, seller, wanted=ALL).rows.row(0, named=True)
    assert (seen, asked, counted["asked"], counted["answered"]) == ([own.id], [own.id], 1, 1)


def test_an_answer_of_others_cannot_be_guessed(session: Session, seller: Actor):
    theirs = factories.a_customer(session, owner_id=factories.a_user(session).id)
    answer = factories.a_response(session, factories.a_survey(session), theirs)
    with pytest.raises(NotFoundError):
        surveys.response(session, seller, answer.id)


def test_answers_are_recorded_for_surveys_that_run(session: Session, root: Actor):
    running = factories.a_survey(session)
    factories.a_survey(session, status=SurveyStatus.CLOSED)
    assert surveys.running(session, root) == {running.id: running.name}


def test_the_invitations_of_a_survey_are_counted_by_how_far_they_came(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    for times in ({}, {"opened_at": factories.NOON, "answered_at": factories.NOON}, {"bounced_at": factories.NOON},
                  {"expires_at": factories.NOON}):  # fmt: skip
        factories.added(session, Invitation(survey_id=survey.id, customer_id=customer.id, **times))
    counts = surveys.invitation_counts(session, root, survey.id)
    assert counts == {"sent": 4, "bounced": 1, "opened": 1, "answered": 1, "open": 1}


def test_a_survey_nobody_was_asked_counts_nothing(session: Session, root: Actor):
    counts = surveys.invitation_counts(session, root, factories.a_survey(session).id)
    assert set(counts.values()) == {0}
