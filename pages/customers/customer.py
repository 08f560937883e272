"""One customer: who it is, everything that happened, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.queries import customers, organisation
from crm_data.services import customers as service
from crm_data.vocabulary import Action, Module
from pages.ui import customer_sections as parts
from pages.ui import state
from pages.ui.contact_list import contacts
from pages.ui.customer_dialogs import add_task, log_call, move_customer
from pages.ui.customer_forms import base_of, draw_customer
from pages.ui.doors import look, show_flash
from pages.ui.guard import guard
from pages.ui.history import history_list
from pages.ui.records import ask_to_delete, delete_button, edit_button, edit_form, heading, or_missing, record_id
from pages.ui.sections import sections
from pages.ui.text import _, label

actor = guard(Module.CUSTOMERS)
show_flash(actor)
customer_id = record_id()
row = or_missing(lambda: look(customers.record, actor, customer_id))
people = look(organisation.everybody, actor)
terms = look(organisation.terms_for, actor)
counts = look(customers.counts, actor, row.id)
key = f"customer:{row.id}"
may_edit = actor.may(Module.CUSTOMERS, Action.EDIT)
owner = people.get(row.owner_id or 0, _("No owner"))
heading(
    row.name, facts=[label(row.kind), label(row.stage), row.category or "", row.region or "", owner], back="customers"
)

with st.container(horizontal=True):
    if may_edit:
        edit_button(key, row, base=base_of(row))
        st.button(_("Move in the life cycle"), key="move", icon=":material/route:", on_click=state.open_dialog,
                  args=("move_customer",))  # fmt: skip
    if actor.may(Module.ACTIVITIES, Action.CREATE):
        st.button(_("Log a call"), key="log", icon=":material/call:", on_click=state.open_dialog, args=("log_call",),
                  kwargs={"customer_id": row.id})  # fmt: skip
    if actor.may(Module.TASKS, Action.CREATE):
        st.button(_("Add a task"), key="task", icon=":material/add_task:", on_click=state.open_dialog,
                  args=("add_task",), kwargs={"customer_id": row.id})  # fmt: skip
    if actor.may(Module.CUSTOMERS, Action.DELETE):
        delete_button(key, question=parts.delete_question(row.name, counts))


def save(session: Session, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]) -> object:
    """Save what was typed into the form."""
    return service.edit(session, actor, row.id, version=version, base=base, mine=mine)


edit_form(key, actor=actor, draw=lambda sheet: draw_customer(sheet, actor, terms), save=save,
          done=_("The customer was saved."))  # fmt: skip
sections({
    "overview": (_("Overview"), lambda: parts.overview(actor, row, terms)),
    "timeline": (_("Timeline ({count})").format(count=counts["activities"]), lambda: parts.timeline(actor, row, terms)),
    "contacts": (_("Contacts ({count})").format(count=counts["contacts"]), lambda: contacts(actor, row, terms)),
    "tasks": (_("Tasks ({count})").format(count=counts["tasks"]), lambda: parts.tasks(actor, row, terms)),
    "business": (_("Business ({count})").format(count=counts["opportunities"] + counts["contracts"]),
                 lambda: parts.business(actor, row, terms)),
    "history": (_("History"), lambda: history_list(actor, row, may_restore=may_edit)),
})  # fmt: skip

log_call(actor)
add_task(actor)
move_customer(actor, row)
ask_to_delete(lambda s: service.delete(s, actor, row.id), actor=actor, done=_("The customer was deleted."),
              back="customers")  # fmt: skip
