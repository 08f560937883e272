"""Looking a record up by typing: for forms that are about a customer."""

from __future__ import annotations

import streamlit as st

from crm_data.access import Actor
from crm_data.queries import customers
from pages.ui.doors import look
from pages.ui.text import _, md, told_apart


def customer_picker(actor: Actor, *, key: str, given: int | None = None) -> int | None:
    """Draw the search for a customer, unless one is given; give the one that was picked."""
    if given is not None:
        return given
    search = st.text_input(_("Find the customer"), key=f"{key}:search", live="300ms", type="search", placeholder="")
    found = told_apart(look(customers.choices, actor, search=search or "", limit=8))
    if not found:
        st.caption(_("No customer fits."))
        return None
    picked = st.pills(_("Customer"), list(found), format_func=lambda each: md(found[each]), key=f"{key}:customer")
    return int(picked) if picked is not None else None
