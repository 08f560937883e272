"""Who changed what on a record, from what to what, each value to be restored."""

from __future__ import annotations

from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Record
from crm_data.queries import history as queries
from crm_data.queries import organisation
from crm_data.services import undoing
from crm_data.vocabulary import ChangeAction
from crm_data.vocabulary.terms import Terms
from pages.ui.changes import Names, names_seen, read_value
from pages.ui.doors import look, saving
from pages.ui.records import field_words
from pages.ui.text import _, label, md, moment

_SHOWN_AT_FIRST = 12


def history_list(actor: Actor, row: Record, *, may_restore: bool) -> None:
    """Draw a record's history, newest first; a value can be put back where the reader may edit the record."""
    terms = look(organisation.terms_for, actor)
    entries = look(queries.of_record, actor, row)
    names = names_seen(actor, entries)
    for entry in entries:
        with st.container(border=True):
            when = moment(entry.at, zone=terms.time_zone)
            st.markdown(f"**{label(entry.action)}** · {md(entry.username)} · {when}")
            for name in list(entry.after or {})[:_SHOWN_AT_FIRST]:
                with st.container(horizontal=True, vertical_alignment="center"):
                    _line(entry, name, names=names, terms=terms)
                    if may_restore and _restorable(entry, name):
                        _restore(actor, entry.id, name)


def _line(entry: Any, name: str, *, names: Names, terms: Terms) -> None:
    after = md(read_value(entry.record_kind, name, entry.after[name], names, terms))
    if entry.before is None:
        st.caption(_("{field}: {value}").format(field=md(field_words(name)), value=after))
        return
    before = md(read_value(entry.record_kind, name, entry.before.get(name), names, terms))
    words = _("{field}: {before} → {after}")
    st.markdown(words.format(field=md(field_words(name)), before=before, after=after), width="content")


def _restorable(entry: Any, name: str) -> bool:
    changed = entry.before is not None and entry.before.get(name) != entry.after[name]
    return changed and undoing.restorable(entry.record_kind, name)


def _restore(actor: Actor, entry_id: int, name: str) -> None:
    if st.button(_("Restore"), key=f"restore:{entry_id}:{name}", type="tertiary", icon=":material/history:") and saving(
        lambda s: undoing.restore_value(s, actor, entry_id, field=name),
        actor=actor,
        done=_("The earlier value is back."),
        action=ChangeAction.RESTORE,
    ):
        st.rerun()
