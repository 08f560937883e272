"""How loyal customers are, and the programme that rewards them: index, members, ledgers and tiers."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis.loyalty import LOYALTY_INDEX, POINTS_LIABILITY
from crm_data.vocabulary import Action, Module
from pages.ui import loyalty_sections as parts
from pages.ui import state
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.loyalty_dialogs import book_points, edit_tier
from pages.ui.sales_figures import figures_above
from pages.ui.sections import sections
from pages.ui.text import _

actor = guard(Module.LOYALTY)
screen_title(actor, _("Loyalty"))
with st.container(horizontal=True):
    if actor.may(Module.LOYALTY, Action.CREATE):
        st.button(_("Book points"), key="book", type="primary", icon=":material/add_card:",
                  on_click=state.open_dialog, args=("book_points",))  # fmt: skip
    parts.upkeep(actor)
figures_above(actor, (LOYALTY_INDEX, POINTS_LIABILITY), owners=[])
sections({
    "index": (_("Index"), lambda: parts.index(actor)),
    "members": (_("Members"), lambda: parts.members(actor)),
    "ledger": (_("One customer"), lambda: parts.ledger(actor)),
    "tiers": (_("Tiers"), lambda: parts.tiers(actor)),
})  # fmt: skip
book_points(actor)
edit_tier(actor)
