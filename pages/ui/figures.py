"""Figures as cards: the value, what changed, the last months, the target, and the way to the records behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import figures, series, targets
from crm_data.analytics.figures import Change, ChangeKind, Figure
from crm_data.analytics.kpi import Counting, Kpi, Measure
from crm_data.analytics.narrowing import Members, fits, narrowed
from crm_data.analytics.periods import Calendar, Grain, Period
from crm_data.analytics.tables import Tables
from crm_data.money import months_after
from crm_data.vocabulary import Better
from crm_data.vocabulary.terms import Terms
from pages.ui import analysis
from pages.ui.analysis import Answer
from pages.ui.device import on_phone
from pages.ui.explanations import Setting, explanation, words
from pages.ui.links import link
from pages.ui.period_bar import View
from pages.ui.text import _, kpi_value, label, md, ngettext, number, percent, signed, signed_value, translated

_MONTHS = 12
_ABREAST, _CARD_WIDTH = 3, 164
Colour = Literal["normal", "inverse", "off"]


@dataclass(frozen=True)
class Card:
    """What a card shows: the figure, its change, its last months and its target, each None where there is none."""

    figure: Figure
    change: Change | None
    months: Sequence[float | None]
    target: float | None


def cards(actor: Actor, measures: Sequence[Measure], view: View) -> Answer[Mapping[str, Card]]:
    """Compute the cards of several figures, by key."""
    return analysis.load(
        lambda tables: _cards(measures, tables, view), actor=actor, reads=analysis.reads(*measures),
        key=("cards", *(measure.key for measure in measures), view.key),
        whose=analysis.whose_of(actor, measures, view.members),
    )  # fmt: skip


def card_grid(measures: Sequence[Measure], answer: Answer[Mapping[str, Card]], setting: Setting) -> None:
    """Draw cards side by side, as many as fit."""
    with st.grid(_ABREAST, min_column_width=_CARD_WIDTH, key="cards"):
        for measure in measures:
            with st.container(border=True, height="stretch", gap="xsmall", key=f"card:{measure.key}"):
                _draw(measure, answer.value[measure.key], setting)


def of_view(measure: Measure, members: Members) -> Measure:
    """Give the figure narrowed to the filters, or as it is where they cannot divide it."""
    return narrowed(measure, members) if fits(measure, members) else measure


def value_words(value: float | None, measure: Measure, terms: Terms) -> str:
    """Give a figure's value with its unit."""
    return kpi_value(value, unit=measure.unit, currency=terms.base_currency)


def change_words(change: Change | None, measure: Measure, terms: Terms) -> str | None:
    """Say how a figure changed; None where nothing can be said."""
    if change is None:
        return None
    match change.kind:
        case ChangeKind.NEW:
            return _("new")
        case ChangeKind.SAME:
            return _("no change")
        case ChangeKind.RATIO:
            return signed(change.value)
        case _:
            return signed_value(change.value, unit=measure.unit, currency=terms.base_currency)


def metric(measure: Measure, card: Card, setting: Setting) -> None:
    """Draw a figure with its change and its last months."""
    terms = setting.terms
    change = change_words(card.change, measure, terms)
    known = [value for value in card.months if value is not None]
    st.metric(
        md(translated(measure.label)),
        md(value_words(card.figure.value, measure, terms)),
        delta=None if change is None else change.replace("$", "\\$"),  # escaped, its sign would not be seen
        delta_color=_colour(card.change, measure),
        delta_arrow="off" if card.change is None or card.change.value is None else "auto",
        delta_description=None if on_phone() or not change else label(setting.view.compare),
        chart_data=known if len(known) > 1 else None,
        chart_type="bar" if isinstance(measure, Kpi) and measure.additive and not measure.stock else "line",
    )


def target_words(measure: Measure, card: Card, setting: Setting) -> str | None:
    """Say how far a figure is on the way to its target; None without one."""
    value, target, period = card.figure.value, card.target, setting.view.period
    if target is None:
        return None
    aim = value_words(target, measure, setting.terms)
    if measure.better is Better.LOWER or value is None or not measure.additive:
        return _("Target: {target}").format(target=aim)
    share = percent(value / target, digits=0)
    if not period.unfinished or period.to_date:
        return _("{share} of the target of {target}").format(share=share, target=aim)
    sentence = _("{share} of the target of {target}; {elapsed} of the time has passed")
    return sentence.format(share=share, target=aim, elapsed=percent(period.elapsed, digits=0))


def _cards(measures: Sequence[Measure], tables: Tables, view: View) -> Mapping[str, Card]:
    asked = [of_view(measure, view.members) for measure in measures]
    months = last_months(view.period)
    aims: Mapping[str, float | None] = {}
    if not _beside_targets(view.members):
        aims = targets.targets(measures, tables, period=view.period)
    if view.base is None:
        now = figures.figures(asked, tables, period=view.period)
        pairs: dict[str, tuple[Figure, Change | None]] = {key: (figure, None) for key, figure in now.items()}
    else:
        both = figures.compared(asked, tables, period=view.period, with_period=view.base)
        pairs = {key: (pair.now, pair.change) for key, pair in both.items()}
    return {
        measure.key: Card(
            *pairs[measure.key], _months(measure, tables, months), aims.get(measure.key)
        )
        for measure in asked
    }  # fmt: skip


def last_months(period: Period) -> Period:
    """Give the twelve whole months that end with the month a period's last day (or today) lies in."""
    month: Calendar = period.calendar
    end = months_after(month.start_of(Grain.MONTH, period.as_of), months=1)
    return Period(months_after(end, months=-_MONTHS), end, period.calendar)


def _months(measure: Measure, tables: Tables, period: Period) -> Sequence[float | None]:
    """Give the last months' values; the running month only where it is a state, for half a month looks like a fall."""
    if isinstance(measure, Kpi) and measure.counting is Counting.NOW:
        return []
    frame = series.trend(measure, tables, period=period, grain=Grain.MONTH)
    if not (isinstance(measure, Kpi) and measure.stock):
        frame = frame.remove(frame["unfinished"])
    found: list[Any] = frame["value"].to_list()
    return found


def _beside_targets(members: Members) -> bool:
    """Tell whether the filters show something that no target was set for."""
    several = any(len(members.get(name, ())) > 1 for name in ("owner", "team"))
    return several or any(chosen for name, chosen in members.items() if name not in {"owner", "team"})


def _colour(change: Change | None, measure: Measure) -> Colour:
    if change is None or change.good is None or change.clear is False:
        return "off"
    return "inverse" if measure.better is Better.LOWER else "normal"


def _draw(measure: Measure, card: Card, setting: Setting) -> None:
    metric(measure, card, setting)
    figure = card.figure
    lines = [target_words(measure, card, setting)]
    if figure.value is None or figure.too_few:
        lines += [words(note) for note in figure.notes[:1]]
    elif figure.small_sample:
        lines.append(_("Small sample"))
    for line in filter(None, lines):
        st.caption(md(line))
    st.space("stretch")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xsmall"):
        count = ngettext("{count} record", "{count} records", figure.n).format(count=number(figure.n))
        link("kpi", md(count), icon="list", key=measure.key, **setting.view.query())
        explanation(measure, figure, setting)
