"""The organisation's settings: company, pipeline, exchange rates, and where tiers, teams and permissions are set."""

from __future__ import annotations

import streamlit as st

from crm_data.vocabulary import Action, Module
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.links import link
from pages.ui.sections import sections
from pages.ui.settings_forms import organisation_form, rate_list
from pages.ui.stage_forms import stage_list
from pages.ui.text import _

actor = guard(Module.SETTINGS, Action.CONFIGURE)
screen_title(actor, _("Settings"))


def elsewhere() -> None:
    """Draw the links to what is set on screens of its own."""
    link("users", _("Users and teams"))
    link("permissions", _("What each role may do"))
    link("loyalty", _("Tiers of the loyalty programme"), tab="tiers")
    link("audit", _("Who changed which setting"), kind="settings")


with st.container(key="settings"):
    sections({
        "organisation": (_("Organisation"), lambda: organisation_form(actor)),
        "pipeline": (_("Pipeline"), lambda: stage_list(actor)),
        "rates": (_("Exchange rates"), lambda: rate_list(actor)),
        "more": (_("More settings"), elsewhere),
    })  # fmt: skip
