"""Words that record pages share: opening a record, its heading, editing it, and its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import FieldConflict, NotFoundError
from crm_data.models import Record
from crm_data.vocabulary import ChangeAction, Labelled
from crm_data.vocabulary.fields import FIELDS
from pages.ui import state
from pages.ui.doors import saving
from pages.ui.forms import Sheet
from pages.ui.links import back_to
from pages.ui.text import _, day, label, md, number, say, translated

Save = Callable[[Session, int, Mapping[str, Any], Mapping[str, Any]], Any]


def record_id(name: str = "id") -> int:
    """Give the number in the address; stop with a sentence when there is none."""
    given = st.query_params.get(name, "")
    if given.isascii() and given.isdigit() and len(given) < 16:
        return int(given)
    st.info(_("Choose a record from its list first."), icon=":material/search:")
    return st.stop()


def or_missing(find: Callable[[], Any]) -> Any:
    """Give what is looked up; where it does not exist or is not open to the reader, say so and stop."""
    try:
        return find()
    except NotFoundError as error:
        st.warning(md(say(error)), icon=":material/visibility_off:")
        st.caption(_("Ask the owner or an administrator if you think that you should see it."))
        st.stop()


def heading(title: str, *, facts: Sequence[str], back: str) -> None:
    """Draw a record's name, what one knows of it at a glance, and the way back to its list."""
    with st.container(key="heading", gap="xxsmall"):
        if st.button(_("Back to the list"), key="back", type="tertiary", icon=":material/arrow_back:"):
            back_to(back)
        st.header(md(title), anchor=False)
        st.caption(" · ".join(md(fact) for fact in facts if fact))


def edit_button(key: str, row: Record, *, base: Mapping[str, Any]) -> None:
    """Draw the button that starts editing from the values that are shown now."""
    st.button(_("Edit"), key="edit", icon=":material/edit:", on_click=state.begin_draft, args=(key, row.version, base))


def edit_form(key: str, *, actor: Actor, draw: Callable[[Sheet], None], save: Save, done: str) -> None:
    """Draw the form of the draft under way, if this record is being edited; leave it when it was saved.

    `save` gets session, version, base and mine. Where somebody else saved the same fields meanwhile, both values are
    shown beside the original and the person chooses.
    """
    draft = state.draft(key)
    if draft is None:
        return
    if draft.conflict:
        _conflict_panel(draft, actor=actor, save=save, done=done)
        return
    sheet = Sheet(key, base=draft.base, version=draft.version)
    with st.form(f"{key}:form"):
        draw(sheet)
        with st.container(horizontal=True):
            sent = st.form_submit_button(_("Save"), key="save", type="primary")
            st.form_submit_button(_("Cancel"), key="cancel", on_click=state.end_draft)
    if sent and saving(lambda s: save(s, draft.version, draft.base, sheet.typed), actor=actor, done=done, sheet=sheet):
        state.end_draft()
        st.rerun()


def _conflict_panel(draft: state.Draft, *, actor: Actor, save: Save, done: str) -> None:
    st.warning(_("Somebody else changed these fields while you were editing. Choose which values to keep."),
               icon=":material/call_split:")  # fmt: skip
    with st.form(f"{draft.key}:conflict"):
        chosen = {name: _choice_between(actor, name, conflict) for name, conflict in draft.conflict.items()}
        sent = st.form_submit_button(_("Save"), key="save", type="primary")
        st.form_submit_button(_("Cancel"), key="cancel", on_click=state.end_draft)
    if not sent:
        return
    base = dict(draft.base) | {name: conflict.theirs for name, conflict in draft.conflict.items()}
    sheet = Sheet(draft.key, version=draft.version)
    sheet.typed = dict(draft.mine) | chosen
    if saving(lambda s: save(s, draft.conflict_version, base, sheet.typed), actor=actor, done=done, sheet=sheet):
        state.end_draft()
        st.rerun()


def _choice_between(actor: Actor, name: str, conflict: FieldConflict) -> Any:
    from pages.ui.changes import value_words

    kept = {"theirs": _("Theirs: {value}"), "mine": _("Mine: {value}"), "original": _("As it was: {value}")}
    values = {"theirs": conflict.theirs, "mine": conflict.mine, "original": conflict.original}
    words = {key: md(value_words(actor, name, value)) for key, value in values.items()}
    picked = st.radio(field_words(name), list(kept), format_func=lambda key: kept[key].format(value=words[key]))
    return values[picked or "theirs"]


def delete_button(key: str, *, question: str) -> None:
    """Draw the button that asks before deleting; `ask_to_delete` shows the question."""
    st.button(_("Delete"), key="delete", icon=":material/delete:", on_click=state.open_dialog, args=("delete",),
              kwargs={"key": key, "question": question})  # fmt: skip


def ask_to_delete(act: Callable[[Session], Any], *, actor: Actor, done: str, back: str) -> None:
    """Show the question whether to delete, when it was asked for; afterwards go back to the list, with an undo."""
    name, about = state.dialog()
    if name != "delete":
        return

    @st.dialog(_("Delete?"), on_dismiss=state.close_dialog)
    def ask() -> None:
        st.write(md(str(about["question"])))
        st.caption(_("It goes to the recycle bin and can be brought back."))
        if st.button(_("Delete"), key="really_delete", type="primary") and saving(
            act, actor=actor, done=done, action=ChangeAction.DELETE
        ):
            state.close_dialog()
            back_to(back)

    ask()


def facts_table(facts: Mapping[str, Any]) -> None:
    """Draw what is known as pairs of words and value, leaving out what is empty."""
    known = {words: shown(value) for words, value in facts.items() if value not in (None, "", [])}
    if not known:
        st.caption(_("Nothing is known yet."))
        return
    st.dataframe({_("Field"): list(known), _("Value"): list(known.values())}, hide_index=True, height="content")


def field_words(name: str) -> str:
    """Give a field's name in the reader's language."""
    return translated(FIELDS.get(name, name))


def shown(value: Any) -> str:
    """Give any field's value as a person reads it."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, Labelled):
        return label(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "isoformat"):
        return day(value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return number(value) if isinstance(value, int | float) else str(value)
