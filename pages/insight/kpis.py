"""All figures by chapter: what each means, where it stands, and the way to its records."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis import CHAPTERS
from pages.ui import analysis
from pages.ui.explanations import Setting
from pages.ui.figures import card_grid, cards
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.period_bar import period_bar
from pages.ui.text import _, translated

actor = guard(None)
terms, calendar = analysis.calendar(actor)
screen_title(actor, _("All figures"), about=_("Every figure with its definition and the records behind it."))
view = period_bar(actor, calendar)
chapters = list(CHAPTERS)
chapter = st.segmented_control(
    _("Chapter"), chapters, key="chapter", default=chapters[0], required=True, bind="query-params",
    format_func=translated, label_visibility="collapsed",
)  # fmt: skip
shown = [measure for measure in CHAPTERS[chapter or chapters[0]] if analysis.open_to(actor, measure)]
if shown:
    answer = cards(actor, shown, view)
    card_grid(shown, answer, Setting(actor, view, terms, answer.as_of))
if len(shown) < len(CHAPTERS[chapter or chapters[0]]):
    st.caption(_("Some figures are not shown, because their records are not open to you."))
