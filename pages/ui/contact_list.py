"""The people at a customer: shown, added, changed and removed."""

from __future__ import annotations

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Contact, Customer
from crm_data.queries import customers
from crm_data.services import contacts as service
from crm_data.vocabulary import Action, ChangeAction, Module
from crm_data.vocabulary.terms import Terms
from pages.ui import state
from pages.ui.customer_forms import draw_contact
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.records import edit_form
from pages.ui.text import _, label, md


def contacts(actor: Actor, row: Customer, _terms: Terms) -> None:
    """Draw a customer's contacts, each to be edited in place."""
    may_edit = actor.may(Module.CUSTOMERS, Action.EDIT)
    found = look(customers.contacts, actor, row.id)
    if not found:
        st.info(_("There are no contacts yet."), icon=":material/person_add:")
    for contact in found:
        _one(actor, contact, may_edit=may_edit)
    if may_edit:
        st.button(_("Add a contact"), key="add_contact", icon=":material/person_add:", on_click=state.open_dialog,
                  args=("add_contact",))  # fmt: skip
        _add(actor, row)


def _one(actor: Actor, contact: Contact, *, may_edit: bool) -> None:
    key = f"contact:{contact.id}"
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            first = ":material/star: " if contact.primary else ""
            role = label(contact.role) if contact.role else ""
            facts = [contact.title, contact.department, role]
            st.markdown(f"{first}**{md(contact.name)}**  \n" + " · ".join(md(fact) for fact in facts if fact),
                        width="stretch")  # fmt: skip
            st.text("\n".join(value for value in (contact.phone, contact.email) if value) or "—", width="content")
            if may_edit:
                base = {name: getattr(contact, name) for name in service.EDITABLE}
                st.button(_("Edit"), key=f"edit:{key}", on_click=state.begin_draft, args=(key, contact.version, base))
                if st.button(_("Delete"), key=f"delete:{key}") and saving(
                    lambda s: service.delete(s, actor, contact.id), actor=actor, done=_("The contact was deleted."),
                    action=ChangeAction.DELETE,
                ):  # fmt: skip
                    st.rerun()
        edit_form(key, actor=actor, draw=draw_contact, done=_("The contact was saved."),
                  save=lambda s, version, base, mine: service.edit(s, actor, contact.id, version=version, base=base,
                                                                   mine=mine))  # fmt: skip


def _add(actor: Actor, row: Customer) -> None:
    if state.dialog()[0] != "add_contact":
        return

    @st.dialog(_("New contact"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"contact:new:{row.id}")
        with st.form(sheet.key):
            draw_contact(sheet)
            sent = st.form_submit_button(_("Save"), key="save_contact", type="primary")
        if sent and saving(lambda s: service.create(s, actor, row.id, values=sheet.typed), actor=actor, sheet=sheet,
                           done=_("The contact was added."), action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()
