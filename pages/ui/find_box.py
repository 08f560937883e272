"""The box that finds anybody while one types: for the customer on the phone, before the greeting is over."""

from __future__ import annotations

import streamlit as st

from crm_data.access import Actor
from crm_data.queries.finder import FEWEST_CHARACTERS, Hit, find
from crm_data.vocabulary import Action, Module
from crm_data.vocabulary.fields import RECORDS
from crm_data.vocabulary.screens import RECORD_SCREENS, screen_at
from pages.ui import state
from pages.ui.doors import look
from pages.ui.links import link
from pages.ui.text import _, md, translated


@st.fragment
def find_box(actor: Actor) -> None:
    """Draw the box and, while something is typed, what it finds: each leads to its record."""
    words = _("Find a customer, contact, opportunity or contract: name, phone or number")
    typed = st.text_input(words, key="find", type="search", live="300ms", placeholder=words, icon=":material/search:",
                          label_visibility="collapsed")  # fmt: skip
    if len((typed or "").strip()) < FEWEST_CHARACTERS:
        return
    hits = look(find, actor, typed)
    with st.container(border=True, gap="xxsmall", key="found"):
        for hit in hits:
            _line(actor, hit)
        if not hits:
            st.caption(_("Nothing fits. Try another spelling, or part of the phone number."))


def _line(actor: Actor, hit: Hit) -> None:
    icons = {"contacts": "contact_phone"} | {
        kind: screen_at(address).icon for kind, address in RECORD_SCREENS.items() if kind != "customers"
    }
    customer = hit.customer if hit.customer not in hit.name else None
    about = [customer, hit.about, translated(RECORDS[hit.kind])]
    words = " · ".join([f"**{md(hit.name)}**", *(md(part) for part in about if part)])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        if hit.kind in RECORD_SCREENS:
            link(RECORD_SCREENS[hit.kind], words, icon=icons.get(hit.kind), id=hit.id)
        else:
            link("customer", words, icon=icons[hit.kind], id=hit.customer_id, tab=hit.kind)
        if hit.kind in {"customers", "contacts"} and actor.may(Module.ACTIVITIES, Action.CREATE):
            _log_button(hit)


def _log_button(hit: Hit) -> None:
    words = _("Log a call")
    if st.button(words, key=f"log:{hit.kind}:{hit.id}", icon=":material/call:", type="tertiary"):
        state.open_dialog("log_call", customer_id=hit.customer_id)
        st.rerun()
