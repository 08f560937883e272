"""One figure: what it means, how it stands and went, who makes it up, its targets, and the records behind it."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis import by_key
from crm_data.vocabulary import Action, Module
from pages.ui import analysis, pictures
from pages.ui.explanations import Setting, circumstances, definition
from pages.ui.figure_exports import chosen_part
from pages.ui.figure_records import chosen_words, records
from pages.ui.figures import cards, metric, target_words
from pages.ui.goal_section import goal_section
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.links import go, link
from pages.ui.period_bar import period_bar
from pages.ui.records import or_missing
from pages.ui.text import _, md, translated

actor = guard(None)
measure = or_missing(lambda: by_key(st.query_params.get("key", "")))
terms, calendar = analysis.calendar(actor)
link("kpis", _("All figures"), icon="arrow_back")
screen_title(actor, translated(measure.label))
if not analysis.open_to(actor, measure):
    st.info(_("These records are not open to you. Ask an administrator for the permission."), icon=":material/lock:")
    st.stop()

view = period_bar(actor, calendar)
answer = cards(actor, [measure], view)
card = answer.value[measure.key]
setting = Setting(actor, view, terms, answer.as_of)

left, right = st.columns([2, 3], gap="medium")
with left, st.container(border=True, height="stretch", key="figure"):
    metric(measure, card, setting)
    target = target_words(measure, card, setting)
    if target:
        st.caption(md(target))
with right, st.container(border=True, height="stretch", key="definition"):
    definition(measure)
    with st.expander(_("How is this computed?"), icon=":material/help:"):
        circumstances(measure, card.figure, setting)

left, right = st.columns(2, gap="large")
with left:
    pictures.trend(actor, measure, view, terms)
with right:
    by = pictures.dimension_choice(measure, key="by")
    member = pictures.ranking(actor, measure, view, terms, by=by) if by else None
    if member is not None and by is not None:
        go("kpi", key=measure.key, part=by, member=member, by=by, **view.query())

st.subheader(_("The records behind it"), anchor=False)
chosen = chosen_part(measure)
words = chosen_words(actor, measure, chosen)
if words:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(md(words, badge=True), icon=":material/filter_alt:")
        link("kpi", _("Show all"), icon="close", key=measure.key, **view.query())
records(actor, measure, view, terms, chosen=chosen)
if actor.may(Module.GOALS, Action.VIEW):
    goal_section(actor, measure, view, terms)
