"""The satisfaction screens: scores, segments, comments, surveys, invitations and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Invitation, Response, Survey, Task
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction, Role, SurveyKind, SurveyStatus
from tests import factories
from tests.pages.visiting import texts, visit

NASTY = "**Bold** [link](http://evil.example) <script>"


def kept(engine: Engine, root: Actor, make: Callable[[Session], Any]) -> Any:
    """Write something and give the record."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        return make(session)


def all_of(engine: Engine, model: type) -> list[Any]:
    with db.reading(engine) as session:
        return list(session.scalars(select(model).where(model.deleted_at.is_(None))))


@pytest.fixture
def survey_id(engine: Engine, root: Actor) -> int:
    def make(session: Session) -> Survey:
        survey = factories.a_survey(session, name="Spring")
        customer = factories.a_customer(session, name="瑞丰机械", region="North")
        factories.a_response(session, survey, customer, score=3, comment=NASTY)
        return survey

    return int(kept(engine, root, make).id)


@pytest.mark.parametrize("tab", ["scores", "segments", "comments", "surveys"])
def test_every_part_opens_with_and_without_answers(engine: Engine, root: Actor, tab: str) -> None:
    empty = visit(engine, "satisfaction", tab=tab)
    kept(engine, root, lambda s: factories.a_response(s, factories.a_survey(s), factories.a_customer(s)))
    full = visit(engine, "satisfaction", tab=tab)
    assert [error.value for app in (empty, full) for error in app.exception] == []


@pytest.mark.parametrize("score", ["nps", "csat", "ces"])
def test_every_score_has_its_segments(engine: Engine, survey_id: int, score: str) -> None:
    assert not visit(engine, "satisfaction", tab="segments", score=score, by="region").exception


def test_a_comment_is_shown_as_it_was_typed_and_gets_a_follow_up(engine: Engine, survey_id: int) -> None:
    app = visit(engine, "satisfaction", tab="comments")
    assert NASTY in [text.value for text in app.text]
    answer = all_of(engine, Response)[0]
    app.button(key=f"follow_up:{answer.id}").click().run()
    assert [task.text for task in all_of(engine, Task)] == [NASTY]


def test_comments_of_other_regions_are_filtered_out(engine: Engine, survey_id: int, root: Actor) -> None:
    kept(engine, root, lambda s: factories.a_customer(s, region="South"))
    app = visit(engine, "satisfaction", tab="comments", region="South")
    assert NASTY not in [text.value for text in app.text]


def test_a_new_survey_is_a_draft_with_its_own_page(engine: Engine) -> None:
    app = visit(engine, "satisfaction")
    app.button(key="new").click().run()
    app.text_input(key="survey:new:v0:name").input("After service")
    app.text_area(key="survey:new:v0:question").input("How satisfied are you?")
    app.selectbox(key="survey:new:v0:kind").select(SurveyKind.CSAT)
    app.selectbox(key="survey:new:v0:scale_high").select(7)
    app.button(key="save_survey").click().run()
    survey = all_of(engine, Survey)[0]
    assert (survey.status, survey.scale_low, survey.scale_high) == (SurveyStatus.DRAFT, 1, 7)


def test_a_survey_without_question_is_explained_at_its_field(engine: Engine) -> None:
    app = visit(engine, "satisfaction")
    app.button(key="new").click().run()
    app.text_input(key="survey:new:v0:name").input("After service")
    app.button(key="save_survey").click().run()
    assert "Please fill in this field" in texts(app)
    assert all_of(engine, Survey) == []


def test_staff_record_an_answer_for_a_customer_found_by_typing(engine: Engine, survey_id: int) -> None:
    app = visit(engine, "survey_record", id=survey_id)
    app.button(key="record").click().run()
    app.text_input(key="answer:search").input("瑞丰").run()
    app.pills(key="answer:customer").set_value(1).run()
    app.segmented_control(key=f"answer:{survey_id}:1:score").set_value(10)
    app.button(key="save_answer").click().run()
    assert sorted(answer.score for answer in all_of(engine, Response)) == [3, 10]


def test_invitations_show_whom_they_reach_and_give_the_links_once(engine: Engine, survey_id: int) -> None:
    app = visit(engine, "survey_record", id=survey_id)
    app.button(key="invite").click().run()
    app.multiselect(key=f"invite:{survey_id}:audience:region").set_value(["North"]).run()
    assert [metric.value for metric in app.metric if metric.label == "Can be reached"] == ["1"]
    app.button(key="send_invitations").click().run()
    assert "/survey?t=" in app.code[0].value
    assert len(all_of(engine, Invitation)) == 1
    assert "/survey?t=" not in texts(visit(engine, "survey_record", id=survey_id, tab="invitations"))


@pytest.mark.parametrize("tab", ["overview", "invitations", "answers", "history"])
def test_every_part_of_a_survey_opens(engine: Engine, survey_id: int, tab: str) -> None:
    assert not visit(engine, "survey_record", id=survey_id, tab=tab).exception


def test_a_survey_is_closed_and_started_again(engine: Engine, survey_id: int) -> None:
    app = visit(engine, "survey_record", id=survey_id)
    app.button(key="switch").click().run()
    assert all_of(engine, Survey)[0].status is SurveyStatus.CLOSED
    app.button(key="switch").click().run()
    assert all_of(engine, Survey)[0].status is SurveyStatus.RUNNING


def test_a_survey_is_edited_and_its_questions_stay(engine: Engine, root: Actor) -> None:
    asked = [{"key": "speed", "text": "How quick?", "type": "scale", "scale": 5, "orientation": "high"}]
    survey = kept(engine, root, lambda s: factories.a_survey(s, name="Old", questions=asked))
    app = visit(engine, "survey_record", id=survey.id)
    app.button(key="edit").click().run()
    app.text_input(key=f"survey:{survey.id}:v1:name").input("New")
    app.button(key="save").click().run()
    stored = all_of(engine, Survey)[0]
    assert (stored.name, stored.questions) == ("New", asked)


def test_deleting_a_survey_offers_undo(engine: Engine, survey_id: int) -> None:
    app = visit(engine, "survey_record", id=survey_id)
    app.button(key="delete").click().run()
    app.button(key="really_delete").click().run()
    assert all_of(engine, Response) == []
    app.button(key="undo").click().run()
    assert len(all_of(engine, Response)) == 1


def test_a_viewer_sees_scores_but_no_buttons(engine: Engine, survey_id: int) -> None:
    app = visit(engine, "survey_record", role=Role.VIEWER, id=survey_id)
    keys = {button.key for button in app.button}
    assert not keys & {"invite", "record", "edit", "switch", "delete"}


def test_a_survey_that_does_not_exist_is_answered_with_a_sentence(engine: Engine) -> None:
    app = visit(engine, "survey_record", id="4711")
    assert not app.exception
    assert "does not exist" in texts(app)
