"""All campaigns: the list, the calendar, and what they cost and brought."""

from __future__ import annotations

from datetime import date

import streamlit as st

from crm_data.analytics import periods
from crm_data.analytics.kpis.campaigns import (
    CAMPAIGN_CONVERSION,
    CAMPAIGN_COST,
    CAMPAIGN_RESPONSES,
    CAMPAIGN_ROI,
    COST_PER_LEAD,
)
from crm_data.analytics.periods import Preset
from crm_data.queries import campaigns, organisation
from crm_data.vocabulary import Action, CampaignKind, CampaignObjective, CampaignStatus, Channel, Module
from pages.ui import address, analysis, state
from pages.ui.campaign_dialogs import new_campaign
from pages.ui.campaign_results import calendar, comparison
from pages.ui.doors import look
from pages.ui.explanations import Setting
from pages.ui.exports import export_button
from pages.ui.figures import card_grid, cards
from pages.ui.filters import choose, nothing_found, quick_choice, search_box, sort_choice, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.list_texts import with_money
from pages.ui.period_bar import period_bar
from pages.ui.sections import sections
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
from pages.ui.text import _

actor = guard(Module.CAMPAIGNS)
FIGURES = (CAMPAIGN_COST, CAMPAIGN_RESPONSES, CAMPAIGN_CONVERSION, CAMPAIGN_ROI, COST_PER_LEAD)
screen_title(actor, _("Campaigns"))
terms, days = analysis.calendar(actor)
if actor.may(Module.CAMPAIGNS, Action.CREATE):
    st.button(_("New campaign"), key="new", type="primary", icon=":material/add:", on_click=state.open_dialog,
              args=("new_campaign",))  # fmt: skip


def columns() -> list[Column]:
    """Give the columns of the list."""
    return [
        text_column("name", _("Name")),
        choice_column("status", _("Status"), CampaignStatus),
        choice_column("kind", _("Kind"), CampaignKind),
        day_column("starts_on", _("First day")),
        day_column("ends_on", _("Last day")),
        Column("budget", _("Budget"), right=True),
        Column("cost", _("Cost"), right=True),
        number_column("members", _("Members")),
        number_column("responded", _("Responses")),
        choice_column("objective", _("Objective"), CampaignObjective),
        text_column("owner", _("Owner")),
    ]


def all_campaigns() -> None:
    """Draw one page of the list."""
    search = search_box(_("Name of the campaign"))
    states = quick_choice("status", _("Status"), CampaignStatus)
    with st.expander(_("More filters and order"), icon=":material/tune:"), st.container(horizontal=True):
        filters = {
            "status": states,
            "kind": choose("kind", _("Kind"), CampaignKind),
            "objective": choose("objective", _("Objective"), CampaignObjective),
            "channel": choose("channel", _("Channel"), Channel),
            "owner": choose("owner", _("Owner"), look(organisation.people, actor)),
        }
        sort, descending = sort_choice({"starts": _("First day"), "name": _("Name"), "budget": _("Budget"),
                                        "updated": _("Last change")}, default_descending=True)  # fmt: skip
    asked = wanted(search=search, filters=filters, sort=sort, descending=descending)
    page = look(campaigns.listing, actor, wanted=asked)
    if page.rows.is_empty():
        filtered = bool(search or any(filters.values()))
        nothing_found(filtered=filtered, empty=_("There are no campaigns yet. Plan the first one."))
        return
    record_table(with_money(page.rows, "budget", "cost"), kind="campaigns", key="campaigns", columns=columns())
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)
        export_button(actor, "campaigns", wanted=asked, listing=campaigns.listing)


def figures() -> None:
    """Draw what campaigns cost and brought in a period, and each one's budget, cost and revenue."""
    view = period_bar(actor, days, default=Preset.LAST_365_DAYS)
    answer = cards(actor, FIGURES, view)
    card_grid(FIGURES, answer, Setting(actor, view, terms, answer.as_of))
    comparison(actor, view.period, terms)


def schedule() -> None:
    """Draw the calendar of a year."""
    this = days.today.year
    year = int(address.one_of("year", _("Year"), {str(each): str(each) for each in (this, this - 1, this + 1)}))
    calendar(actor, periods.between(date(year, 1, 1), date(year, 12, 31), calendar=days))


sections({
    "list": (_("List"), all_campaigns),
    "calendar": (_("Calendar"), schedule),
    "figures": (_("Figures"), figures),
})  # fmt: skip
new_campaign(actor)
