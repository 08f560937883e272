"""The parts of a survey's page: what it asks, whom it asked, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Survey
from crm_data.queries import surveys
from crm_data.queries.listing import Page, Wanted
from crm_data.services import invitations as service
from crm_data.services import responses
from crm_data.vocabulary import Action, ChangeAction, Channel, Module, Orientation, QuestionKind, SurveyKind
from crm_data.vocabulary.scales import is_bad
from crm_data.vocabulary.terms import Terms
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.exports import export_button
from pages.ui.filters import nothing_found, wanted
from pages.ui.links import link
from pages.ui.records import facts_table
from pages.ui.survey_forms import ends
from pages.ui.tables import Column, choice_column, pages_below, plain_table, text_column, total_line
from pages.ui.text import NOTHING, _, label, md, moment, number, percent, told_apart


def overview(row: Survey, counts: Mapping[str, int]) -> None:
    """Draw the figures of a survey and its questions."""
    delivered = counts["sent"] - counts["bounced"]
    rate = counts["answered"] / delivered if delivered else None
    with st.grid("auto", min_column_width=160, key="survey_counts"):
        st.metric(_("Invited"), number(counts["sent"]), border=True)
        st.metric(_("Response rate"), percent(rate), border=True)
        st.metric(_("Still open"), number(counts["open"]), border=True)
        st.metric(_("Not delivered"), number(counts["bounced"]), border=True)
    with st.container(border=True):
        st.markdown(f"**{md(row.question)}**")
        st.caption(md(" · ".join(ends(row))))
        for question in row.questions or []:
            st.markdown(md(str(question["text"])))
            st.caption(md(_kind_of(question)))
    facts_table({
        _("Which end of the scale is good?"): label(row.orientation),
        _("Days until a customer may be asked again"): row.cool_down_days,
        _("Points for answering"): row.reward_points,
        _("About the relation as a whole, not about one event"): row.relationship_survey,
    })  # fmt: skip


def invited(actor: Actor, row: Survey, terms: Terms) -> None:
    """Draw whom the survey asked, page by page, with what can be done about each."""
    page = look(surveys.invitations, actor, row.id, wanted=_page_wanted("sent"))
    if page.rows.is_empty():
        nothing_found(filtered=False, empty=_("Nobody was invited yet. Start the survey, then invite customers."))
        return
    columns = [
        text_column("customer", _("Customer")),
        choice_column("channel", _("Channel"), Channel),
        *(Column(name, words, lambda at: moment(at, zone=terms.time_zone), width=160)
          for name, words in (("sent_at", _("Sent")), ("opened_at", _("Opened")), ("answered_at", _("Answered")),
                              ("bounced_at", _("Not delivered")), ("expires_at", _("Valid until")))),
    ]  # fmt: skip
    plain_table(page.rows, columns=columns, key="invitations")
    _footer(page)
    open_ones = page.rows.filter(page.rows["answered_at"].is_null())
    if actor.may(Module.SATISFACTION, Action.EDIT) and not open_ones.is_empty():
        _reminders(actor, {each["id"]: each["customer"] for each in open_ones.iter_rows(named=True)})


def answered(actor: Actor, row: Survey, terms: Terms) -> None:
    """Draw what was answered, worst first, as a list and with every comment."""
    asked = wanted(search="", filters={"survey": [row.id]}, sort="worst", descending=False)
    page = look(surveys.answers, actor, wanted=asked)
    if page.rows.is_empty():
        nothing_found(filtered=False, empty=_("There are no answers yet. Invite customers or record an answer."))
        return
    for entry in page.rows.iter_rows(named=True):
        answer_card(actor, entry, terms)
    _footer(page)
    export_button(actor, "responses", wanted=asked, listing=surveys.answers)


def answer_card(actor: Actor, entry: Mapping[str, Any], terms: Terms) -> None:
    """Draw one answer: score, comment, customer, and its follow-up or the button that opens one."""
    scale = (entry["scale_low"], entry["scale_high"])
    kind, orientation = SurveyKind(entry["kind"]), Orientation(entry["orientation"])
    bad = is_bad(entry["score"], kind=kind, scale=scale, orientation=orientation)
    score = NOTHING if entry["score"] is None else f"{entry['score']}/{entry['scale_high']}"
    with st.container(border=True, gap="xxsmall", key=f"answer:{entry['id']}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(score, color="red" if bad else "gray", icon=":material/warning:" if bad else None)
            link("customer", md(entry["customer"]), id=entry["customer_id"])
            st.caption(md(f"{entry['survey']} · {moment(entry['answered_at'], zone=terms.time_zone)}"))
        if entry["comment"]:
            st.text(entry["comment"])
        _follow_up(actor, entry)


def _follow_up(actor: Actor, entry: Mapping[str, Any]) -> None:
    if entry["followed_up_at"] is not None:
        st.caption(_("Followed up"))
    elif entry["follow_up_task_id"] is not None:
        st.caption(_("A follow-up is open"))
    elif actor.may(Module.SATISFACTION, Action.EDIT):
        asked = st.button(_("Open a follow-up"), key=f"follow_up:{entry['id']}", icon=":material/add_task:",
                          type="tertiary")  # fmt: skip
        if asked and saving(lambda s: responses.follow_up(s, actor, entry["id"]).id, actor=actor,
                            done=_("A task was opened for the customer's owner."),
                            action=ChangeAction.CREATE):  # fmt: skip
            st.rerun()


def _reminders(actor: Actor, names: Mapping[int, str]) -> None:
    words = told_apart(names)
    with st.container(horizontal=True, vertical_alignment="bottom", border=True):
        picked = st.selectbox(_("Invitation of"), list(words), key="reminder", format_func=words.__getitem__,
                              placeholder="")  # fmt: skip
        again = st.button(_("Make a new link"), key="renew", icon=":material/refresh:")
        gone = st.button(_("It was not delivered"), key="bounce", icon=":material/unsubscribe:")
    if again:
        made = saving(lambda s: service.renew(s, actor, picked), actor=actor, done=_("The old link stopped working."))
        if made:
            customer_id = look(surveys.invited_customer, actor, picked)
            state.open_dialog("links", links={customer_id: made.value})
            st.rerun()
    if gone and saving(lambda s: service.bounce(s, actor, picked).id, actor=actor, done=_("Noted as not delivered.")):
        st.rerun()


def _page_wanted(sort: str) -> Wanted:
    return wanted(search="", filters={}, sort=sort, descending=True)


def _footer(page: Page) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)


def _kind_of(question: Mapping[str, Any]) -> str:
    if question["type"] == QuestionKind.SCALE:
        return _("{kind}, 1 to {points}").format(kind=label(QuestionKind.SCALE), points=number(question["scale"]))
    return label(QuestionKind(question["type"]))
