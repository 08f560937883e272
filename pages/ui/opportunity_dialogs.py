"""The dialogs about opportunities: a new one, moving one, handing one over, and the contract of a won one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import ConflictError, CrmError
from crm_data.queries import opportunities as queries
from crm_data.queries import organisation, pipeline, rates
from crm_data.services import contracts, opportunities
from crm_data.services import pipeline as rules
from crm_data.vocabulary import Action, ChangeAction, ContractKind, Module, StageKind
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.links import go
from pages.ui.lookups import customer_picker
from pages.ui.opportunity_forms import draw_asked
from pages.ui.text import _, md, translated


def new_opportunity(actor: Actor) -> None:
    """Show the form for a new opportunity when its button was pressed; afterwards go to the new record."""
    name, about = state.dialog()
    if name != "new_opportunity":
        return

    @st.dialog(_("New opportunity"), on_dismiss=state.close_dialog)
    def ask() -> None:
        customer_id = customer_picker(actor, key="new_opportunity", given=about.get("customer_id"))
        if customer_id is None:
            return
        currency = currency_picker(actor, key="new_opportunity")
        sheet = Sheet(f"opportunity:new:{customer_id}:{currency}", base={"owner_id": actor.user_id})
        with st.form(sheet.key):
            sheet.text("name", _("Name"), required=True)
            sheet.money("amount", _("Amount"), currency=currency)
            sheet.day("expected_close_on", _("Expected close"))
            sheet.choice("stage_id", _("Stage"), _open_stages(actor), required=True)
            sheet.choice("owner_id", _("Owner"), look(organisation.people, actor))
            sheet.choice("source", _("Source"), look(queries.sources, actor), new=True)
            sheet.text("next_step", _("Next step"))
            sheet.day("next_step_on", _("Next step on"))
            sent = st.form_submit_button(_("Save"), key="save_opportunity", type="primary")
        values = sheet.typed | {"customer_id": customer_id, "currency": currency}
        if not sent:
            return
        made = saving(lambda s: opportunities.create(s, actor, values=values).id, actor=actor, sheet=sheet,
                      done=_("The opportunity was added."), action=ChangeAction.CREATE)  # fmt: skip
        if made:
            state.close_dialog()
            go("opportunity", id=made.value)

    ask()


def currency_picker(actor: Actor, *, key: str) -> str:
    """Draw the choice of a currency where the company has more than its own."""
    known = look(rates.currencies, actor)
    if len(known) == 1:
        return known[0]
    return st.selectbox(_("Currency"), known, key=f"{key}:currency", placeholder="") or known[0]


def request_move(actor: Actor, card: Mapping[str, Any], *, to: int) -> None:
    """Move an opportunity at once, or open the dialog where the stage asks for something first."""
    stage = next(each for each in look(pipeline.stages, actor) if each.id == to)
    if rules.asks(kind=stage.kind, required=stage.required_fields, filled=card):
        state.open_dialog("move_opportunity", id=card["id"], to=to, came_from=card["stage_id"])
        st.rerun()
    if _move(actor, card["id"], to=to, came_from=card["stage_id"], stage=stage.name, sheet=None):
        st.rerun()


def move_opportunity(actor: Actor) -> None:
    """Show the form that asks for what the stage needs, when an opportunity is on its way there."""
    name, about = state.dialog()
    if name != "move_opportunity":
        return
    stage = next(each for each in look(pipeline.stages, actor) if each.id == about["to"])

    @st.dialog(_("Move to “{stage}”").format(stage=md(translated(stage.name))), on_dismiss=state.close_dialog)
    def ask() -> None:
        record = look(queries.record, actor, about["id"])
        filled = {name: getattr(record.row, name) for name in rules.needs(kind=stage.kind,
                                                                          required=stage.required_fields)}  # fmt: skip
        names = rules.asks(kind=stage.kind, required=stage.required_fields, filled=filled)
        st.caption(md(record.row.name))
        closed_on = None if stage.kind == StageKind.OPEN else look(organisation.today_for, actor)
        sheet = Sheet(f"move:{about['id']}:{stage.id}", base={"closed_on": closed_on})
        with st.form(sheet.key):
            draw_asked(sheet, actor, record, names)
            sent = st.form_submit_button(_("Move"), key="save_move", type="primary")
        if sent and _move(actor, about["id"], to=stage.id, came_from=about["came_from"], stage=stage.name, sheet=sheet):
            state.close_dialog()
            if stage.kind == StageKind.WON and actor.may(Module.CONTRACTS, Action.CREATE):
                state.open_dialog("contract_of", id=about["id"])
            st.rerun()

    ask()


def hand_over(actor: Actor) -> None:
    """Show the form that gives an opportunity to another owner."""
    name, about = state.dialog()
    if name != "hand_over":
        return

    @st.dialog(_("Hand over"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"hand_over:{about['id']}")
        with st.form(sheet.key):
            sheet.choice("owner_id", _("New owner"), look(organisation.people, actor), required=True)
            sent = st.form_submit_button(_("Hand over"), key="save_hand_over", type="primary")
        owner_id = sheet.typed["owner_id"]
        if sent and saving(lambda s: opportunities.hand_over(s, actor, [about["id"]], owner_id=owner_id), actor=actor,
                           sheet=sheet, done=_("The opportunity was handed over.")):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def contract_of(actor: Actor) -> None:
    """Offer to make the contract of a won opportunity; afterwards go to it."""
    name, about = state.dialog()
    if name != "contract_of":
        return

    @st.dialog(_("Make the contract"), on_dismiss=state.close_dialog)
    def ask() -> None:
        st.caption(_("Customer, lines and amount come from the opportunity."))
        sheet = Sheet(f"contract_of:{about['id']}", base={"kind": ContractKind.AGREEMENT})
        with st.form(sheet.key):
            sheet.choice("kind", _("Kind"), ContractKind, required=True)
            sheet.day("starts_on", _("Starts on"))
            sheet.day("ends_on", _("Ends on"))
            with st.container(horizontal=True):
                sent = st.form_submit_button(_("Make the contract"), key="save_contract", type="primary")
                st.form_submit_button(_("Not now"), key="not_now", on_click=state.close_dialog)
        if not sent:
            return
        made = saving(lambda s: contracts.from_opportunity(s, actor, about["id"], values=sheet.typed).id, actor=actor,
                      sheet=sheet, done=_("The contract was made."), action=ChangeAction.CREATE)  # fmt: skip
        if made:
            state.close_dialog()
            go("contract", id=made.value)

    ask()


def _move(actor: Actor, key: int, *, to: int, came_from: int, stage: str, sheet: Sheet | None) -> bool:
    values = sheet.typed if sheet else {}

    def act(session: Session) -> None:
        try:
            opportunities.move(session, actor, key, to=to, came_from=came_from, values=values)
        except ConflictError as conflict:  # there is no form whose fields could be compared
            raise CrmError(conflict.message_id, **conflict.values) from conflict

    done = _("Moved to “{stage}”.").format(stage=translated(stage))
    return saving(act, actor=actor, sheet=sheet, done=done) is not None


def _open_stages(actor: Actor) -> dict[int, str]:
    return {stage.id: translated(stage.name) for stage in look(pipeline.stages, actor) if stage.kind == StageKind.OPEN}
