"""The forms about surveys: the survey itself, its further questions, and an answer to it."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from crm_data.models import Survey
from crm_data.vocabulary import Labelled, Orientation, QuestionKind, SurveyKind
from crm_data.vocabulary.scales import BOXES, ENDS
from pages.ui.forms import Sheet, options_of
from pages.ui.text import _, md, number, translated

FIELDS = (
    "name", "kind", "question", "scale_high", "orientation", "relationship_survey", "questions", "cool_down_days",
    "reward_points",
)  # fmt: skip
NEW = {
    "kind": SurveyKind.NPS,
    "scale_high": 5,
    "orientation": Orientation.HIGH,
    "relationship_survey": True,
    "cool_down_days": 90,
    "reward_points": 0,
}
_COLUMNS = {"text": pl.String, "type": pl.String, "scale": pl.Int64, "orientation": pl.String, "key": pl.String}


def base_of(row: Survey) -> dict[str, Any]:
    """Give the values that the form of a survey begins with."""
    return {name: getattr(row, name) for name in FIELDS}


def draw_survey(sheet: Sheet) -> None:
    """Draw the fields of a survey; the scale is only asked of kinds that have no fixed one."""
    sheet.text("name", _("Name"), required=True)
    sheet.choice("kind", _("Kind"), SurveyKind, required=True)
    sheet.area("question", _("The question that gives the score"), required=True)
    left, right = st.columns(2)
    with left:
        sheet.choice("scale_high", _("Points of the scale (satisfaction and own questionnaires)"), list(BOXES))
        sheet.whole("cool_down_days", _("Days until a customer may be asked again"), least=0)
    with right:
        sheet.choice("orientation", _("Which end of the scale is good?"), Orientation, required=True)
        sheet.whole("reward_points", _("Points for answering"), least=0)
    sheet.tick("relationship_survey", _("About the relation as a whole, not about one event"))
    with st.expander(_("Further questions")):
        sheet.hold("questions", _questions(sheet))


def draw_answer(sheet: Sheet, survey: Survey) -> None:
    """Draw the questions of a survey: the score as buttons, the further ones, and room for a comment."""
    scale = list(range(survey.scale_low, survey.scale_high + 1))
    sheet.hold("score", _rating(f"{sheet.key}:score", survey.question, scale))
    st.caption(md(" · ".join(ends(survey))))
    answers = {question["key"]: _further(sheet, question) for question in survey.questions or []}
    sheet.hold("answers", answers)
    sheet.area("comment", _("What made you answer like this?"))


def ends(survey: Survey) -> tuple[str, str]:
    """Say what the two ends of a survey's scale mean."""
    worst, best = ENDS[survey.kind]
    words = (worst, best) if survey.orientation is Orientation.HIGH else (best, worst)
    low, high = (
        _("{score}: {meaning}").format(score=number(score), meaning=translated(meaning))
        for score, meaning in zip((survey.scale_low, survey.scale_high), words, strict=True)
    )
    return low, high


def _rating(key: str, words: str, scale: list[int]) -> int | None:
    picked = st.segmented_control(md(words), scale, key=key, format_func=str)
    return None if picked is None else int(picked)


def _further(sheet: Sheet, question: dict[str, Any]) -> Any:
    key, words = f"{sheet.key}:answer:{question['key']}", str(question["text"])
    match question["type"]:
        case QuestionKind.SCALE:
            return _rating(key, words, list(range(1, int(question["scale"]) + 1)))
        case QuestionKind.YES_NO:
            shown = {True: _("Yes"), False: _("No")}
            return st.segmented_control(md(words), list(shown), key=key, format_func=shown.__getitem__)
        case _:
            return st.text_area(md(words), key=key)


def _questions(sheet: Sheet) -> list[dict[str, Any]]:
    had = [question | {"scale": question.get("scale")} for question in sheet.base.get("questions") or []]
    frame = pl.DataFrame([{name: row.get(name) for name in _COLUMNS} for row in had], schema=_COLUMNS)
    edited = st.data_editor(
        frame,
        key=f"{sheet.key}:v{sheet.version}:questions",
        num_rows="dynamic",
        hide_index=True,
        placeholder="—",
        alt=_("Further questions"),
        column_config={
            "text": st.column_config.TextColumn(_("Question"), width="large"),
            "type": _chosen(_("Answered"), QuestionKind),
            "scale": st.column_config.SelectboxColumn(_("Points"), options=list(BOXES)),
            "orientation": _chosen(_("Which end is good?"), Orientation),
            "key": st.column_config.TextColumn(_("Key for imports")),
        },
    )
    rows = edited.filter(pl.col("text").fill_null("").str.strip_chars() != "").to_dicts()
    return [_question(row, position) for position, row in enumerate(rows, start=1)]


def _question(row: dict[str, Any], position: int) -> dict[str, Any]:
    kind = row["type"] or QuestionKind.SCALE.value
    question = {"key": row["key"] or f"q{position}", "text": row["text"].strip(), "type": kind}
    if kind == QuestionKind.SCALE:
        question |= {"scale": row["scale"] or 5, "orientation": row["orientation"] or Orientation.HIGH.value}
    return question


def _chosen(words: str, vocabulary: type[Labelled]) -> Any:
    shown = options_of(vocabulary)
    return st.column_config.SelectboxColumn(words, options=list(shown), format_func=lambda value: shown[str(value)])
