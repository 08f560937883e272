"""The dialogs of the loyalty programme: booking points by hand, and its tiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.queries import loyalty as queries
from crm_data.services import loyalty
from crm_data.vocabulary import ChangeAction, LoyaltyEntryKind
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.lookups import customer_picker
from pages.ui.text import _, label, number

_BY_HAND: dict[LoyaltyEntryKind, Callable[..., Any]] = {
    LoyaltyEntryKind.SPENT: loyalty.spend,
    LoyaltyEntryKind.EARNED: loyalty.earn,
    LoyaltyEntryKind.ADJUSTED: loyalty.adjust,
}


def book_points(actor: Actor) -> None:
    """Show the form that gives, takes or corrects points."""
    name, about = state.dialog()
    if name != "book_points":
        return

    @st.dialog(_("Book points"), on_dismiss=state.close_dialog)
    def ask() -> None:
        customer_id = customer_picker(actor, key="points", given=about.get("customer_id"))
        if customer_id is None:
            return
        standing = look(queries.standing, actor, customer_id)
        st.caption(_("Balance: {points} points").format(points=number(standing.balance)))
        kind = st.segmented_control(_("What for?"), list(_BY_HAND), default=LoyaltyEntryKind.SPENT, required=True,
                                    key="points:kind", format_func=label)  # fmt: skip
        sheet = Sheet(f"points:{customer_id}:{kind}")
        with st.form(sheet.key):
            least = None if kind is LoyaltyEntryKind.ADJUSTED else 1
            points = sheet.whole("points", _("Points"), required=True, least=least)
            if kind is LoyaltyEntryKind.ADJUSTED:
                st.caption(_("With a minus sign the balance goes down."))
            reason = sheet.text("reason", _("Reason"), required=kind is not LoyaltyEntryKind.SPENT)
            sent = st.form_submit_button(_("Book"), key="save_points", type="primary")
        act = _BY_HAND[kind or LoyaltyEntryKind.SPENT]
        done = _("The points were booked.")
        if sent and saving(lambda s: act(s, actor, customer_id, points=points or 0, reason=reason or "").id,
                           actor=actor, sheet=sheet, done=done, action=ChangeAction.BOOK):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def edit_tier(actor: Actor) -> None:
    """Show the form of a tier: a new one, or the one that was chosen."""
    name, about = state.dialog()
    if name != "tier":
        return
    tier = next((each for each in look(queries.tiers, actor) if each.id == about.get("id")), None)

    @st.dialog(_("Tier"), on_dismiss=state.close_dialog)
    def ask() -> None:
        base = {field: getattr(tier, field) for field in loyalty.TIER_FIELDS} if tier else {}
        sheet = Sheet(f"tier:{tier.id if tier else 'new'}", base=base, version=tier.version if tier else 0)
        with st.form(sheet.key):
            sheet.text("name", _("Name"), required=True)
            sheet.whole("threshold", _("Points earned within a year"), required=True, least=0)
            sheet.area("benefits", _("Benefits"))
            sent = st.form_submit_button(_("Save"), key="save_tier", type="primary")
        if not sent:
            return
        if tier is None:
            saved = saving(lambda s: loyalty.create_tier(s, actor, values=sheet.typed).id, actor=actor, sheet=sheet,
                           done=_("The tier was added."), action=ChangeAction.CREATE)  # fmt: skip
        else:
            saved = saving(lambda s: loyalty.edit_tier(s, actor, tier.id, version=tier.version, base=base,
                                                       mine=sheet.typed).id,
                           actor=actor, sheet=sheet, done=_("The tier was saved."))  # fmt: skip
        if saved:
            state.close_dialog()
            st.rerun()

    ask()
