"""One campaign: plan, audience, members, costs and results."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.queries import campaigns as queries
from crm_data.queries import organisation
from crm_data.services import campaigns
from crm_data.vocabulary import Action, CampaignStatus, Module
from pages.ui import campaign_sections as parts
from pages.ui import state
from pages.ui.campaign_dialogs import add_cost, add_variant, launch
from pages.ui.campaign_forms import base_of, draw_campaign
from pages.ui.campaign_results import results
from pages.ui.doors import look, saving, show_flash
from pages.ui.guard import guard
from pages.ui.history import history_list
from pages.ui.records import ask_to_delete, delete_button, edit_button, edit_form, heading, or_missing, record_id
from pages.ui.sections import sections
from pages.ui.text import _, day, label, number

actor = guard(Module.CAMPAIGNS)
show_flash(actor)
campaign_id = record_id()
record = or_missing(lambda: look(queries.record, actor, campaign_id))
row, terms = record.row, look(organisation.terms_for, actor)
key = f"campaign:{row.id}"
may_edit = actor.may(Module.CAMPAIGNS, Action.EDIT)
count = int(look(queries.steps, actor, row.id)["members"].sum())
days = _("{first} – {last}").format(first=day(row.starts_on), last=day(row.ends_on))
heading(row.name, facts=[label(row.status), label(row.kind), days, record.owner or _("No owner")], back="campaigns")

STEPS: Mapping[CampaignStatus, tuple[tuple[str, str, str, Any, str], ...]] = {
    CampaignStatus.PLANNED: (
        ("approve", _("Approve"), "verified", campaigns.approve, _("The plan was approved. Now it can be launched.")),
        ("give_up", _("Cancel the campaign"), "cancel", campaigns.cancel, _("The campaign was cancelled.")),
    ),
    CampaignStatus.APPROVED: (
        ("give_up", _("Cancel the campaign"), "cancel", campaigns.cancel, _("The campaign was cancelled.")),
    ),
    CampaignStatus.RUNNING: (
        ("finish", _("Finish"), "flag", campaigns.finish, _("The campaign was finished.")),
        ("give_up", _("Cancel the campaign"), "cancel", campaigns.cancel, _("The campaign was cancelled.")),
    ),
}

with st.container(horizontal=True):
    if may_edit and row.status is CampaignStatus.APPROVED:
        st.button(_("Launch"), key="launch", type="primary", icon=":material/rocket_launch:",
                  on_click=state.open_dialog, args=("launch",))  # fmt: skip
    for name, words, icon, act, done in STEPS.get(row.status, ()) if may_edit else ():
        if st.button(words, key=name, icon=f":material/{icon}:") and saving(
            partial(act, actor=actor, campaign_id=row.id), actor=actor, done=done
        ):
            st.rerun()
    if may_edit:
        edit_button(key, row, base=base_of(row))
    if actor.may(Module.CAMPAIGNS, Action.DELETE):
        question = _("Delete “{name}” with its {members} members, its variants and costs?")
        delete_button(key, question=question.format(name=row.name, members=number(count)))


def save(session: Session, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]) -> object:
    """Save what was typed into the form."""
    return campaigns.edit(session, actor, row.id, version=version, base=base, mine=mine).id


edit_form(key, actor=actor, draw=lambda sheet: draw_campaign(sheet, actor, currency=row.currency), save=save,
          done=_("The campaign was saved."))  # fmt: skip
sections({
    "plan": (_("Plan"), lambda: parts.plan(actor, record)),
    "audience": (_("Audience"), lambda: parts.audience(actor, row)),
    "members": (_("Members ({count})").format(count=number(count)), lambda: parts.members(actor, row, terms)),
    "costs": (_("Costs"), lambda: parts.costs(actor, row)),
    "results": (_("Results"), lambda: results(actor, row, terms)),
    "history": (_("History"), lambda: history_list(actor, row, may_restore=may_edit)),
})  # fmt: skip
launch(actor, row)
add_cost(actor, row)
add_variant(actor, row)
ask_to_delete(lambda s: campaigns.delete(s, actor, row.id), actor=actor, done=_("The campaign was deleted."),
              back="campaigns")  # fmt: skip
