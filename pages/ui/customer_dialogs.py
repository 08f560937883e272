"""The dialogs that are always in reach: a new customer, a logged call, a planned task."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from crm_data import clock
from crm_data.access import Actor
from crm_data.models import Customer
from crm_data.queries import customers as customer_queries
from crm_data.queries import organisation
from crm_data.services import activities, customers, tasks
from crm_data.vocabulary import ActivityKind, ChangeAction, CustomerKind, Direction, LifecycleStage, TaskKind
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.links import go, link
from pages.ui.text import _, md, ngettext, told_apart


def new_customer(actor: Actor) -> None:
    """Show the form for a new customer when its button was pressed; afterwards go to the new record."""
    if state.dialog()[0] != "new_customer":
        return

    @st.dialog(_("New customer"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet("customer:new", base={"kind": CustomerKind.COMPANY, "owner_id": actor.user_id})
        with st.form(sheet.key):
            sheet.text("name", _("Name"), required=True)
            sheet.choice("kind", _("Kind"), CustomerKind, required=True)
            sheet.text("phone", _("Phone"))
            sheet.text("email", _("E-mail"))
            sheet.text("city", _("City"))
            sheet.choice("region", _("Region"), look(customer_queries.in_use, actor, column="region"), new=True)
            sheet.choice("owner_id", _("Owner"), look(organisation.people, actor))
            sent = st.form_submit_button(_("Save"), key="save_customer", type="primary")
        if sent:
            _warn_of_duplicates(actor, sheet)
            made = saving(lambda s: customers.create(s, actor, values=sheet.typed).id, actor=actor, sheet=sheet,
                          done=_("The customer was added."), action=ChangeAction.CREATE)  # fmt: skip
            if made:
                state.close_dialog()
                go("customer", id=made.value)

    ask()


def similar_customers(actor: Actor, customer_id: int, *, values: dict[str, Any]) -> None:
    """Say which other customers look the same as this one, each leading to its record."""
    found = look(customers.similar, actor, values=values, besides=customer_id)
    if not found:
        return
    words = ngettext("{count} similar customer", "{count} similar customers", len(found)).format(count=len(found))
    with st.expander(words, icon=":material/content_copy:"):
        for other in found:
            link("customer", md(other.name), id=other.id)


def log_call(actor: Actor) -> None:
    """Show the short form for a call, visit or note when its button was pressed."""
    name, about = state.dialog()
    if name != "log_call":
        return

    @st.dialog(_("Log a call"), on_dismiss=state.close_dialog)
    def ask() -> None:
        customer_id = _customer(actor, about.get("customer_id"))
        if customer_id is None:
            return
        zone = ZoneInfo(look(organisation.terms_for, actor).time_zone)
        sheet = Sheet(f"call:{customer_id}", base={"kind": ActivityKind.CALL, "direction": Direction.OUTBOUND,
                                                   "day": clock.today(zone=str(zone))})  # fmt: skip
        with st.form(sheet.key):
            sheet.text("subject", _("What was it about?"), required=True)
            sheet.area("text", _("Notes"))
            with st.container(horizontal=True):
                sheet.choice("kind", _("Kind"), ActivityKind, required=True)
                sheet.choice("direction", _("Direction"), Direction, required=True)
            with st.container(horizontal=True):
                sheet.day("day", _("Day"), required=True)
                sheet.whole("minutes", _("Minutes"), least=0, most=1440)
            contacts = {row.id: row.name for row in look(customer_queries.contacts, actor, customer_id)}
            sheet.choice("contact_id", _("Contact"), contacts)
            sheet.text("outcome", _("Outcome"))
            sent = st.form_submit_button(_("Save"), key="save_call", type="primary")
        if sent:
            sheet.typed |= {name: key for name, key in about.items() if name != "customer_id"}
            _save_call(actor, customer_id, sheet, zone)

    ask()


def add_task(actor: Actor) -> None:
    """Show the short form for a task when its button was pressed."""
    name, about = state.dialog()
    if name != "add_task":
        return

    @st.dialog(_("New task"), on_dismiss=state.close_dialog)
    def ask() -> None:
        customer_id = about.get("customer_id")
        sheet = Sheet(f"task:new:{customer_id}", base={"kind": TaskKind.FOLLOW_UP, "assignee_id": actor.user_id})
        with st.form(sheet.key):
            sheet.text("title", _("What is to be done?"), required=True)
            sheet.day("due_on", _("Due on"), required=True)
            sheet.choice("kind", _("Kind"), TaskKind, required=True)
            sheet.choice("assignee_id", _("Assignee"), look(organisation.people, actor))
            sheet.area("text", _("Notes"))
            sent = st.form_submit_button(_("Save"), key="save_task", type="primary")
        values = sheet.typed | dict(about)
        if sent and saving(lambda s: tasks.create(s, actor, values=values), actor=actor, sheet=sheet,
                           done=_("The task was planned."), action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def _customer(actor: Actor, given: int | None) -> int | None:
    if given is not None:
        return given
    search = st.text_input(_("Find the customer"), key="call_search", live="300ms", type="search", placeholder="")
    found = told_apart(look(customer_queries.choices, actor, search=search or "", limit=8))
    if not found:
        st.caption(_("No customer fits."))
        return None
    picked = st.pills(_("Customer"), list(found), format_func=lambda key: md(found[key]), key="call_customer")
    return int(picked) if picked is not None else None


def _save_call(actor: Actor, customer_id: int, sheet: Sheet, zone: ZoneInfo) -> None:
    values = {name: value for name, value in sheet.typed.items() if name != "day"}
    day = sheet.typed["day"]
    if day is not None and day != clock.today(zone=str(zone)):
        values["at"] = datetime.combine(day, time(12), zone).astimezone(UTC)
    saved = saving(lambda s: activities.log(s, actor, customer_id, values=values).id, actor=actor, sheet=sheet,
                   done=_("The call was logged."), action=ChangeAction.CREATE)  # fmt: skip
    if saved:
        state.close_dialog()
        st.rerun()


def _warn_of_duplicates(actor: Actor, sheet: Sheet) -> None:
    found = look(customers.similar, actor, values=sheet.typed)
    if found:
        words = ngettext("{count} similar customer", "{count} similar customers", len(found)).format(count=len(found))
        st.toast(md(f"{words}: " + ", ".join(other.name for other in found)), icon=":material/content_copy:")


def move_customer(actor: Actor, row: Customer) -> None:
    """Show the form that moves a customer in the life cycle, with the reason."""
    if state.dialog()[0] != "move_customer":
        return

    @st.dialog(_("Move in the life cycle"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"move:{row.id}", base={"stage": row.stage}, version=row.version)
        with st.form(sheet.key):
            sheet.choice("stage", _("Life-cycle stage"), LifecycleStage, required=True)
            sheet.text("reason", _("Why?"))
            sent = st.form_submit_button(_("Move"), key="save_move", type="primary")
        stage, reason = sheet.typed["stage"], sheet.typed["reason"]
        if sent and saving(lambda s: customers.move(s, actor, row.id, stage=stage, reason=reason), actor=actor,
                           sheet=sheet, done=_("The customer was moved.")):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()
