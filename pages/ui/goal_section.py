"""The targets of a figure: for the company, its teams and people, what is still missing, and setting one."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.analytics.kpi import Measure
from crm_data.analytics.periods import Grain, Period, Preset, preset
from crm_data.queries import goals as queries
from crm_data.queries import organisation
from crm_data.queries.goals import Branch
from crm_data.services import goals
from crm_data.vocabulary import Action, ChangeAction, Module, Unit
from crm_data.vocabulary.terms import Terms
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.figures import value_words
from pages.ui.forms import Sheet
from pages.ui.period_bar import View
from pages.ui.tables import Column, plain_table, text_column
from pages.ui.text import NOTHING, _, day

_COMPANY, _TEAM, _PERSON = "company", "team", "user"
Days = tuple[date, date]


def goal_section(actor: Actor, measure: Measure, view: View, terms: Terms) -> None:
    """Draw the targets of a figure, broken down, and for those who may the button that sets one."""
    with st.expander(_("Targets"), icon=":material/flag:", key="targets", on_change="rerun") as section:
        if section.open:
            _targets(actor, measure, view, terms)
    _set_target(actor, measure, view, terms)


def _targets(actor: Actor, measure: Measure, view: View, terms: Terms) -> None:
    usual = _usual_days(view.period)
    known = list(dict.fromkeys([usual, *look(queries.periods, actor, metric=measure.key)]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, last = st.selectbox(_("Days"), known, key="target_days", format_func=_days, width=300)
        if actor.may(Module.GOALS, Action.CREATE):
            st.button(_("Set a target"), key="set_target", icon=":material/flag:", on_click=state.open_dialog,
                      args=("set_target",), kwargs={"first": first, "last": last})  # fmt: skip
    lines = look(queries.breakdown, actor, metric=measure.key, first=first, last=last)
    if all(line.target is None for line in lines):
        st.caption(_("No targets are set for these days."))
        return
    shown = [line for line in lines if line.target is not None or line.parts is not None]
    names = [_name(line) for line in shown]
    values = {
        "target": [_value(line.target, measure, terms) for line in shown],
        "parts": [_value(line.parts, measure, terms) if measure.additive else NOTHING for line in shown],
        "gap": [_value(line.gap, measure, terms) if measure.additive else NOTHING for line in shown],
    }
    columns = [text_column("name", _("Whose")), Column("target", _("Target"), right=True)]
    if measure.additive:
        columns += [Column("parts", _("Those below together"), right=True), Column("gap", _("Gap"), right=True)]
    plain_table(pl.DataFrame({"name": names, **values}), columns=columns, key="target_table")


def _set_target(actor: Actor, measure: Measure, view: View, terms: Terms) -> None:
    name, about = state.dialog()
    if name != "set_target":
        return
    first, last = about.get("first"), about.get("last")
    usual = _usual_days(view.period) if first is None or last is None else (first, last)

    @st.dialog(_("Set a target"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"goal:{measure.key}", base={"whose": _COMPANY, "starts_on": usual[0], "ends_on": usual[1]})
        with st.form(sheet.key):
            sheet.choice("whose", _("Whose"), _subjects(actor), required=True)
            with st.container(horizontal=True):
                sheet.day("starts_on", _("First day"), required=True)
                sheet.day("ends_on", _("Last day"), required=True)
            _amount(sheet, measure, terms)
            st.caption(_("Leave it empty to take the target away."))
            sent = st.form_submit_button(_("Save"), key="save_target", type="primary")
        values = _values(sheet, measure)
        if sent and saving(lambda s: goals.put(s, actor, values=values), actor=actor, sheet=sheet,
                           done=_("The target was set."), action=ChangeAction.EDIT):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def _subjects(actor: Actor) -> dict[str, str]:
    teams = look(lambda session, _actor: organisation.teams(session), actor)
    people = look(organisation.people, actor)
    named = {f"{_TEAM}:{key}": _("Team {name}").format(name=name) for key, name in teams.items()}
    return {_COMPANY: _("The company"), **named, **{f"{_PERSON}:{key}": name for key, name in people.items()}}


def _amount(sheet: Sheet, measure: Measure, terms: Terms) -> None:
    if measure.unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
        sheet.money("target", _("Target"), currency=terms.base_currency)
    elif measure.unit is Unit.PERCENT:
        sheet.quantity("target", _("Target in per cent"))
    else:
        sheet.quantity("target", _("Target"))


def _values(sheet: Sheet, measure: Measure) -> dict[str, Any]:
    kind, _colon, key = str(sheet.typed["whose"]).partition(":")
    typed = sheet.typed["target"]
    scale = {Unit.MONEY: 1, Unit.MONEY_PER_DAY: 1, Unit.PERCENT: 100_000}.get(measure.unit, 1_000)
    return {
        "metric": measure.key,
        "team_id": int(key) if kind == _TEAM else None,
        "user_id": int(key) if kind == _PERSON else None,
        "starts_on": sheet.typed["starts_on"],
        "ends_on": sheet.typed["ends_on"],
        "target": None if typed is None else typed / scale,
    }


def _usual_days(period: Period) -> Days:
    """Give the whole unit that a period is part of: targets are set for months, quarters and years."""
    if period.unit in {Grain.MONTH, Grain.QUARTER, Grain.YEAR} and not period.to_date:
        return period.start, period.last
    whole = {Grain.MONTH: Preset.THIS_MONTH, Grain.YEAR: Preset.THIS_YEAR}
    unit = preset(whole.get(period.unit or Grain.QUARTER, Preset.THIS_QUARTER), calendar=period.calendar)
    return unit.start, unit.last


def _days(days: Days) -> str:
    return _("{first} – {last}").format(first=day(days[0]), last=day(days[1]))


def _name(line: Branch) -> str:
    return "\u2003" * line.depth + (line.name or _("The company"))


def _value(value: float | None, measure: Measure, terms: Terms) -> str:
    return NOTHING if value is None else value_words(value, measure, terms)
