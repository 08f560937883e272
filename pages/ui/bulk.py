"""The bar that shows when records of a list are selected: assign, set a field, tag, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.queries import organisation
from crm_data.services import bulk
from crm_data.vocabulary import Action, ChangeAction, Module
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.records import field_words
from pages.ui.text import _, ngettext


def bulk_bar(actor: Actor, ids: Sequence[int], *, kind: str, module: Module) -> None:
    """Draw what can be done with the selected records; each shows how many it will change, and can be undone."""
    if not ids:
        return
    count = len(ids)
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="bulk"):
        st.markdown(ngettext("{count} record selected", "{count} records selected", count).format(count=count))
        _opener("bulk_set", _("Set a field"), "edit")
        if kind == "customers":
            _opener("bulk_tag", _("Add a tag"), "sell")
        if actor.may(module, Action.DELETE):
            _opener("bulk_delete", _("Delete"), "delete")
    name, _about = state.dialog()
    shown = {"bulk_set": _set_field, "bulk_tag": _add_tag, "bulk_delete": _delete}.get(name)
    if shown:
        shown(actor, ids, kind)


def _opener(name: str, words: str, icon: str) -> None:
    st.button(words, key=name, icon=f":material/{icon}:", on_click=state.open_dialog, args=(name,))


def _set_field(actor: Actor, ids: Sequence[int], kind: str) -> None:
    @st.dialog(_("Set a field"), on_dismiss=state.close_dialog)
    def ask() -> None:
        fields = bulk.FIELDS[kind]
        field = st.selectbox(_("Field"), fields, format_func=field_words, key="bulk_field", placeholder="")
        sheet = Sheet(f"bulk:{kind}:{field}")
        people = look(organisation.people, actor)
        with st.form(sheet.key):
            if field in {"owner_id", "assignee_id"}:
                sheet.choice(field, field_words(field), people)
            elif field == "due_on":
                sheet.day(field, field_words(field))
            else:
                sheet.text(field, field_words(field))
            st.caption(_preview(len(ids)))
            sent = st.form_submit_button(_("Change"), key="bulk_save", type="primary")
        value = sheet.typed[field] or None
        if sent:
            _run(lambda s: bulk.set_field(s, actor, kind=kind, ids=ids, field=field, value=value), actor, sheet)

    ask()


def _add_tag(actor: Actor, ids: Sequence[int], kind: str) -> None:
    @st.dialog(_("Add a tag"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"bulk:{kind}:tag")
        with st.form(sheet.key):
            sheet.text("tag", _("Tag"), required=True)
            st.caption(_preview(len(ids)))
            sent = st.form_submit_button(_("Change"), key="bulk_save", type="primary")
        if sent:
            _run(lambda s: bulk.add_tag(s, actor, kind=kind, ids=ids, tag=sheet.typed["tag"]), actor, sheet)

    ask()


def _delete(actor: Actor, ids: Sequence[int], kind: str) -> None:
    @st.dialog(_("Delete?"), on_dismiss=state.close_dialog)
    def ask() -> None:
        st.write(_preview(len(ids)))
        st.caption(_("They go to the recycle bin with all that hangs on them and can be brought back."))
        if st.button(_("Delete"), key="bulk_save", type="primary"):
            _run(lambda s: bulk.delete(s, actor, kind=kind, ids=ids), actor, None, action=ChangeAction.DELETE)

    ask()


def _preview(count: int) -> str:
    return ngettext("This changes {count} record.", "This changes {count} records.", count).format(count=count)


def _run(
    act: Callable[[Session], int], actor: Actor, sheet: Sheet | None, *, action: ChangeAction = ChangeAction.BULK_EDIT
) -> None:
    if saving(act, actor=actor, sheet=sheet, done=_("The selected records were changed."), action=action):
        state.close_dialog()
        st.rerun()
