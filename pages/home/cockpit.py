"""The first look in the morning: what needs action, how things stand, where they are going, and who makes it up."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis import by_key
from crm_data.analytics.overview import OVERVIEWS
from crm_data.vocabulary import Action, Module
from pages.ui import address, analysis, pictures, state
from pages.ui.attention import needs_action
from pages.ui.customer_dialogs import add_task, log_call
from pages.ui.device import on_phone
from pages.ui.explanations import Setting
from pages.ui.figures import card_grid, cards
from pages.ui.find_box import find_box
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.links import go, link
from pages.ui.period_bar import period_bar
from pages.ui.text import _, day, translated
from pages.ui.welcome import welcome

actor = guard(None)
terms, calendar = analysis.calendar(actor)
overview = OVERVIEWS[actor.role]
headlines = [measure for key in overview.headlines if analysis.open_to(actor, measure := by_key(key))]
charted = {
    key: measure
    for key in dict.fromkeys([overview.trend, overview.breakdown, *overview.headlines])
    if analysis.open_to(actor, measure := by_key(key))
}

screen_title(actor, _("Cockpit"), about=day(calendar.today))
if on_phone():
    find_box(actor)
with st.container(horizontal=True, vertical_alignment="top", gap="small"):
    if not on_phone():
        find_box(actor)
    if actor.may(Module.ACTIVITIES, Action.CREATE):
        st.button(_("Log a call"), key="log", icon=":material/call:", type="primary", on_click=state.open_dialog,
                  args=("log_call",))  # fmt: skip
    if actor.may(Module.TASKS, Action.CREATE):
        st.button(_("Add a task"), key="task", icon=":material/add_task:", on_click=state.open_dialog,
                  args=("add_task",))  # fmt: skip
welcome(actor)
needs_action(actor, overview.matters, calendar=calendar, terms=terms)

st.subheader(_("How things stand"), anchor=False)
view = period_bar(actor, calendar)
if not headlines:
    st.info(_("No figures are open to your role. Ask an administrator for more permissions."), icon=":material/lock:")
    st.stop()
answer = cards(actor, headlines, view)
card_grid(headlines, answer, Setting(actor, view, terms, answer.as_of))
link("kpis", _("All figures"), icon="query_stats", **view.query())


def figure_choice(name: str, usual: str) -> str:
    """Draw the choice of the figure for a picture, kept in the address under its name."""
    order = [key for key in dict.fromkeys([usual, *charted]) if key in charted]
    with st.container(width=220):
        return address.from_list(name, _("Figure"), {key: translated(charted[key].label) for key in order})


left, right = st.columns(2, gap="large")
with left:
    trended = figure_choice("trend", overview.trend)
    pictures.trend(actor, charted[trended], view, terms)
with right:
    with st.container(horizontal=True):
        broken = charted[figure_choice("breakdown", overview.breakdown)]
        by = pictures.dimension_choice(broken, key="by", usual=overview.by)
    member = pictures.ranking(actor, broken, view, terms, by=by) if by else None
    if member is not None and by is not None:
        go("kpi", key=broken.key, part=by, member=member, **view.query())

log_call(actor)
add_task(actor)
