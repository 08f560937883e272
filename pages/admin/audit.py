"""The audit log: who did what, when, with every value before and after, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from crm_data.queries import history, organisation
from crm_data.queries.history import Sought
from crm_data.vocabulary import ChangeAction, Module
from crm_data.vocabulary.fields import RECORDS
from crm_data.vocabulary.screens import RECORD_SCREENS
from pages.ui import changes
from pages.ui.doors import look
from pages.ui.filters import choose, nothing_found, search_box
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.links import link
from pages.ui.tables import ROW_HEIGHT
from pages.ui.text import _, label, md, moment, number, translated

actor = guard(Module.AUDIT)
SIZE = 50
terms = look(organisation.terms_for, actor)
zone = ZoneInfo(terms.time_zone)
screen_title(actor, _("Audit log"), about=_("Everything that was written, exported or signed in to, newest first."))

search = search_box(_("User name or record number"))
with st.expander(_("More filters"), icon=":material/tune:"), st.container(horizontal=True):
    actions = choose("action", _("Action"), ChangeAction)
    kinds = {kind: translated(words) for kind, words in RECORDS.items()}
    kind = choose("kind", _("Kind of record"), dict(sorted(kinds.items(), key=lambda pair: pair[1])))
    days: Any = st.date_input(_("Days"), [], key="days", format="YYYY-MM-DD")

given = tuple(days or ())
since, until = (
    (datetime.combine(given[0], time(), zone).astimezone(UTC),
     datetime.combine(given[-1] + timedelta(days=1), time(), zone).astimezone(UTC)) if given else (None, None)
)  # fmt: skip
after = st.query_params.get("after", "").partition("~")
before = (datetime.fromisoformat(after[0]), int(after[2])) if after[2].isdigit() else None
sought = Sought(search=search, actions=tuple(actions), kinds=tuple(kind), since=since, until=until, before=before)
entries = look(history.log, actor, sought=sought, limit=SIZE + 1)
shown = entries[:SIZE]
if not shown:
    nothing_found(filtered=bool(search or actions or kind or given or before), empty=_("Nothing was written yet."))
    st.stop()

names = changes.names_in(actor, shown)
st.caption(_("Choose a line to see all of it and to undo it."))
picked = st.dataframe(
    {
        "when": [moment(entry.at, zone=terms.time_zone) for entry in shown],
        "who": [entry.username for entry in shown],
        "what": [label(entry.action) for entry in shown],
        "record": [changes.record_words(entry, names) for entry in shown],
        "changes": [changes.summary(entry, names, terms) for entry in shown],
    },
    key="entries",
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    row_height=ROW_HEIGHT,
    height="content" if len(shown) < 12 else 520,
    column_config={
        "when": st.column_config.TextColumn(_("When"), width=150),
        "who": st.column_config.TextColumn(_("Who"), width=110),
        "what": st.column_config.TextColumn(_("Action"), width=110),
        "record": st.column_config.TextColumn(_("Record"), width=220),
        "changes": st.column_config.TextColumn(_("Changes"), width="large"),
    },
    alt=_("Entries of the log"),
)
with st.container(horizontal=True):
    if before and st.button(_("Newest entries"), key="newest", icon=":material/first_page:"):
        st.query_params.pop("after")
        st.rerun()
    if len(entries) > SIZE and st.button(_("Older entries"), key="older", icon=":material/navigate_next:"):
        st.query_params["after"] = f"{shown[-1].at.isoformat()}~{shown[-1].id}"
        st.rerun()

rows = picked["selection"]["rows"]
if rows and rows[0] < len(shown):
    entry = shown[rows[0]]
    with st.container(border=True, key="entry"):
        st.subheader(md(f"{label(entry.action)}: {changes.record_words(entry, names)}"), anchor=False)
        act = look(history.change_set, actor, entry.change_set_id)
        size = look(history.size, actor, entry.change_set_id)
        about = _("Change {number} by {who} on {when}, {count} entries")
        st.caption(md(about.format(number=entry.change_set_id, who=entry.username, count=number(size),
                                   when=moment(entry.at, zone=terms.time_zone))))  # fmt: skip
        if act is not None and act.note:
            st.caption(md(act.note))
        fields = changes.lines(entry, names, terms)
        if fields:
            columns = zip((_("Field"), _("Before"), _("After")), zip(*fields, strict=True), strict=True)
            st.dataframe(dict(columns), hide_index=True, height="content", alt=_("Changed fields"))
        with st.container(horizontal=True, vertical_alignment="center"):
            if act is not None and act.undone_at is not None:
                when = moment(act.undone_at, zone=terms.time_zone)
                st.caption(_("This change was undone on {when}.").format(when=when))
            elif act is not None and changes.can_be_undone(entry, act):
                changes.undo_button(actor, entry.change_set_id, key="undo_change")
            if entry.record_kind in RECORD_SCREENS and entry.record_id is not None:
                link(RECORD_SCREENS[entry.record_kind], _("Open the record"), id=entry.record_id)
