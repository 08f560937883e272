"""One opportunity: where it stands, what it is worth, what comes next, and how it came there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.queries import opportunities, organisation
from crm_data.services import opportunities as service
from crm_data.vocabulary import Action, Module, StageKind
from pages.ui import opportunity_sections as parts
from pages.ui import state
from pages.ui.customer_dialogs import add_task, log_call
from pages.ui.doors import look, show_flash
from pages.ui.guard import guard
from pages.ui.history import history_list
from pages.ui.line_list import LinesOf, line_list
from pages.ui.opportunity_dialogs import contract_of, hand_over, move_opportunity
from pages.ui.opportunity_forms import base_of, draw_opportunity
from pages.ui.records import ask_to_delete, delete_button, edit_button, edit_form, heading, or_missing, record_id
from pages.ui.sections import sections
from pages.ui.text import _, translated

actor = guard(Module.OPPORTUNITIES)
show_flash(actor)
opportunity_id = record_id()
record = or_missing(lambda: look(opportunities.record, actor, opportunity_id))
row = record.row
terms, today = look(organisation.terms_for, actor), look(organisation.today_for, actor)
lines = look(opportunities.lines, actor, row.id)
logged = look(opportunities.activities, actor, row.id)
key = f"opportunity:{row.id}"
may_edit = actor.may(Module.OPPORTUNITIES, Action.EDIT)
heading(row.name, facts=[row.number, record.customer, translated(record.stage.name), record.owner or _("No owner")],
        back="opportunities")  # fmt: skip

with st.container(horizontal=True):
    if may_edit:
        edit_button(key, row, base=base_of(record, has_lines=not lines.is_empty()))
        st.button(_("Hand over"), key="hand_over", icon=":material/swap_horiz:", on_click=state.open_dialog,
                  args=("hand_over",), kwargs={"id": row.id})  # fmt: skip
    if row.outcome == StageKind.WON and record.contract_id is None and actor.may(Module.CONTRACTS, Action.CREATE):
        st.button(_("Make the contract"), key="contract_of", type="primary", icon=":material/contract:",
                  on_click=state.open_dialog, args=("contract_of",), kwargs={"id": row.id})  # fmt: skip
    if actor.may(Module.ACTIVITIES, Action.CREATE):
        st.button(_("Log a call"), key="log", icon=":material/call:", on_click=state.open_dialog, args=("log_call",),
                  kwargs={"customer_id": row.customer_id, "opportunity_id": row.id})  # fmt: skip
    if actor.may(Module.TASKS, Action.CREATE):
        st.button(_("Add a task"), key="task", icon=":material/add_task:", on_click=state.open_dialog,
                  args=("add_task",), kwargs={"customer_id": row.customer_id, "opportunity_id": row.id})  # fmt: skip
    if actor.may(Module.OPPORTUNITIES, Action.DELETE):
        question = _("Delete {name} with its lines and tasks?").format(name=row.name)
        delete_button(key, question=question)

parts.stage_bar(actor, record, may_move=may_edit)
parts.key_figures(actor, record, today=today)


def save(session: Session, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]) -> object:
    """Save what was typed into the form."""
    return service.edit(session, actor, row.id, version=version, base=base, mine=mine)


edit_form(key, actor=actor, draw=lambda sheet: draw_opportunity(sheet, actor, record), save=save,
          done=_("The opportunity was saved."))  # fmt: skip
whole = LinesOf(key, row.currency, may_edit,
                lambda s, base, mine: service.save_lines(s, actor, row.id, base=base, mine=mine))  # fmt: skip


def history() -> None:
    """Draw the dated log and who changed which field."""
    parts.events(actor, record, terms)
    history_list(actor, row, may_restore=may_edit)


sections({
    "overview": (_("Overview"), lambda: parts.overview(actor, record, may_plan=may_edit and not state.draft(key))),
    "lines": (_("Lines ({count})").format(count=lines.height), lambda: line_list(actor, lines, whole)),
    "activities": (_("Activities ({count})").format(count=len(logged)), lambda: parts.timeline(actor, record, terms)),
    "history": (_("History"), history),
})  # fmt: skip

move_opportunity(actor)
hand_over(actor)
contract_of(actor)
log_call(actor)
add_task(actor)
ask_to_delete(lambda s: service.delete(s, actor, row.id), actor=actor, done=_("The opportunity was deleted."),
              back="opportunities")  # fmt: skip
