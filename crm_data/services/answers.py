"""What may stand in an answer: every value inside its scale, nothing that was not asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm_data import clock
from crm_data.errors import InvalidError, InvalidFormError
from crm_data.models import Survey
from crm_data.vocabulary import N_, QuestionKind

FIELDS = ("score", "answers", "comment", "contact_id", "answered_at")
_LONGEST_COMMENT = 4000


def checked(survey: Survey, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of a response from what was typed; skipped questions stay out of it.

    Raises InvalidFormError for values outside their scale, and for an answer in which nothing was said.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise KeyError(f"not part of an answer: {sorted(unknown)}")
    questions = {question["key"]: question for question in survey.questions or []}
    given = {key: value for key, value in (values.get("answers") or {}).items() if value not in (None, "")}
    score, comment = values.get("score"), (values.get("comment") or "").strip() or None
    problems = [*_score_problems(survey, score), *_comment_problems(comment), *_moment_problems(values)]
    problems += [_refusal(key) for key, value in given.items() if not _fits(questions.get(key), value)]
    if score is None and not given and comment is None:
        problems.append(InvalidError(N_("Please answer at least one question."), field="score"))
    if problems:
        raise InvalidFormError(N_("Some fields need another value. Nothing was saved."), problems=problems)
    return {
        "score": score,
        "answers": given,
        "comment": comment,
        "answered_at": values.get("answered_at") or clock.now(),
    } | ({"contact_id": values["contact_id"]} if values.get("contact_id") else {})


def _score_problems(survey: Survey, score: Any) -> list[InvalidError]:
    if score is None or (_is_whole(score) and survey.scale_low <= score <= survey.scale_high):
        return []
    message = N_("The answer lies between {low} and {high}.")
    return [InvalidError(message, field="score", low=survey.scale_low, high=survey.scale_high)]


def _comment_problems(comment: str | None) -> list[InvalidError]:
    if comment is None or len(comment) <= _LONGEST_COMMENT:
        return []
    message = N_("This text is too long: {length} characters at most.")
    return [InvalidError(message, field="comment", length=_LONGEST_COMMENT)]


def _moment_problems(values: Mapping[str, Any]) -> list[InvalidError]:
    at = values.get("answered_at")
    ahead = isinstance(at, datetime) and at.date() > clock.now().date()
    return [InvalidError(N_("This day lies in the future."), field="answered_at")] if ahead else []


def _refusal(key: str) -> InvalidError:
    message = N_("This is not an answer that the question offers.")
    return InvalidError(message, field=key)


def _fits(question: Mapping[str, Any] | None, value: Any) -> bool:
    if question is None:
        return False
    match question["type"]:
        case QuestionKind.SCALE:
            return _is_whole(value) and 1 <= value <= question["scale"]
        case QuestionKind.YES_NO:
            return isinstance(value, bool)
        case _:
            return isinstance(value, str) and len(value) <= _LONGEST_COMMENT


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
