"""What customers think of us: the scores and how sure they are, by segment, in their own words, survey by survey."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis.satisfaction import CES, CSAT, FOLLOW_UP_RATE, NPS, RESPONSE_RATE
from crm_data.analytics.periods import Preset
from crm_data.queries import surveys
from crm_data.vocabulary import Action, Module, SurveyKind, SurveyStatus
from pages.ui import address, analysis, pictures, state
from pages.ui.doors import look
from pages.ui.explanations import Setting
from pages.ui.figures import card_grid, cards
from pages.ui.filters import nothing_found, quick_choice, search_box, sort_choice, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.period_bar import period_bar
from pages.ui.score_pictures import limits_line, segment_choice, segments
from pages.ui.sections import sections
from pages.ui.survey_dialogs import new_survey, record_answer
from pages.ui.survey_sections import answer_card
from pages.ui.tables import (
    choice_column,
    moment_column,
    number_column,
    pages_below,
    record_table,
    text_column,
    total_line,
)
from pages.ui.text import _, translated

actor = guard(Module.SATISFACTION)
FIGURES = (NPS, CSAT, CES, RESPONSE_RATE, FOLLOW_UP_RATE)
KINDS = {SurveyKind.NPS: NPS, SurveyKind.CSAT: CSAT, SurveyKind.CES: CES}
screen_title(actor, _("Satisfaction"))
terms, calendar = analysis.calendar(actor)
with st.container(horizontal=True):
    if actor.may(Module.SATISFACTION, Action.CREATE):
        st.button(_("Record an answer"), key="record", type="primary", icon=":material/edit_note:",
                  on_click=state.open_dialog, args=("record_answer",))  # fmt: skip
        st.button(_("New survey"), key="new", icon=":material/add:", on_click=state.open_dialog, args=("new_survey",))

view = period_bar(actor, calendar, default=Preset.LAST_90_DAYS)


def score() -> SurveyKind:
    """Draw the choice of the score that is looked at."""
    options = {kind.value: translated(measure.label) for kind, measure in KINDS.items()}
    return SurveyKind(address.one_of("score", _("Score"), options))


def scores() -> None:
    """Draw the figures, between which limits they lie, and one of them over the period."""
    answer = cards(actor, FIGURES, view)
    card_grid(FIGURES, answer, Setting(actor, view, terms, answer.as_of))
    limits_line(FIGURES, answer.value, terms)
    pictures.trend(actor, KINDS[score()], view, terms)


def by_segment() -> None:
    """Draw a score by a field of the customers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = KINDS[score()]
        by = segment_choice(chosen)
    segments(actor, chosen, view, terms, by=by)


def comments() -> None:
    """Draw what customers wrote in the period, the worst answers first."""
    kinds = quick_choice("kind", _("Kind"), SurveyKind)
    asked = wanted(search="", filters={"kind": kinds, **view.members}, sort="worst", descending=False)
    days = (view.period.start, view.period.end)
    page = look(surveys.answers, actor, wanted=asked, between=days, with_comment=True)
    if page.rows.is_empty():
        nothing_found(filtered=bool(kinds), empty=_("Nobody wrote a comment in this period."))
        return
    for entry in page.rows.iter_rows(named=True):
        answer_card(actor, entry, terms)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)


def all_surveys() -> None:
    """Draw the list of surveys."""
    search = search_box(_("Name of the survey"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        states = quick_choice("status", _("Status"), SurveyStatus)
        sort, descending = sort_choice({"updated": _("Last change"), "name": _("Name")}, default_descending=True)
    asked = wanted(search=search, filters={"status": states}, sort=sort, descending=descending)
    page = look(surveys.listing, actor, wanted=asked)
    if page.rows.is_empty():
        nothing_found(filtered=bool(search or states), empty=_("There are no surveys yet. Make the first one."))
        return
    record_table(
        page.rows,
        kind="surveys",
        key="surveys",
        columns=[
            text_column("name", _("Name")),
            choice_column("kind", _("Kind"), SurveyKind),
            choice_column("status", _("Status"), SurveyStatus),
            number_column("asked", _("Invited")),
            number_column("answered", _("Answers")),
            moment_column("last_answer", _("Last answer"), zone=terms.time_zone),
        ],
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)


sections({
    "scores": (_("Scores"), scores),
    "segments": (_("By segment"), by_segment),
    "comments": (_("Comments"), comments),
    "surveys": (_("Surveys"), all_surveys),
})  # fmt: skip
new_survey(actor)
record_answer(actor)
