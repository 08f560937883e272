"""The menu: which screens there are for whom."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from crm_data.access import Actor
from crm_data.vocabulary.screens import SCREENS, Screen
from pages.ui.text import _

PAGES = Path(__file__).resolve().parent.parent


def declare(actor: Actor | None) -> Page:
    """Tell Streamlit all screens and give the one that the address asks for; the menu has those open to the actor.

    A screen that is not open to them still answers, with a sentence that says whom to ask; so does every screen before
    the sign-in, which is why the address survives it.
    """
    sections: dict[str, list[Page]] = {}
    for screen in SCREENS:
        if (PAGES / screen.file).exists():
            sections.setdefault(_(screen.section), []).append(_page(screen, shown=_open_to(actor, screen)))
    return st.navigation(sections, position="hidden" if actor is None else "sidebar", expanded=True)


def _open_to(actor: Actor | None, screen: Screen) -> bool:
    if actor is None or screen.hidden:
        return False
    return screen.module is None or actor.may(screen.module, screen.action)


def _page(screen: Screen, *, shown: bool) -> Page:
    first = screen is SCREENS[0]
    return st.Page(
        PAGES / screen.file,
        title=_(screen.title),
        icon=f":material/{screen.icon}:",
        url_path=screen.address or None,
        default=first,
        visibility="visible" if shown else "hidden",
    )
