"""The frame around every screen: who is signed in, the menu, language and signing out."""

from __future__ import annotations

import streamlit as st

from crm_data import db
from crm_data.access import Actor
from crm_data.locale import LANGUAGES
from crm_data.services import changes, users
from crm_data.terms import terms
from crm_data.vocabulary import ChangeAction
from crm_data.vocabulary.screens import screen_at
from pages.ui import browser, navigation, signin, state
from pages.ui.language import language, set_language
from pages.ui.links import link
from pages.ui.text import _, md

# Two rings that hold each other. An icon by name would be fetched from a server outside.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#0B6E75" stroke-width="4">'
    '<circle cx="12" cy="16" r="8"/><circle cx="20" cy="16" r="8"/></svg>'
)


def run() -> None:
    """Draw the frame and, for those who are signed in, the screen that the address asks for."""
    company = _company_name()
    st.set_page_config(page_title=company, page_icon=_ICON, layout="wide")
    actor = signin.person()
    screen = navigation.declare(actor)
    if screen_at(screen.url_path).public:
        screen.run()
        return
    if actor is None:
        signin.ask()
    state.enter(screen.url_path)
    _sidebar(actor, company)
    screen.run()


def _company_name() -> str:
    with db.reading(db.engine()) as session:
        return terms(session).company_name


def _sidebar(actor: Actor, company: str) -> None:
    with st.sidebar:
        st.markdown(f"**{md(company)}**")
        st.caption(md(actor.name))
        link("account", _("My account"))
        chosen = st.segmented_control(
            _("Language"), list(LANGUAGES), default=language(), format_func=lambda code: LANGUAGES[code],
            key="shell:language", label_visibility="collapsed", required=True,
        )  # fmt: skip
        if chosen != language():
            _choose_language(actor, chosen)
        st.button(_("Sign out"), key="sign_out", icon=":material/logout:", on_click=signin.leave, args=(actor,))
        signin.settle_cookie()
        browser.put_right()


def _choose_language(actor: Actor, code: str) -> None:
    with changes.writing(db.engine(), actor, action=ChangeAction.EDIT) as session:
        users.choose_language(session, actor, code)
    set_language(code)
    st.rerun()
