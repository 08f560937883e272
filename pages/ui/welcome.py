"""The first days: what the demo company is, how to be rid of it, and five steps to begin with one's own data."""

from __future__ import annotations

import streamlit as st

from crm_data.access import Actor
from crm_data.queries.beginnings import Beginnings, beginnings
from crm_data.vocabulary import Action, Module
from pages.ui.doors import look
from pages.ui.links import link
from pages.ui.text import _

REMOVAL = "python -m crm_data demo --remove"


def welcome(actor: Actor) -> None:
    """Draw the banner while the demo company is there, or while a new company has steps to go."""
    found = look(beginnings, actor)
    steps = _steps(found)
    if found.demo:
        words = _("You are looking at a made-up company. Try everything; nothing here is real.")
        with st.expander(words, icon=":material/science:", key="welcome", on_change="rerun") as banner:
            if banner.open:
                _list(actor, steps)
    elif actor.may(Module.SETTINGS, Action.CONFIGURE) and not all(done for done, *_rest in steps[:-1]):
        with st.expander(_("Five steps to begin"), icon=":material/flag:", key="welcome"):
            _list(actor, steps[:-1])


Step = tuple[bool, str, str | None]


def _steps(found: Beginnings) -> list[Step]:
    """Give the steps in order: whether it is done, what to do, and the screen where it is done."""
    return [
        (found.administrator, _("Add an administrator of your own"), "users"),
        (found.named, _("Set company name, currency and time zone"), "settings"),
        (found.customers, _("Import your customers from a file"), "import"),
        (found.colleagues, _("Invite your colleagues"), "users"),
        (not found.demo, _("Remove the made-up company"), None),
    ]


def _list(actor: Actor, steps: list[Step]) -> None:
    allowed = actor.may(Module.SETTINGS, Action.CONFIGURE)
    for number, (done, words, address) in enumerate(steps, start=1):
        line = _("{number}. {step}").format(number=number, step=words)
        if done or address is None or not allowed:
            st.markdown(f":material/{'check_circle' if done else 'radio_button_unchecked'}: {line}")
        else:
            link(address, line, icon="radio_button_unchecked")
    if not steps[-1][0] and steps[-1][2] is None:
        st.caption(
            _("To remove it, run this command where Guanxi is installed. It takes away exactly what it brought.")
        )
        st.code(REMOVAL, language=None)
    if not allowed:
        st.caption(_("An administrator can do this."))
