"""The dialogs about contracts: a new one, its renewal, and what hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.queries import organisation
from crm_data.queries.contracts import Record
from crm_data.services import contract_parts, contracts
from crm_data.vocabulary import ChangeAction, ContractKind
from pages.ui import contract_forms as forms
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.links import go
from pages.ui.lookups import customer_picker
from pages.ui.opportunity_dialogs import currency_picker
from pages.ui.text import _

Save = Callable[[Session, dict[str, Any]], Any]


def new_contract(actor: Actor) -> None:
    """Show the form for a new contract when its button was pressed; afterwards go to the new record."""
    name, about = state.dialog()
    if name != "new_contract":
        return

    @st.dialog(_("New contract"), on_dismiss=state.close_dialog)
    def ask() -> None:
        customer_id = customer_picker(actor, key="new_contract", given=about.get("customer_id"))
        if customer_id is None:
            return
        currency = currency_picker(actor, key="new_contract")
        base = {"kind": ContractKind.AGREEMENT, "owner_id": actor.user_id}
        sheet = Sheet(f"contract:new:{customer_id}:{currency}", base=base)
        with st.form(sheet.key):
            sheet.text("title", _("Title"), required=True)
            sheet.choice("kind", _("Kind"), ContractKind, required=True)
            sheet.money("amount", _("Amount"), currency=currency)
            sheet.day("signed_on", _("Signed on; empty for a draft"))
            sheet.day("starts_on", _("Starts on"))
            sheet.day("ends_on", _("Ends on"))
            sheet.choice("owner_id", _("Owner"), look(organisation.people, actor))
            sent = st.form_submit_button(_("Save"), key="save_contract", type="primary")
        values = sheet.typed | {"customer_id": customer_id, "currency": currency}
        if not sent:
            return
        made = saving(lambda s: contracts.create(s, actor, values=values).id, actor=actor, sheet=sheet,
                      done=_("The contract was added."), action=ChangeAction.CREATE)  # fmt: skip
        if made:
            state.close_dialog()
            go("contract", id=made.value)

    ask()


def part_dialogs(actor: Actor, record: Record) -> None:
    """Show the form for a part of a contract when its button was pressed."""
    key, currency = record.row.id, record.row.currency
    match state.dialog()[0]:
        case "add_milestone":
            _ask(actor, f"milestone:new:{key}", _("New milestone"), forms.draw_milestone,
                 lambda s, values: contract_parts.add_milestone(s, actor, key, values=values))  # fmt: skip
        case "add_instalment":
            _ask(actor, f"instalment:new:{key}", _("New instalment"),
                 lambda sheet: forms.draw_instalment(sheet, currency),
                 lambda s, values: contract_parts.add_instalment(s, actor, key, values=values))  # fmt: skip
        case "schedule":
            _ask(actor, f"schedule:{key}", _("Payment schedule"), forms.draw_schedule,
                 lambda s, values: contract_parts.schedule(s, actor, key, **values))  # fmt: skip
        case "receive":
            _ask(actor, f"receipt:new:{key}", _("New receipt"), lambda sheet: forms.draw_receipt(sheet, currency),
                 lambda s, values: contract_parts.receive(s, actor, key, values=values))  # fmt: skip
        case "refund":
            _ask(actor, f"refund:new:{key}", _("New refund"), lambda sheet: forms.draw_receipt(sheet, currency),
                 lambda s, values: contract_parts.refund(s, actor, key, values=values))  # fmt: skip


def renew_button(actor: Actor, contract_id: int) -> None:
    """Draw the button that makes the successor of an agreement and goes to it."""
    if not st.button(_("Renew"), key="renew", icon=":material/autorenew:"):
        return
    made = saving(lambda s: contracts.renew(s, actor, contract_id).id, actor=actor,
                  done=_("The renewal was made as a draft."), action=ChangeAction.CREATE)  # fmt: skip
    if made:
        go("contract", id=made.value)


def _ask(actor: Actor, key: str, title: str, draw: Callable[[Sheet], None], save: Save) -> None:
    @st.dialog(title, on_dismiss=state.close_dialog)
    def ask() -> None:
        today = look(organisation.today_for, actor)
        base = {"received_on": today, "count": 12, "first_on": today}
        sheet = Sheet(key, base=base)
        with st.form(sheet.key):
            draw(sheet)
            sent = st.form_submit_button(_("Save"), key="save_part", type="primary")
        if sent and saving(lambda s: save(s, sheet.typed), actor=actor, sheet=sheet, done=_("The contract was saved."),
                           action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()
