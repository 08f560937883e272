"""Surveys: what is asked, on which scale, and when a survey runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Response, Survey
from crm_data.services import bin, changes, checks
from crm_data.vocabulary import N_, Action, Module, Orientation, QuestionKind, SurveyKind, SurveyStatus
from crm_data.vocabulary.scales import BOXES, bounds

EDITABLE = (
    "name", "kind", "question", "scale_low", "scale_high", "orientation", "relationship_survey", "questions",
    "languages", "cool_down_days", "reward_points",
)  # fmt: skip
# What an answer means depends on these: they stay as they were asked.
_MEANING = {"kind", "scale_low", "scale_high", "orientation", "relationship_survey"}
_QUESTION_FIELDS = {"key", "text", "type", "scale", "orientation"}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_QUESTIONS, _LONGEST_TEXT = 20, 500
_LONGEST_COOL_DOWN = 3650
_USUAL_POINTS = 5


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Survey:
    """Add a survey as a draft; the scale follows from the kind, for satisfaction from `scale_high`."""
    access.require(actor, Module.SATISFACTION, Action.CREATE)
    survey = Survey(**checks.only(values, EDITABLE))
    survey.kind = SurveyKind(values.get("kind") or SurveyKind.NPS)
    survey.orientation = Orientation(values.get("orientation") or Orientation.HIGH)
    survey.scale_low, survey.scale_high = bounds(survey.kind, points=values.get("scale_high") or _USUAL_POINTS)
    _check(survey)
    session.add(survey)
    session.flush()
    return survey


def edit(
    session: Session, actor: Actor, survey_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Survey:
    """Change a survey; once it has answers its scale stays as it was, because scales are never mixed."""
    survey = access.fetch(session, actor, Survey, survey_id, action=Action.EDIT)
    changed = changes.apply_edit(survey, version=version, base=base, mine=checks.only(mine, EDITABLE))
    survey.scale_low, survey.scale_high = bounds(survey.kind, points=survey.scale_high)
    with session.no_autoflush:
        answered = changed & _MEANING and session.scalar(_answers(survey_id)) is not None
    if answered:
        message = N_("This survey has answers, so its scale stays as it is. Make a new survey instead.")
        raise InvalidError(message, field=min(changed & _MEANING))
    _check(survey)
    session.flush()
    return survey


def start(session: Session, actor: Actor, survey_id: int) -> Survey:
    """Let a survey run: from now on customers can be invited and answers recorded."""
    return _set_status(session, actor, survey_id, SurveyStatus.RUNNING)


def close(session: Session, actor: Actor, survey_id: int) -> Survey:
    """Close a survey: its links stop working, its answers stay."""
    return _set_status(session, actor, survey_id, SurveyStatus.CLOSED)


def delete(session: Session, actor: Actor, survey_id: int) -> Mapping[str, int]:
    """Put a survey with its invitations and answers into the bin; give the number of records of each kind."""
    survey = access.fetch(session, actor, Survey, survey_id, action=Action.DELETE)
    return bin.delete_with_parts(session, survey)


def refuse_unless_running(survey: Survey) -> None:
    """Raise CrmError unless the survey runs."""
    if survey.status is not SurveyStatus.RUNNING:
        raise CrmError(N_("The survey “{name}” does not run. Start it first."), name=survey.name)


def _set_status(session: Session, actor: Actor, survey_id: int, status: SurveyStatus) -> Survey:
    survey = access.fetch(session, actor, Survey, survey_id, action=Action.EDIT)
    survey.status = status
    session.flush()
    return survey


def _answers(survey_id: int) -> Any:
    return select(Response.id).where(Response.survey_id == survey_id, Response.deleted_at.is_(None)).limit(1)


def _check(survey: Survey) -> None:
    checks.all_of(
        lambda: checks.filled(survey, "name", "question"),
        lambda: checks.short_enough(survey),
        lambda: checks.not_negative(survey, "cool_down_days", "reward_points"),
        lambda: _sane_cool_down(survey),
        lambda: _known_scale(survey),
        lambda: _sound_questions(survey.questions or []),
    )


def _sane_cool_down(survey: Survey) -> None:
    if (survey.cool_down_days or 0) > _LONGEST_COOL_DOWN:
        raise InvalidError(N_("Ten years is the longest pause."), field="cool_down_days")


def _known_scale(survey: Survey) -> None:
    points = survey.scale_high - survey.scale_low + 1
    if survey.kind in {SurveyKind.CSAT, SurveyKind.OWN} and points not in BOXES:
        message = N_("A satisfaction scale has 3, 4, 5, 6, 7 or 10 points.")
        raise InvalidError(message, field="scale_high")
    if survey.kind is SurveyKind.NPS and survey.orientation is Orientation.LOW:
        raise InvalidError(N_("On the recommendation scale 10 is always the best answer."), field="orientation")


def _sound_questions(questions: list[dict[str, Any]]) -> None:
    keys = [question.get("key") for question in questions]
    if len(questions) > _MOST_QUESTIONS or len(set(keys)) < len(keys):
        message = N_("A survey has at most {count} further questions, each with a key of its own.")
        raise InvalidError(message, field="questions", count=_MOST_QUESTIONS)
    for question in questions:
        if not _is_sound(question):
            message = N_("Question “{key}” needs a text, a kind and, when it is a scale, 3, 4, 5, 6, 7 or 10 points.")
            raise InvalidError(message, field="questions", key=question.get("key") or "—")


def _is_sound(question: Mapping[str, Any]) -> bool:
    kind, text = question.get("type"), question.get("text")
    named = bool(_KEY.fullmatch(str(question.get("key")))) and set(question) <= _QUESTION_FIELDS
    asked = isinstance(text, str) and 0 < len(text.strip()) <= _LONGEST_TEXT
    scaled = question.get("scale") in BOXES and question.get("orientation", Orientation.HIGH) in set(Orientation)
    return named and asked and kind in set(QuestionKind) and (kind != QuestionKind.SCALE or scaled)
