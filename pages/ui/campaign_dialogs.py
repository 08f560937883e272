"""The dialogs about campaigns: a new plan, launching, costs, variants, and the state of members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Campaign
from crm_data.queries import organisation
from crm_data.services import campaign_launch, campaign_members, campaign_parts, campaigns
from crm_data.vocabulary import ChangeAction, MemberState
from pages.ui import state
from pages.ui.audience_fields import audience_counts
from pages.ui.campaign_forms import NEW, draw_campaign
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.links import go
from pages.ui.text import _, label, md, ngettext, number


def new_campaign(actor: Actor) -> None:
    """Show the form for a new plan; afterwards go to its page."""
    if state.dialog()[0] != "new_campaign":
        return

    @st.dialog(_("New campaign"), on_dismiss=state.close_dialog, width="large")
    def ask() -> None:
        currency = look(organisation.terms_for, actor).base_currency
        sheet = Sheet("campaign:new", base=NEW | {"owner_id": actor.user_id})
        with st.form(sheet.key):
            draw_campaign(sheet, actor, currency=currency)
            sent = st.form_submit_button(_("Save"), key="save_campaign", type="primary")
        made = sent and saving(lambda s: campaigns.create(s, actor, values=sheet.typed).id, actor=actor, sheet=sheet,
                               done=_("The campaign was planned."), action=ChangeAction.CREATE)  # fmt: skip
        if made:
            state.close_dialog()
            go("campaign", id=made.value)

    ask()


def launch(actor: Actor, row: Campaign) -> None:
    """Show whom a launch reaches, and launch."""
    if state.dialog()[0] != "launch":
        return

    @st.dialog(_("Launch"), on_dismiss=state.close_dialog)
    def ask() -> None:
        found = look(campaigns.preview, actor, row.id)
        audience_counts(found)
        held_out = round(found.reached * (row.control_share or 0) / 100)
        words = ngettext("{count} of them is held out at random as control group.",
                         "{count} of them are held out at random as control group.", held_out)  # fmt: skip
        st.caption(words.format(count=number(held_out)))
        st.caption(_("The launch freezes the audience. Until the first step is recorded it can be undone."))
        sheet = Sheet(f"launch:{row.id}", version=row.version)
        if st.button(_("Launch now"), key="really_launch", type="primary", disabled=not found.reached) and saving(
            lambda s: campaign_launch.launch(s, actor, row.id).members, actor=actor, sheet=sheet,
            done=_("The campaign was launched."),
        ):  # fmt: skip
            state.close_dialog()
            go("campaign", id=row.id, tab="members")

    ask()


def add_cost(actor: Actor, row: Campaign) -> None:
    """Show the form for a cost."""
    if state.dialog()[0] != "add_cost":
        return

    @st.dialog(_("New cost"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"cost:new:{row.id}", base={"spent_on": look(organisation.today_for, actor)})
        with st.form(sheet.key):
            sheet.text("purpose", _("What for?"), required=True)
            sheet.money("amount", _("Amount"), currency=row.currency, required=True)
            sheet.day("spent_on", _("Spent on"), required=True)
            sent = st.form_submit_button(_("Save"), key="save_cost", type="primary")
        if sent and saving(lambda s: campaign_parts.add_cost(s, actor, row.id, values=sheet.typed).id, actor=actor,
                           sheet=sheet, done=_("The cost was added."), action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def add_variant(actor: Actor, row: Campaign) -> None:
    """Show the form for a variant."""
    if state.dialog()[0] != "add_variant":
        return

    @st.dialog(_("New variant"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"variant:new:{row.id}")
        with st.form(sheet.key):
            sheet.text("name", _("Name"), required=True)
            sheet.area("text", _("Text"))
            sheet.whole("share", _("Share of the audience in per cent"), required=True, least=1, most=100)
            sent = st.form_submit_button(_("Save"), key="save_variant", type="primary")
        if sent and saving(lambda s: campaign_parts.add_variant(s, actor, row.id, values=sheet.typed).id, actor=actor,
                           sheet=sheet, done=_("The variant was added."), action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def set_state(actor: Actor, row: Campaign, member_ids: Sequence[int]) -> None:
    """Show the form that records a step of many members at once."""
    if state.dialog()[0] != "set_state":
        return

    @st.dialog(_("Record a step"), on_dismiss=state.close_dialog)
    def ask() -> None:
        count = len(member_ids)
        words = ngettext("For {count} member.", "For {count} members.", count).format(count=number(count))
        st.write(md(words))
        st.caption(_("A step never goes back: who is further stays there. Opting out withdraws the consent."))
        zone = ZoneInfo(look(organisation.terms_for, actor).time_zone)
        today = look(organisation.today_for, actor)
        sheet = Sheet(f"state:{row.id}", base={"state": MemberState.SENT, "day": today})
        steps = {each: label(each) for each in MemberState if each is not MemberState.TARGETED}
        with st.form(sheet.key):
            step = sheet.choice("state", _("Step"), steps, required=True)
            day = sheet.day("day", _("When"), required=True)
            sent = st.form_submit_button(_("Record"), key="save_state", type="primary")
        at = None if day in (None, today) else datetime.combine(day, time(12), zone).astimezone(UTC)
        if sent and saving(
            lambda s: campaign_members.advance(s, actor, row.id, state=step, member_ids=member_ids, at=at),
            actor=actor, sheet=sheet, done=_("The step was recorded for the members that can take it."),
            action=ChangeAction.BULK_EDIT,
        ):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()
