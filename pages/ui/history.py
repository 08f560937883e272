"""Who changed what on a record, from what to what, each value to be restored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Record
from crm_data.queries import history as queries
from crm_data.queries import organisation
from crm_data.services import undoing
from crm_data.vocabulary import ChangeAction
from pages.ui.doors import look, saving
from pages.ui.records import field_words, shown
from pages.ui.text import NOTHING, _, label, md, moment

_SHOWN_AT_FIRST = 12


def history_list(actor: Actor, row: Record, *, may_restore: bool) -> None:
    """Draw a record's history, newest first; a value can be put back where the reader may edit the record."""
    terms = look(organisation.terms_for, actor)
    people = look(organisation.everybody, actor)
    for entry in look(queries.of_record, actor, row):
        with st.container(border=True):
            when = moment(entry.at, zone=terms.time_zone)
            st.markdown(f"**{label(entry.action)}** · {md(entry.username)} · {when}")
            for name in list(entry.after or {})[:_SHOWN_AT_FIRST]:
                _line(actor, row, entry, name, people=people, may_restore=may_restore)


def _line(actor: Actor, row: Record, entry: Any, name: str, *, people: dict[int, str], may_restore: bool) -> None:
    after = readable(type(row), name, entry.after[name], people=people)
    if entry.before is None:
        st.caption(_("{field}: {value}").format(field=md(field_words(name)), value=md(after)))
        return
    before = readable(type(row), name, entry.before.get(name), people=people)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = _("{field}: {before} → {after}")
        st.markdown(words.format(field=md(field_words(name)), before=md(before), after=md(after)), width="content")
        if may_restore and name != "deleted_at" and entry.before.get(name) != entry.after[name]:
            _restore(actor, entry.id, name)


def _restore(actor: Actor, entry_id: int, name: str) -> None:
    if st.button(_("Restore"), key=f"restore:{entry_id}:{name}", type="tertiary", icon=":material/history:") and saving(
        lambda s: undoing.restore_value(s, actor, entry_id, field=name),
        actor=actor,
        done=_("The earlier value is back."),
        action=ChangeAction.RESTORE,
    ):
        st.rerun()


def readable(model: type[Record], name: str, value: Any, *, people: dict[int, str]) -> str:
    """Give a value of the audit log as a person reads it."""
    if value in (None, "", []):
        return NOTHING
    if name in {"owner_id", "assignee_id", "user_id", "manager_id"}:
        return people.get(value, str(value))
    try:
        known = undoing.decoded(model, name, value)
    except (KeyError, ValueError):
        return str(value)
    return moment(known, zone="UTC") if isinstance(known, datetime) else shown(known)
