"""The first line of every screen: who is signed in, and whether this screen is open to them."""

from __future__ import annotations

import streamlit as st

from crm_data.access import Actor
from crm_data.vocabulary import Action, Module
from pages.ui import signin
from pages.ui.text import _, label, md


def guard(module: Module | None, action: Action = Action.VIEW) -> Actor:
    """Give who is signed in, with the rights of this moment; otherwise ask for the sign-in and stop.

    A person who may not do this with the module is told whom to ask. Without a module everybody who is signed in may.
    """
    actor = signin.person() or signin.ask()
    if module is not None and not actor.may(module, action):
        _refuse(actor, module, action)
    return actor


def _refuse(actor: Actor, module: Module, action: Action) -> None:
    with st.container(border=True, key="refused"):
        st.subheader(_("This is not open to you"), anchor=False)
        sentence = _("Your role “{role}” has no permission “{action}” in “{module}”.")
        st.markdown(md(sentence.format(role=label(actor.role), action=label(action), module=label(module))))
        st.markdown(_("Ask an administrator for it: they can change it under Permissions."))
    st.stop()
