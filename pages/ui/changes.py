"""Entries of the audit log as a person reads them: words for fields, names for keys, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.errors import CrmError, UndoConflictError
from crm_data.money import decimals
from crm_data.queries import history, naming, organisation
from crm_data.queries.naming import Key
from crm_data.services import undoing
from crm_data.vocabulary import ChangeAction
from crm_data.vocabulary.fields import RECORDS
from crm_data.vocabulary.terms import Terms
from pages.ui.doors import look, undo_change
from pages.ui.records import field_words, shown
from pages.ui.text import NOTHING, _, label, md, moment, ngettext, number, plain, say, translated

Names = Mapping[Key, str]

_MONEY = {"amount", "annual_revenue", "budget", "credit_limit"}
_SCALES = {"_e4": 4, "_e3": 3, "_e6": 6}
_SHOWN = 3


def names_in(actor: Actor, entries: Sequence[Any]) -> Names:
    """Look up what the records of these entries, and those that their values name, are called."""
    records = {(entry.record_kind, entry.record_id) for entry in entries if entry.record_id is not None}
    return look(history.names, actor, _named_by(entries) | records)


def names_seen(actor: Actor, entries: Sequence[Any]) -> Names:
    """Look up what the records that the values of these entries name are called, those that the reader may see."""
    return look(naming.names_for, actor, _named_by(entries))


def value_words(actor: Actor, name: str, value: Any) -> str:
    """Give the value of a form's field as a person reads it: amounts in units, other records by their names."""
    terms, table = look(organisation.terms_for, actor), naming.pointed_at("customers", name)
    keys = {(table, value)} if table is not None and isinstance(value, int) else set()
    return _plainly("customers", name, value, look(naming.names_for, actor, keys), terms) or shown(value)


def record_words(entry: Any, names: Names) -> str:
    """Give kind and name of an entry's record."""
    kind = translated(RECORDS.get(entry.record_kind, entry.record_kind))
    if entry.record_id is None:
        return kind
    name = names.get((entry.record_kind, entry.record_id)) or str(entry.record_id)
    return _("{kind} “{name}”").format(kind=kind, name=name)


def lines(entry: Any, names: Names, terms: Terms) -> list[tuple[str, str, str]]:
    """Give an entry's fields: words, before, after."""
    before, after = entry.before or {}, entry.after or {}

    def read(name: str, values: Mapping[str, Any]) -> str:
        return read_value(entry.record_kind, name, values.get(name), names, terms)

    return [(field_words(name), read(name, before), read(name, after)) for name in {**after, **before}]


def summary(entry: Any, names: Names, terms: Terms) -> str:
    """Give the first changed fields of an entry in one line of plain text."""
    if entry.action is ChangeAction.DELETE:
        return ""
    found = [
        _("{field}: {value}").format(field=words, value=new) if entry.before is None
        else _("{field}: {before} → {after}").format(field=words, before=old, after=new)
        for words, old, new in lines(entry, names, terms)
    ]  # fmt: skip
    return plain("; ".join(found[:_SHOWN]) + (" …" if len(found) > _SHOWN else ""))


def can_be_undone(entry: Any, act: Any) -> bool:
    """Tell whether a change can be taken back: not that by which the product itself began, nor the demo company."""
    began = act.action is ChangeAction.CONFIGURE and act.user_id is None
    return entry.action in undoing.TAKEN_BACK and act.action is not ChangeAction.DEMO and not began


def undo_button(actor: Actor, change_set: int, *, key: str) -> None:
    """Draw the button that takes back a whole change; where later work stands on it, say where."""
    if not st.button(_("Undo this change"), key=key, icon=":material/undo:"):
        return
    try:
        with st.spinner(_("Undoing …")):
            undo_change(actor, change_set)
    except UndoConflictError as error:
        st.warning(md(say(error)), icon=":material/block:")
        _conflicts(actor, error)
        return
    except CrmError as error:
        st.error(md(say(error)), icon=":material/error:")
        return
    st.rerun()


def _conflicts(actor: Actor, error: UndoConflictError) -> None:
    few = error.records[:20]
    names = look(naming.names_for, actor, {(kind, key) for kind, key, _field in few})
    st.dataframe(
        {
            _("Record"): [translated(RECORDS.get(kind, kind)) for kind, _key, _field in few],
            _("Name"): [names.get((kind, key), str(key)) for kind, key, _field in few],
            _("Field"): [field_words(field) for _kind, _key, field in few],
        },
        hide_index=True,
    )
    more = len(error.records) - len(few)
    if more:
        st.caption(ngettext("and {count} more", "and {count} more", more).format(count=number(more)))


def _named_by(entries: Sequence[Any]) -> set[Key]:
    return {key for entry in entries for values in (entry.before, entry.after)
            for key in _pointed(entry.record_kind, values or {})}  # fmt: skip


def _pointed(kind: str, values: Mapping[str, Any]) -> Iterable[Key]:
    for name, value in values.items():
        table = naming.pointed_at(kind, name)
        if table is not None and isinstance(value, int):
            yield table, value


def read_value(kind: str, name: str, value: Any, names: Names, terms: Terms) -> str:
    """Give a value of the log as a person reads it."""
    return _plainly(kind, name, value, names, terms) or _typed(kind, name, value, terms)


def _plainly(kind: str, name: str, value: Any, names: Names, terms: Terms) -> str | None:
    if value in (None, "", []):
        return NOTHING
    table = naming.pointed_at(kind, name)
    if table is not None and isinstance(value, int):
        return names.get((table, value), str(value))
    places = decimals(terms.base_currency) if name in _MONEY else _places(name)
    if places and isinstance(value, int):
        return number(Decimal(value).scaleb(-places), digits=places)
    return None


def _places(name: str) -> int:
    return next((places for ending, places in _SCALES.items() if name.endswith(ending)), 0)


def _typed(kind: str, name: str, value: Any, terms: Terms) -> str:
    try:
        known = undoing.decoded(undoing.model_of(kind), name, value)
    except (KeyError, ValueError, CrmError):
        known = value
    if isinstance(known, datetime):
        return moment(known, zone=terms.time_zone)
    if isinstance(known, dict):
        return "; ".join(f"{field_words(str(key))}: {shown(part)}" for key, part in known.items())
    return label(known) if hasattr(known, "label") else plain(shown(known))
