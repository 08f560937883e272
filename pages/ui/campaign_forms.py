"""The forms about campaigns: the plan, and what it says in words."""

from __future__ import annotations

from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Campaign
from crm_data.queries import organisation, products
from crm_data.vocabulary import CampaignKind, CampaignObjective, Channel
from pages.ui.audience_fields import draw_audience
from pages.ui.doors import look
from pages.ui.forms import Sheet
from pages.ui.text import _

FIELDS = (
    "name", "kind", "objective", "channel", "audience", "offer", "product_id", "starts_on", "ends_on", "budget",
    "expected_responses", "control_share", "attribution_days", "owner_id",
)  # fmt: skip
NEW = {
    "kind": CampaignKind.EMAIL,
    "objective": CampaignObjective.GROW,
    "channel": Channel.EMAIL,
    "control_share": 10,
    "attribution_days": 30,
}


def base_of(row: Campaign) -> dict[str, Any]:
    """Give the values that the form of a campaign begins with."""
    return {name: getattr(row, name) for name in FIELDS}


def draw_campaign(sheet: Sheet, actor: Actor, *, currency: str) -> None:
    """Draw the fields of a campaign's plan."""
    sheet.text("name", _("Name"), required=True)
    left, right = st.columns(2)
    with left:
        sheet.choice("objective", _("Objective"), CampaignObjective, required=True)
        sheet.day("starts_on", _("First day"), required=True)
        sheet.money("budget", _("Budget"), currency=currency)
        sheet.choice("owner_id", _("Owner"), look(organisation.people, actor))
    with right:
        sheet.choice("kind", _("Kind"), CampaignKind, required=True)
        sheet.day("ends_on", _("Last day"), required=True)
        sheet.whole("expected_responses", _("Expected responses"), least=0)
        sheet.choice("channel", _("Channel"), Channel)
    sheet.area("offer", _("Offer"))
    sheet.choice("product_id", _("Product"), look(products.choices, actor))
    with st.expander(_("Audience"), expanded=True):
        st.caption(_("Any of the values in each field. Who gave no consent or has no address is left out by itself."))
        sheet.hold("audience", draw_audience(f"{sheet.key}:v{sheet.version}", actor, base=sheet.base.get("audience")))
    with st.expander(_("Measuring the effect")):
        sheet.whole("control_share", _("Control group in per cent"), least=0, most=100)
        st.caption(_("Held out at random: without it one cannot tell what the campaign itself brought."))
        sheet.whole("attribution_days", _("Days in which a purchase counts as its result"), least=1, most=730)
