"""The page in front of all others: sign in, try the demo company, ask for an account, or set up the first one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_data import access, db
from crm_data.errors import CrmError
from crm_data.locale import LANGUAGES
from crm_data.queries import sessions as known
from crm_data.queries.sessions import DemoPerson
from crm_data.services import sign_in, users
from crm_data.terms import terms
from crm_data.vocabulary import ChangeAction
from pages.ui import signin, state
from pages.ui.authenticator import SignInForm
from pages.ui.doors import saving
from pages.ui.forms import Sheet
from pages.ui.language import language, set_language
from pages.ui.text import _, label, md, say
from pages.ui.visitor import visitor

_NOBODY = access.system("reception", rights=())


def draw() -> None:
    """Draw the page; whoever comes in goes on to the screen that was asked for."""
    with db.reading(db.engine()) as session:
        company = terms(session).company_name
        first = known.nobody_yet(session)
        people = known.demo_people(session) if visitor().local else []
    with st.container(horizontal_alignment="center"), st.container(width=440, key="reception"):
        _language_switch()
        st.title(md(company), anchor=False)
        if first:
            _first_administrator()
        else:
            _word_before()
            _sign_in()
            _demo(people)
            _ask_for_account()
    if state.seat() is not None:
        st.rerun()


def _language_switch() -> None:
    chosen = st.segmented_control(
        _("Language"), list(LANGUAGES), default=language(), required=True, key="reception:language",
        format_func=lambda code: LANGUAGES[code], label_visibility="collapsed",
    )  # fmt: skip
    if chosen != language():
        set_language(chosen)
        st.rerun()


def _word_before() -> None:
    found = state.take_flash()
    if found is not None:
        st.info(md(found.message), icon=":material/info:")


def _sign_in() -> None:
    refusal = SignInForm().ask()
    if refusal is not None:
        st.error(md(say(refusal)), icon=":material/error:")


def _demo(people: Sequence[DemoPerson]) -> None:
    if not people:
        return
    st.caption(_("Or look around in the demo company as"))
    with st.container(horizontal=True, gap="small", key="demo_people"):
        for person in people:
            words = _("{role}: {name}").format(role=label(person.role), name=person.name)
            if st.button(md(words), key=f"demo:{person.role}"):
                _take_the_place_of(person)


def _take_the_place_of(person: DemoPerson) -> None:
    try:
        signin.come_in(sign_in.as_demo(db.engine(), user_id=person.id, visitor=visitor()))
    except CrmError as refusal:
        st.error(md(say(refusal)), icon=":material/error:")


def _first_administrator() -> None:
    st.subheader(_("Welcome"), anchor=False)
    st.markdown(_("Nobody has an account yet. Make yours: it is the administrator’s, who lets the others in."))
    sheet = Sheet("first")
    with st.form("first"):
        password = _account_fields(sheet)
        sent = st.form_submit_button(_("Create account and sign in"), key="first:send", type="primary")
    if not sent:
        return
    username = sheet.typed.pop("username")
    made = saving(
        lambda session: users.first_administrator(session, username=username, password=password, values=sheet.typed),
        actor=_NOBODY, action=ChangeAction.CREATE, done="", sheet=sheet,
    )  # fmt: skip
    if made is not None:
        come = sign_in.with_password(db.engine(), username=username, password=password, visitor=visitor())
        signin.come_in(come)


def _ask_for_account() -> None:
    with st.expander(_("Ask for an account"), icon=":material/person_add:"):
        sheet = Sheet("asking")
        with st.form("asking", border=False):
            password = _account_fields(sheet)
            sent = st.form_submit_button(_("Ask for it"), key="asking:send")
        if not sent:
            return
        username = sheet.typed.pop("username")
        made = saving(
            lambda session: users.ask_for_account(session, username=username, password=password, values=sheet.typed),
            actor=_NOBODY, action=ChangeAction.CREATE, sheet=sheet,
            done=_("Your request is with the administrators. You can sign in as soon as one of them approves it."),
        )  # fmt: skip
        if made is not None:
            st.rerun()


def _account_fields(sheet: Sheet) -> str:
    sheet.text("name", _("Your name"), required=True)
    sheet.text("username", _("User name"), required=True, hint=_("One word, like li.na. You sign in with it."))
    sheet.text("email", _("E-mail"), kind="email")
    sheet.text("password", _("Password"), required=True, kind="password",
               hint=_("At least ten characters; a sentence of several words is good."))  # fmt: skip
    return str(sheet.typed.pop("password") or "")
