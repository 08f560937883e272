"""The stages of the pipeline as an administrator arranges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.queries import pipeline as stored
from crm_data.services import pipeline, stages
from crm_data.vocabulary import ChangeAction, StageKind
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.records import field_words
from pages.ui.text import _, label, md, ngettext, number, translated

_FIELDS = ("name", "probability", "stalled_after_days", "definition", "required_fields")


def stage_list(actor: Actor) -> None:
    """Draw the stages in order, each with its facts, and the buttons to move, change and remove it."""
    rows = look(stored.stages, actor)
    st.button(_("New stage"), key="new_stage", type="primary", icon=":material/add:", on_click=state.open_dialog,
              args=("stage",))  # fmt: skip
    keys = [row.id for row in rows]
    for place, row in enumerate(rows):
        with st.container(border=True, key=f"stage:{row.id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{md(translated(row.name))}** · {_stage_facts(row)}", width="stretch")
                _mover(actor, keys, place, step=-1, icon="arrow_upward", words=_("Move up"))
                _mover(actor, keys, place, step=1, icon="arrow_downward", words=_("Move down"))
                st.button(_("Edit"), key=f"edit:{row.id}", icon=":material/edit:", on_click=state.open_dialog,
                          args=("stage",), kwargs={"stage_id": row.id})  # fmt: skip
                _remover(actor, row.id)
            if row.definition:
                st.caption(md(translated(row.definition)))
    name, about = state.dialog()
    if name == "stage":
        _stage_dialog(actor, next((row for row in rows if row.id == about.get("stage_id")), None))


def _remover(actor: Actor, stage_id: int) -> None:
    pressed = st.button(_("Delete"), key=f"delete:{stage_id}", icon=":material/delete:")
    if pressed and saving(lambda s: stages.delete(s, actor, stage_id), actor=actor, action=ChangeAction.DELETE,
                          done=_("The stage was removed.")):  # fmt: skip
        st.rerun()


def _mover(actor: Actor, keys: Sequence[int], place: int, *, step: int, icon: str, words: str) -> None:
    other = place + step
    pressed = st.button("", key=f"{icon}:{keys[place]}", icon=f":material/{icon}:", help=words,
                        disabled=not 0 <= other < len(keys))  # fmt: skip
    if not pressed:
        return
    order = list(keys)
    order[place], order[other] = order[other], order[place]
    if saving(lambda s: stages.reorder(s, actor, order), actor=actor, action=ChangeAction.CONFIGURE,
              done=_("The order was changed.")):  # fmt: skip
        st.rerun()


def _stage_facts(row: Any) -> str:
    facts = [label(row.kind), _("{probability} %").format(probability=number(row.probability))]
    if row.stalled_after_days:
        words = ngettext("stalled after {count} day", "stalled after {count} days", row.stalled_after_days)
        facts.append(words.format(count=number(row.stalled_after_days)))
    if row.required_fields:
        facts.append(_("needs {fields}").format(fields=", ".join(field_words(name) for name in row.required_fields)))
    return " · ".join(md(fact) for fact in facts)


def _stage_dialog(actor: Actor, row: Any) -> None:
    @st.dialog(_("Stage"), on_dismiss=state.close_dialog)
    def ask() -> None:
        base = {name: getattr(row, name) for name in _FIELDS} if row else {"kind": StageKind.OPEN, "probability": 50}
        sheet = Sheet(f"stage:form:{row.id if row else 'new'}", base=base, version=row.version if row else 0)
        with st.form(sheet.key):
            sheet.text("name", field_words("name"), required=True)
            if row is None:
                sheet.choice("kind", field_words("kind"), StageKind, required=True)
            sheet.whole("probability", _("Probability in per cent"), required=True, least=0, most=100)
            sheet.whole("stalled_after_days", field_words("stalled_after_days"), least=1)
            sheet.area("definition", field_words("definition"))
            _required(sheet)
            sent = st.form_submit_button(_("Save"), key="save_stage", type="primary")
        if sent and saving(lambda s: _save_stage(s, actor, row, base, sheet.typed), actor=actor, sheet=sheet,
                           action=ChangeAction.CONFIGURE, done=_("The stage was saved.")):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def _required(sheet: Sheet) -> None:
    fields = {name: field_words(name) for name in (*pipeline.REQUIRABLE, "lost_reason")}
    have = [name for name in sheet.base.get("required_fields", []) if name in fields]
    picked = st.multiselect(_("Required fields"), list(fields), default=have, format_func=lambda name: fields[name],
                            select_all=False, placeholder=_("None"),
                            key=f"{sheet.key}:v{sheet.version}:required")  # fmt: skip
    sheet.hold("required_fields", picked)


def _save_stage(session: Any, actor: Actor, row: Any, base: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
    if row is None:
        stages.create(session, actor, values=typed)
    else:
        stages.edit(session, actor, row.id, version=row.version, base=base, mine=typed)
