"""The key figures on top of a list: of this quarter, for the owners that the list is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import periods
from crm_data.analytics.kpi import Measure
from crm_data.analytics.periods import Preset
from crm_data.queries import organisation
from pages.ui import analysis
from pages.ui.device import on_phone
from pages.ui.doors import look
from pages.ui.explanations import Setting
from pages.ui.figures import card_grid, cards
from pages.ui.period_bar import Base, View, span
from pages.ui.text import _, md


def figures_above(actor: Actor, measures: Sequence[Measure], *, owners: Sequence[int]) -> None:
    """Draw the cards of figures that are open to the reader, each with the way to its records; folded on a phone."""
    shown = [measure for measure in measures if analysis.open_to(actor, measure)]
    if not shown:
        return
    terms, calendar = analysis.calendar(actor)
    period = periods.preset(Preset.QUARTER_TO_DATE, calendar=calendar)
    people = look(organisation.everybody, actor)
    words = {_("Owner"): [people.get(owner, str(owner)) for owner in owners]} if owners else {}
    view = View(period, period.previous(), Base.PREVIOUS, {"owner": tuple(owners)} if owners else {}, words)
    title = _("Figures: {period}").format(period=span(period))
    with st.expander(md(title), expanded=not on_phone(), icon=":material/monitoring:"):
        answer = cards(actor, shown, view)
        card_grid(shown, answer, Setting(actor, view, terms, answer.as_of))
