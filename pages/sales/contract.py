"""One contract: what was agreed, what we owe, what is due, what came in, and what comes after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.queries import contracts, organisation
from crm_data.services import contracts as service
from crm_data.vocabulary import Action, ContractKind, Module
from pages.ui import contract_sections as parts
from pages.ui.contract_dialogs import part_dialogs, renew_button
from pages.ui.contract_forms import base_of, draw_contract
from pages.ui.doors import look, show_flash
from pages.ui.guard import guard
from pages.ui.history import history_list
from pages.ui.line_list import LinesOf, line_list
from pages.ui.records import ask_to_delete, delete_button, edit_button, edit_form, heading, or_missing, record_id
from pages.ui.sections import sections
from pages.ui.text import _, label

actor = guard(Module.CONTRACTS)
show_flash(actor)
contract_id = record_id()
record = or_missing(lambda: look(contracts.record, actor, contract_id))
row = record.row
today = look(organisation.today_for, actor)
lines = look(contracts.lines, actor, row.id)
counts = look(contracts.counts, actor, row.id)
key = f"contract:{row.id}"
may_edit = actor.may(Module.CONTRACTS, Action.EDIT)
heading(row.title, facts=[row.number, record.customer, label(row.kind), label(row.status),
                          record.owner or _("No owner")], back="contracts")  # fmt: skip

with st.container(horizontal=True):
    if may_edit:
        edit_button(key, row, base=base_of(record, has_lines=not lines.is_empty()))
        parts.status_buttons(actor, record)
    ends = row.kind == ContractKind.AGREEMENT and row.ends_on is not None and row.starts_on is not None
    if ends and record.renewed_by is None and actor.may(Module.CONTRACTS, Action.CREATE):
        renew_button(actor, row.id)
    if actor.may(Module.CONTRACTS, Action.DELETE):
        question = _("Delete {name} with its lines, milestones, instalments and receipts?").format(name=row.title)
        delete_button(key, question=question)
parts.key_figures(actor, record, today=today)


def save(session: Session, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]) -> object:
    """Save what was typed into the form."""
    return service.edit(session, actor, row.id, version=version, base=base, mine=mine)


edit_form(key, actor=actor, draw=lambda sheet: draw_contract(sheet, actor, row.currency), save=save,
          done=_("The contract was saved."))  # fmt: skip
whole = LinesOf(key, row.currency, may_edit,
                lambda s, base, mine: service.save_lines(s, actor, row.id, base=base, mine=mine))  # fmt: skip
sections({
    "overview": (_("Overview"), lambda: parts.overview(record)),
    "lines": (_("Lines ({count})").format(count=lines.height), lambda: line_list(actor, lines, whole)),
    "milestones": (_("Milestones ({count})").format(count=counts["milestones"]),
                   lambda: parts.milestones(actor, record, today=today)),
    "money": (_("Money ({count})").format(count=counts["instalments"] + counts["receipts"]),
              lambda: parts.instalments(actor, record, today=today)),
    "history": (_("History"), lambda: history_list(actor, row, may_restore=may_edit)),
})  # fmt: skip

part_dialogs(actor, record)
ask_to_delete(lambda s: service.delete(s, actor, row.id), actor=actor, done=_("The contract was deleted."),
              back="contracts")  # fmt: skip
