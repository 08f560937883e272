"""All contracts and sales: find one, see what is open and what runs out."""

from __future__ import annotations

import streamlit as st

from crm_data.analytics.kpis.contracts import FULFILMENT_RATE
from crm_data.analytics.kpis.receivables import OVERDUE_RATIO, RECEIVABLES
from crm_data.analytics.kpis.sales import REVENUE
from crm_data.charts.composition import ageing_chart
from crm_data.queries import contracts, organisation
from crm_data.vocabulary import Action, ContractKind, ContractStatus, Module
from pages.ui import state
from pages.ui.bulk import bulk_bar
from pages.ui.contract_dialogs import new_contract
from pages.ui.contract_money import ageing, ageing_names, ageing_table
from pages.ui.device import fitting, name_width
from pages.ui.doors import look
from pages.ui.exports import export_button
from pages.ui.filters import choose, nothing_found, quick_choice, search_box, sort_choice, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.list_texts import with_money
from pages.ui.pictures import draw, table
from pages.ui.sales_figures import figures_above
from pages.ui.tables import Column, choice_column, day_column, pages_below, record_table, text_column, total_line
from pages.ui.text import _, money, ngettext

actor = guard(Module.CONTRACTS)
terms = look(organisation.terms_for, actor)
screen_title(actor, _("Contracts"))

with st.container(horizontal=True, vertical_alignment="bottom"):
    search = search_box(_("Number, title or customer"))
    if actor.may(Module.CONTRACTS, Action.CREATE):
        st.button(_("New contract"), key="new", type="primary", icon=":material/add:", on_click=state.open_dialog,
                  args=("new_contract",))  # fmt: skip
statuses = quick_choice("status", _("Status"), ContractStatus)
with st.expander(_("More filters and order"), icon=":material/tune:"), st.container(horizontal=True):
    filters = {
        "status": statuses,
        "kind": choose("kind", _("Kind"), ContractKind),
        "owner": choose("owner", _("Owner"), look(organisation.people, actor)),
        "region": choose("region", _("Region"), look(contracts.regions, actor)),
    }
    sort, descending = sort_choice(
        {"updated": _("Last change"), "signed": _("Signed on"), "ends": _("Ends on"), "amount": _("Amount"),
         "title": _("Title")}, default_descending=True,
    )  # fmt: skip
figures_above(actor, (REVENUE, FULFILMENT_RATE, RECEIVABLES, OVERDUE_RATIO), owners=filters["owner"])

asked = wanted(search=search, filters=filters, sort=sort, descending=descending)
filtered = bool(search or any(filters.values()))
if not filtered:
    frame, title = ageing(actor), _("How late is what is still to come in?")
    if not frame.is_empty():
        with st.expander(_("Outstanding instalments by age"), icon=":material/schedule:"):
            figure = ageing_chart(frame, series=ageing_names(), title=title, empty=_("Nothing is outstanding."),
                                  tick=lambda value: money(value, currency=terms.base_currency,
                                                           compact=True))  # fmt: skip
            draw(figure, key="ageing")
            ages = [text_column("age", _("Days past due")), Column("amount", _("Amount"), right=True)]
            table(ageing_table(frame), columns=ages, key="ageing_table")
    due = look(contracts.renewals_due, actor, days=terms.renewal_notice_days)
    if not due.is_empty():
        words = ngettext("{count} renewal due", "{count} renewals due", due.height).format(count=due.height)
        with st.expander(words, icon=":material/autorenew:"):
            columns = [
                text_column("title", _("Title")),
                text_column("customer", _("Customer")),
                day_column("ends_on", _("Ends on")),
                day_column("notice_on", _("Notice by")),
                Column("amount", _("Amount"), right=True),
                text_column("owner", _("Owner")),
            ]
            record_table(with_money(due, "amount"), kind="contracts", key="renewals", columns=columns)

page = look(contracts.listing, actor, wanted=asked)
if page.rows.is_empty():
    nothing_found(filtered=filtered, empty=_("There are no contracts yet. Add one, or win an opportunity."))
else:
    columns = [
        text_column("title", _("Title"), width=name_width()),
        text_column("customer", _("Customer")),
        choice_column("kind", _("Kind"), ContractKind),
        choice_column("status", _("Status"), ContractStatus),
        Column("amount", _("Amount"), right=True),
        day_column("signed_on", _("Signed on")),
        day_column("ends_on", _("Ends on")),
        text_column("owner", _("Owner")),
        text_column("number", _("Number")),
    ]
    chosen = record_table(with_money(page.rows, "amount"), kind="contracts", key="contracts",
                          columns=fitting(columns, phone=("title", "amount", "status")),
                          select=actor.may(Module.CONTRACTS, Action.BULK))  # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)
        export_button(actor, "contracts", wanted=asked, listing=contracts.listing)
    bulk_bar(actor, chosen, kind="contracts", module=Module.CONTRACTS)

new_contract(actor)
