"""All opportunities: as a board to move them through the stages, or as a table to search and narrow."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis.opportunities import WIN_RATE
from crm_data.analytics.kpis.pipeline import OPEN_PIPELINE, WEIGHTED_PIPELINE
from crm_data.analytics.kpis.stages import STALLED
from crm_data.queries import opportunities, organisation, pipeline
from crm_data.vocabulary import Action, ForecastCategory, LostReason, Module, StageKind
from pages.ui import address, state
from pages.ui.bulk import bulk_bar
from pages.ui.device import fitting, name_width
from pages.ui.doors import look
from pages.ui.exports import export_button
from pages.ui.filters import choose, nothing_found, quick_choice, search_box, sort_choice, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.list_texts import in_words, with_money
from pages.ui.opportunity_dialogs import contract_of, move_opportunity, new_opportunity
from pages.ui.pipeline_board import board
from pages.ui.sales_figures import figures_above
from pages.ui.tables import (
    Column,
    choice_column,
    day_column,
    number_column,
    pages_below,
    record_table,
    text_column,
    total_line,
)
from pages.ui.text import _, translated

actor = guard(Module.OPPORTUNITIES)
terms, today = look(organisation.terms_for, actor), look(organisation.today_for, actor)
screen_title(actor, _("Opportunities"))
stages = look(pipeline.stages, actor)

with st.container(horizontal=True, vertical_alignment="bottom"):
    views = {"board": _("Board"), "table": _("Table")}
    view = address.one_of("view", _("View"), views)
    search = search_box(_("Number, name or customer"))
    if actor.may(Module.OPPORTUNITIES, Action.CREATE):
        st.button(_("New opportunity"), key="new", type="primary", icon=":material/add:",
                  on_click=state.open_dialog, args=("new_opportunity",))  # fmt: skip

as_table = view == "table"
if as_table:
    outcomes = quick_choice("outcome", _("Outcome"), StageKind)
with st.expander(_("More filters and order"), icon=":material/tune:"), st.container(horizontal=True):
    filters = {"owner": choose("owner", _("Owner"), look(organisation.people, actor))}
    filters["source"] = choose("source", _("Source"), look(opportunities.sources, actor))
    filters["forecast"] = choose("forecast", _("Forecast category"), ForecastCategory)
    if as_table:
        filters["outcome"] = outcomes
        filters["stage"] = choose("stage", _("Stage"), {stage.id: translated(stage.name) for stage in stages})
        filters["reason"] = choose("reason", _("Lost reason"), LostReason)
        sort, descending = sort_choice({"updated": _("Last change"), "name": _("Name"), "amount": _("Amount"),
                                        "expected": _("Expected close"), "opened": _("Opened on")},
                                       default_descending=True)  # fmt: skip
    else:
        sort, descending = "expected", False
figures_above(actor, (OPEN_PIPELINE, WEIGHTED_PIPELINE, WIN_RATE, STALLED), owners=filters["owner"])

asked = wanted(search=search, filters=filters, sort=sort, descending=descending)
filtered = bool(search or any(filters.values()))
empty = _("There are no opportunities yet. Add the first one.")
may_edit = actor.may(Module.OPPORTUNITIES, Action.EDIT)


def show_board() -> None:
    """Draw the stages with their cards."""
    columns = look(pipeline.board, actor, wanted=asked, cards=10)
    if not any(column.count for column in columns):
        nothing_found(filtered=filtered, empty=empty)
        return
    board(actor, columns, currency=terms.base_currency, today=today, may_move=may_edit)


def show_table() -> None:
    """Draw one page of the list."""
    page = look(opportunities.listing, actor, wanted=asked)
    if page.rows.is_empty():
        nothing_found(filtered=filtered, empty=empty)
        return
    rows = with_money(page.rows, "amount").with_columns(in_words(page.rows, "stage"))
    columns = [
        text_column("name", _("Name"), width=name_width()),
        text_column("customer", _("Customer")),
        text_column("stage", _("Stage")),
        Column("amount", _("Amount"), right=True),
        number_column("probability", _("Probability")),
        day_column("expected_close_on", _("Expected close")),
        text_column("owner", _("Owner")),
        text_column("next_step", _("Next step")),
        day_column("next_step_on", _("Next step on")),
        choice_column("forecast_category", _("Forecast category"), ForecastCategory),
        text_column("number", _("Number")),
    ]
    chosen = record_table(rows, kind="opportunities", key="opportunities",
                          columns=fitting(columns, phone=("name", "amount", "stage")),
                          select=actor.may(Module.OPPORTUNITIES, Action.BULK))  # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)
        export_button(actor, "opportunities", wanted=asked, listing=opportunities.listing)
    bulk_bar(actor, chosen, kind="opportunities", module=Module.OPPORTUNITIES)


if as_table:
    show_table()
else:
    show_board()
new_opportunity(actor)
move_opportunity(actor)
contract_of(actor)
