"""The top of every screen: what was just done, and where one is."""

from __future__ import annotations

import streamlit as st

from crm_data.access import Actor
from pages.ui.doors import show_flash
from pages.ui.text import md


def screen_title(actor: Actor, words: str, *, about: str = "") -> None:
    """Draw what was just done (with its undo), the screen's title and a line about it."""
    show_flash(actor)
    st.title(md(words), anchor=False)
    if about:
        st.caption(md(about))
