"""All figures by chapter: what each means, where it stands, and the way to its records."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis import CHAPTERS
from pages.ui import address, analysis
from pages.ui.explanations import Setting
from pages.ui.figures import card_grid, cards
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.period_bar import period_bar
from pages.ui.text import _, translated

actor = guard(None)


def slug(name: str) -> str:
    """Give a chapter's name as it stands in the address."""
    return name.lower().replace(" ", "_")


terms, calendar = analysis.calendar(actor)
screen_title(actor, _("All figures"), about=_("Every figure with its definition and the records behind it."))
view = period_bar(actor, calendar)
chapter = address.one_of("chapter", _("Chapter"), {slug(name): translated(name) for name in CHAPTERS})
measures = next(measures for name, measures in CHAPTERS.items() if slug(name) == chapter)
shown = [measure for measure in measures if analysis.open_to(actor, measure)]
if shown:
    answer = cards(actor, shown, view)
    card_grid(shown, answer, Setting(actor, view, terms, answer.as_of))
if len(shown) < len(measures):
    st.caption(_("Some figures are not shown, because their records are not open to you."))
