"""One survey: what it asks, whom it asked, what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.queries import organisation
from crm_data.queries import surveys as queries
from crm_data.services import surveys
from crm_data.vocabulary import Action, Module, SurveyStatus
from pages.ui import state
from pages.ui import survey_sections as parts
from pages.ui.doors import look, saving, show_flash
from pages.ui.guard import guard
from pages.ui.history import history_list
from pages.ui.records import ask_to_delete, delete_button, edit_button, edit_form, heading, or_missing, record_id
from pages.ui.sections import sections
from pages.ui.survey_dialogs import invite, links, record_answer
from pages.ui.survey_forms import base_of, draw_survey
from pages.ui.text import _, label, number

actor = guard(Module.SATISFACTION)
show_flash(actor)
survey_id = record_id()
row = or_missing(lambda: look(queries.record, actor, survey_id))
terms = look(organisation.terms_for, actor)
counts = look(queries.invitation_counts, actor, row.id)
key = f"survey:{row.id}"
may_edit = actor.may(Module.SATISFACTION, Action.EDIT)
may_ask = actor.may(Module.SATISFACTION, Action.CREATE) and row.status is SurveyStatus.RUNNING
heading(row.name, facts=[label(row.kind), label(row.status)], back="satisfaction")

with st.container(horizontal=True):
    if may_ask:
        st.button(_("Invite customers"), key="invite", type="primary", icon=":material/outgoing_mail:",
                  on_click=state.open_dialog, args=("invite",))  # fmt: skip
        st.button(_("Record an answer"), key="record", icon=":material/edit_note:", on_click=state.open_dialog,
                  args=("record_answer",), kwargs={"survey_id": row.id})  # fmt: skip
    if may_edit:
        edit_button(key, row, base=base_of(row))
        runs = row.status is SurveyStatus.RUNNING
        words, act = (_("Close"), surveys.close) if runs else (_("Start"), surveys.start)
        icon = ":material/stop_circle:" if runs else ":material/play_circle:"
        done = _("The survey was closed.") if runs else _("The survey runs. Now customers can be invited.")
        if st.button(words, key="switch", icon=icon) and saving(
            lambda s: act(s, actor, row.id).id, actor=actor, done=done
        ):
            st.rerun()
    if actor.may(Module.SATISFACTION, Action.DELETE):
        question = _("Delete “{name}” with {invitations} invitations and all its answers?")
        delete_button(key, question=question.format(name=row.name, invitations=number(counts["sent"])))


def save(session: Session, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]) -> object:
    """Save what was typed into the form."""
    return surveys.edit(session, actor, row.id, version=version, base=base, mine=mine).id


edit_form(key, actor=actor, draw=draw_survey, save=save, done=_("The survey was saved."))
sections({
    "overview": (_("Overview"), lambda: parts.overview(row, counts)),
    "invitations": (_("Invitations ({count})").format(count=number(counts["sent"])),
                    lambda: parts.invited(actor, row, terms)),
    "answers": (_("Answers"), lambda: parts.answered(actor, row, terms)),
    "history": (_("History"), lambda: history_list(actor, row, may_restore=may_edit)),
})  # fmt: skip

invite(actor, row.id)
links(actor)
record_answer(actor)
ask_to_delete(lambda s: surveys.delete(s, actor, row.id), actor=actor, done=_("The survey was deleted."),
              back="satisfaction")  # fmt: skip
