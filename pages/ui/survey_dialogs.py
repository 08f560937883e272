"""The dialogs about surveys: a new one, inviting customers, their links, and recording an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from crm_data.access import Actor
from crm_data.queries import organisation
from crm_data.queries import surveys as queries
from crm_data.services import invitations, responses, surveys
from crm_data.services.invitations import VALID_DAYS, Asked
from crm_data.vocabulary import ChangeAction, Channel
from pages.ui import state
from pages.ui.audience_fields import audience_counts, draw_audience
from pages.ui.doors import look, saving
from pages.ui.downloads import download_rows
from pages.ui.forms import Sheet, options_of
from pages.ui.links import go
from pages.ui.lookups import customer_picker
from pages.ui.survey_forms import NEW, draw_answer, draw_survey
from pages.ui.text import _, md, ngettext, number, told_apart

_SHOWN = 5


def new_survey(actor: Actor) -> None:
    """Show the form for a new survey; afterwards go to its page."""
    if state.dialog()[0] != "new_survey":
        return

    @st.dialog(_("New survey"), on_dismiss=state.close_dialog, width="large")
    def ask() -> None:
        sheet = Sheet("survey:new", base=NEW)
        with st.form(sheet.key):
            draw_survey(sheet)
            sent = st.form_submit_button(_("Save"), key="save_survey", type="primary")
        made = sent and saving(lambda s: surveys.create(s, actor, values=sheet.typed).id, actor=actor, sheet=sheet,
                               done=_("The survey was added as a draft."), action=ChangeAction.CREATE)  # fmt: skip
        if made:
            state.close_dialog()
            go("survey_record", id=made.value)

    ask()


def invite(actor: Actor, survey_id: int) -> None:
    """Show whom an invitation would reach, and send it."""
    if state.dialog()[0] != "invite":
        return

    @st.dialog(_("Invite customers"), on_dismiss=state.close_dialog, width="large")
    def ask() -> None:
        rule = draw_audience(f"invite:{survey_id}", actor)
        asked = Asked(rule=rule, channel=_channel(), valid_days=_life())
        audience_counts(look(invitations.preview, actor, survey_id, asked=asked))
        st.caption(_("Each customer gets a link of their own. The links are shown once, right after this."))
        sheet = Sheet(f"invite:{survey_id}")
        if st.button(_("Make the invitations"), key="send_invitations", type="primary"):
            made = saving(lambda s: invitations.invite(s, actor, survey_id, asked=asked), actor=actor, sheet=sheet,
                          done=_("The invitations were made."), action=ChangeAction.SEND)  # fmt: skip
            if made:
                state.open_dialog("links", links=dict(made.value.links))
                st.rerun()

    ask()


def links(actor: Actor) -> None:
    """Show the links that were just made, this once: to copy, or as a file."""
    name, about = state.dialog()
    if name != "links":
        return

    @st.dialog(_("The links"), on_dismiss=state.close_dialog, width="large")
    def show() -> None:
        made: Mapping[int, str] = about["links"]
        words = ngettext("{count} link. It is not kept and cannot be shown again.",
                         "{count} links. They are not kept and cannot be shown again.", len(made))  # fmt: skip
        st.warning(words.format(count=number(len(made))), icon=":material/key:")
        rows = look(queries.addressees, actor, links=made)
        headers = {"name": _("Customer"), "email": _("E-mail"), "phone": _("Phone"), "link": _("Link")}
        download_rows(rows, name="links.csv", words=_("Download all with names and addresses"), headers=headers)
        for row in rows.head(_SHOWN).iter_rows(named=True):
            st.caption(md(row["name"]))
            st.code(row["link"], language=None)

    show()


def record_answer(actor: Actor) -> None:
    """Show the form in which staff take down a customer's answer."""
    name, about = state.dialog()
    if name != "record_answer":
        return

    @st.dialog(_("Record an answer"), on_dismiss=state.close_dialog, width="large")
    def ask() -> None:
        survey_id = _running(actor, about.get("survey_id"))
        customer_id = customer_picker(actor, key="answer") if survey_id else None
        if survey_id is None or customer_id is None:
            return
        survey, zone = look(queries.record, actor, survey_id), ZoneInfo(look(organisation.terms_for, actor).time_zone)
        today = look(organisation.today_for, actor)
        sheet = Sheet(f"answer:{survey_id}:{customer_id}", base={"day": today})
        with st.form(sheet.key):
            draw_answer(sheet, survey)
            day = sheet.day("day", _("Answered on"))
            sent = st.form_submit_button(_("Save"), key="save_answer", type="primary")
        values = {name: sheet.typed[name] for name in ("score", "answers", "comment")}
        values |= _moment(day, today=today, zone=zone)
        if sent and saving(lambda s: responses.record(s, actor, survey_id, customer_id=customer_id, values=values).id,
                           actor=actor, sheet=sheet, done=_("The answer was recorded."),
                           action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def _channel() -> Channel | None:
    words = options_of(Channel)
    picked = st.selectbox(_("Channel"), list(words), index=None, key="invite:channel", placeholder=_("Any way"),
                          format_func=words.__getitem__)  # fmt: skip
    return Channel(picked) if picked else None


def _life() -> int:
    return int(st.number_input(_("Days that the links are valid"), 1, 365, VALID_DAYS, key="invite:days"))


def _running(actor: Actor, given: int | None) -> int | None:
    if given is not None:
        return given
    found = told_apart(look(queries.running, actor))
    if not found:
        st.info(_("No survey runs. Start one first."), icon=":material/inbox:")
        return None
    return st.selectbox(_("Survey"), list(found), key="answer:survey", format_func=found.__getitem__)


def _moment(day: date | None, *, today: date, zone: ZoneInfo) -> dict[str, Any]:
    if day is None or day == today:
        return {}
    return {"answered_at": datetime.combine(day, time(12), zone).astimezone(UTC)}
