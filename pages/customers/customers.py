"""All customers: find one, narrow the list, open a record, add one, edit many."""

from __future__ import annotations

import streamlit as st

from crm_data.queries import customers, organisation
from crm_data.vocabulary import Action, CustomerKind, LifecycleStage, Module
from pages.ui import state
from pages.ui.bulk import bulk_bar
from pages.ui.customer_dialogs import log_call, new_customer
from pages.ui.doors import look
from pages.ui.exports import export_button
from pages.ui.filters import choose, nothing_found, quick_choice, search_box, sort_choice, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.tables import choice_column, moment_column, pages_below, record_table, text_column, total_line
from pages.ui.text import _

actor = guard(Module.CUSTOMERS)
terms = look(organisation.terms_for, actor)
screen_title(actor, _("Customers"))

with st.container(horizontal=True, vertical_alignment="bottom"):
    search = search_box(_("Name, code, phone, e-mail or city"))
    if actor.may(Module.CUSTOMERS, Action.CREATE):
        st.button(_("New customer"), key="new", type="primary", icon=":material/add:",
                  on_click=state.open_dialog, args=("new_customer",))  # fmt: skip
    if actor.may(Module.ACTIVITIES, Action.CREATE):
        st.button(_("Log a call"), key="log", icon=":material/call:", on_click=state.open_dialog, args=("log_call",))

kinds = quick_choice("kind", _("Kind"), CustomerKind)
with st.expander(_("More filters and order"), icon=":material/tune:"), st.container(horizontal=True):
    filters = {
        "kind": kinds,
        "stage": choose("stage", _("Life-cycle stage"), LifecycleStage),
        "category": choose("category", _("Category"), look(customers.in_use, actor, column="category")),
        "region": choose("region", _("Region"), look(customers.in_use, actor, column="region")),
        "industry": choose("industry", _("Industry"), look(customers.in_use, actor, column="industry")),
        "owner": choose("owner", _("Owner"), look(organisation.people, actor)),
    }
    sort, descending = sort_choice(
        {"updated": _("Last change"), "name": _("Name"), "acquired": _("Customer since")}, default_descending=True
    )

asked = wanted(search=search, filters=filters, sort=sort, descending=descending)
page = look(customers.listing, actor, wanted=asked)
if page.rows.is_empty():
    nothing_found(
        filtered=bool(search or any(filters.values())), empty=_("There are no customers yet. Add one or import a file.")
    )
else:
    chosen = record_table(
        page.rows,
        kind="customers",
        key="customers",
        select=actor.may(Module.CUSTOMERS, Action.BULK),
        columns=[
            text_column("name", _("Name")),
            text_column("code", _("Code")),
            choice_column("kind", _("Kind"), CustomerKind),
            choice_column("stage", _("Life-cycle stage"), LifecycleStage),
            text_column("category", _("Category")),
            text_column("region", _("Region")),
            text_column("city", _("City")),
            text_column("phone", _("Phone")),
            text_column("owner", _("Owner")),
            moment_column("updated_at", _("Last change"), zone=terms.time_zone),
        ],
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)
        export_button(actor, "customers", wanted=asked)
    bulk_bar(actor, chosen, kind="customers", module=Module.CUSTOMERS)

new_customer(actor)
log_call(actor)
