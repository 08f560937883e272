"""What needs action now: how many of each kind, the first ones by name, each leading to its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import attention, footing
from crm_data.analytics.attention import Matter, Reason
from crm_data.analytics.periods import Calendar, Preset, preset
from crm_data.analytics.tables import Tables
from crm_data.queries import activities
from crm_data.services import tasks
from crm_data.vocabulary import Action, ChangeAction, Module
from crm_data.vocabulary.screens import RECORD_SCREENS
from crm_data.vocabulary.terms import Terms
from pages.ui import analysis
from pages.ui.doors import look, saving
from pages.ui.links import link
from pages.ui.text import _, day, label, md, money, number, translated

_FIRST, _MOST = 5, 50
_TASKS = "tasks"


@dataclass(frozen=True)
class Pending:
    """One kind of thing that needs action: what it is called, how many there are, and how to draw some of them."""

    words: str
    count: int
    rows: pl.DataFrame
    draw: Callable[[Mapping[str, Any]], None]


def needs_action(actor: Actor, matters: Sequence[Matter], *, calendar: Calendar, terms: Terms) -> None:
    """Draw what needs action: the kinds with their counts, and the first records of the chosen one."""
    kinds = _due_tasks(actor, calendar) | _matters(actor, matters, calendar, terms)
    waiting = {key: kind for key, kind in kinds.items() if kind.count}
    if not waiting:
        st.caption(f":material/check_circle: {_('Nothing needs action today.')}")
        return
    st.subheader(_("Needs action"), anchor=False)
    shown = {key: _("{what} · {count}").format(what=kind.words, count=number(kind.count))
             for key, kind in waiting.items()}  # fmt: skip
    picked = st.pills(_("Needs action"), list(shown), key="matter", default=next(iter(shown)),
                      format_func=lambda key: md(shown[key]), label_visibility="collapsed")  # fmt: skip
    if picked in waiting:
        _list(waiting[picked])


def _list(kind: Pending) -> None:
    with st.container(border=True, gap="xxsmall", key="needs_action"):
        for row in kind.rows.head(_FIRST).iter_rows(named=True):
            kind.draw(row)
    if kind.rows.height <= _FIRST:
        return
    with st.expander(_("Show more"), key="more_action", on_change="rerun", icon=":material/expand_more:") as more:
        if more.open:
            for row in kind.rows.slice(_FIRST).iter_rows(named=True):
                kind.draw(row)
            if kind.count > kind.rows.height:
                st.caption(_("The first {count} are shown.").format(count=number(kind.rows.height)))


def _due_tasks(actor: Actor, calendar: Calendar) -> dict[str, Pending]:
    if not actor.may(Module.TASKS):
        return {}
    rows = look(activities.due, actor, by=calendar.today, limit=_MOST)
    return {_TASKS: Pending(_("My tasks due"), rows.height, rows, lambda row: _task(actor, row, calendar))}


def _task(actor: Actor, task: Mapping[str, Any], calendar: Calendar) -> None:
    late = task["due_on"] < calendar.today
    due = _("due on {day}").format(day=day(task["due_on"])) if late else _("due today")
    words = _line(task["title"], task["customer"])
    what, when, act = st.columns([6, 3, 2], vertical_alignment="center", gap="xsmall")
    with what:
        if task["customer_id"] is None:
            st.markdown(words)
        else:
            link("customer", words, icon="task_alt", id=task["customer_id"], tab="tasks")
    # A caption is drawn faint: red would not stand out enough in it.
    when.markdown(f":small[:red[{md(due)}]]") if late else when.caption(md(due))
    if actor.may(Module.TASKS, Action.EDIT):
        with act:
            _done(actor, task["id"])


def _done(actor: Actor, task_id: int) -> None:
    if st.button(_("Mark as done"), key=f"done:{task_id}", icon=":material/check:", type="tertiary") and saving(
        lambda s: tasks.finish(s, actor, task_id), actor=actor, done=_("The task was done."), action=ChangeAction.EDIT
    ):
        st.rerun()


def _matters(actor: Actor, matters: Sequence[Matter], calendar: Calendar, terms: Terms) -> dict[str, Pending]:
    names = {name for matter in matters for name in matter.needs}
    if not matters or not names:
        return {}

    def ask(tables: Tables) -> dict[str, tuple[int, pl.DataFrame]]:
        found = attention.needing_action(matters, tables, period=preset(Preset.TODAY, calendar=calendar))
        return {key: (rows.height, footing.named(rows.head(_MOST), tables)) for key, rows in found.items()}

    answer = analysis.load(ask, actor=actor, key=("attention", *(matter.key for matter in matters)),
                           reads=names | footing.reads())  # fmt: skip
    labels = {matter.key: translated(matter.label) for matter in matters}
    return {
        key: Pending(labels[key], count, rows, lambda row: _record(row, terms))
        for key, (count, rows) in answer.value.items()
    }


def _record(row: Mapping[str, Any], terms: Terms) -> None:
    names = (row["name"], row["customer"])
    words = _line(*(reversed(names) if row["opens"] == "customers" else names))
    what, why = st.columns([6, 4], vertical_alignment="center", gap="xsmall")
    with what:
        if row["opens_id"] is None:
            st.markdown(words)
        else:
            link(RECORD_SCREENS[row["opens"]], words, id=row["opens_id"])
    why.caption(md(_why(row, terms)))


def _line(first: str | None, second: str | None) -> str:
    """Give a name and what it belongs to, once where the one holds the other."""
    if not first or not second or second in first:
        return f"**{md(first or second or '')}**"
    return f"**{md(first)}** · {md(second)}"


def _why(row: Mapping[str, Any], terms: Terms) -> str:
    sentence = label(Reason(row["reason"])).format(
        days=number(row["days"]), amount=money(row["amount"], currency=terms.base_currency), number=row["number"]
    )
    return sentence if not row["owner"] else _("{reason} ({owner})").format(reason=sentence, owner=row["owner"])
