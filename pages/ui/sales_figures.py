"""The key figures on top of a list: of this quarter, for the owners that the list is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import periods
from crm_data.analytics.kpi import Measure
from crm_data.analytics.periods import Preset
from crm_data.queries import organisation
from pages.ui import analysis
from pages.ui.device import on_phone
from pages.ui.doors import look
from pages.ui.explanations import Setting, words
from pages.ui.figures import Card, cards, metric
from pages.ui.links import link
from pages.ui.period_bar import Base, View, span
from pages.ui.text import _, md, ngettext, number

_NARROWEST = 170


def figures_above(actor: Actor, measures: Sequence[Measure], *, owners: Sequence[int]) -> None:
    """Draw the figures that are open to the reader in one row, each with the way to its records; folded on a phone."""
    shown = [measure for measure in measures if analysis.open_to(actor, measure)]
    if not shown:
        return
    terms, calendar = analysis.calendar(actor)
    period = periods.preset(Preset.QUARTER_TO_DATE, calendar=calendar)
    people = look(organisation.everybody, actor)
    chosen = {_("Owner"): [people.get(owner, str(owner)) for owner in owners]} if owners else {}
    view = View(period, period.previous(), Base.PREVIOUS, {"owner": tuple(owners)} if owners else {}, chosen)
    title = _("Figures: {period}").format(period=span(period))
    place = st.expander(md(title), icon=":material/monitoring:") if on_phone() else st.container()
    with place, st.grid(len(shown), min_column_width=_NARROWEST, key="figures"):
        answer = cards(actor, shown, view)
        for measure in shown:
            with st.container(border=True, height="stretch", gap="xxsmall", key=f"figure:{measure.key}"):
                _draw(measure, answer.value[measure.key], Setting(actor, view, terms, answer.as_of))


def _draw(measure: Measure, card: Card, setting: Setting) -> None:
    metric(measure, replace(card, months=[]), setting)
    figure = card.figure
    if figure.value is None and figure.note is not None:
        st.caption(md(words(figure.note)))
    count = ngettext("{count} record", "{count} records", figure.n).format(count=number(figure.n))
    link("kpi", md(count), icon="list", key=measure.key, **setting.view.query())
