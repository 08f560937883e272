"""What a customer opens from an invitation: a few questions, answered once, without an account."""

from __future__ import annotations

import streamlit as st

from crm_data.errors import CrmError
from crm_data.locale import LANGUAGES
from crm_data.queries import organisation
from crm_data.services import responses
from crm_data.vocabulary import ChangeAction
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.survey_forms import draw_answer
from pages.ui.text import _, language, md, say

actor = responses.respondent()
token = st.query_params.get("t", "")
with st.container(horizontal_alignment="center"):
    page = st.container(width=560, key="survey")


def languages() -> None:
    """Offer the other languages; the choice stands in the address."""
    chosen = st.segmented_control(
        _("Language"), list(LANGUAGES), default=language(), key="survey:language", required=True,
        format_func=lambda code: LANGUAGES[code], label_visibility="collapsed",
    )  # fmt: skip
    if chosen != language():
        st.query_params["lang"] = str(chosen)
        st.rerun()


def questions() -> None:
    """Draw the questions that the link asks, and take the answer."""
    survey = look(responses.asked, actor, token=token)
    if state.first_time(f"survey:{token}"):
        saving(lambda s: responses.opened(s, actor, token=token), actor=actor, done="")
    sheet = Sheet(f"survey:{survey.id}")
    with st.form(sheet.key, border=False):
        draw_answer(sheet, survey)
        st.caption(_("Every question may be left out. Your answer goes to {company} only.").format(company=md(company)))
        sent = st.form_submit_button(_("Send my answer"), key="send", type="primary")
    if sent and saving(lambda s: responses.answer(s, actor, token=token, values=sheet.typed).id, actor=actor,
                       done="", action=ChangeAction.CREATE, sheet=sheet):  # fmt: skip
        thank(_("Thank you. Your answer has been kept."))
    if st.button(_("Please do not send me surveys any more"), key="decline", type="tertiary") and saving(
        lambda s: responses.decline(s, actor, token=token), actor=actor, done=""
    ):
        thank(_("We have noted it: you will not be asked again."))


def thank(words: str) -> None:
    """Say goodbye in the next run, in which the link is used up."""
    state.drop_flash()
    state.say_goodbye(token, words)
    st.rerun()


with page:
    company = look(organisation.terms_for, actor).company_name
    languages()
    st.title(md(company), anchor=False)
    words = state.goodbye(token)
    if words:
        st.success(md(words), icon=":material/check_circle:")
        st.stop()
    try:
        questions()
    except CrmError as error:
        st.info(md(say(error)), icon=":material/info:")
state.drop_flash()
