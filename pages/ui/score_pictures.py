"""How sure are the scores? Each with its limits, and by parts of the customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import series
from crm_data.analytics.kpi import Kpi, Measure
from crm_data.charts.scores import score_chart
from crm_data.vocabulary import Unit
from crm_data.vocabulary.terms import Terms
from pages.ui import analysis
from pages.ui.figures import Card, of_view, value_words
from pages.ui.period_bar import View
from pages.ui.pictures import draw, member_words, table
from pages.ui.tables import Column, number_column, text_column
from pages.ui.text import _, md, number, translated

_MOST = 20
_SPANS = {Unit.POINTS: (-100.0, 100.0), Unit.PERCENT: (0.0, 1.0), Unit.SCALE: (1.0, 7.0), Unit.SCORE: (0.0, 100.0)}
# What a score is told apart by here; single customers and surveys are lists, not segments.
_NOT_SEGMENTS = {"customer", "survey"}


def limits_line(measures: Sequence[Measure], found: Mapping[str, Card], terms: Terms) -> None:
    """Say between which limits each score lies and how many answers it rests on."""
    said = []
    for measure in measures:
        figure = found[measure.key].figure
        if figure.value is None or figure.low is None or figure.high is None:
            continue
        sentence = _("{figure}: {low} to {high}, {n} cases")
        low, high = (value_words(end, measure, terms) for end in (figure.low, figure.high))
        said.append(
            sentence.format(figure=translated(measure.label), low=low, high=high, n=number(figure.n))
        )  # fmt: skip
    if said:
        st.caption(md(_("In 95 of 100 cases the true value lies within: {limits}.").format(limits="; ".join(said))))


def segment_choice(measure: Kpi) -> str:
    """Draw the choice of the field that tells the segments apart."""
    offered = {each.key: translated(each.label) for each in measure.by if each.key not in _NOT_SEGMENTS}
    first = "region" if "region" in offered else next(iter(offered))
    order = [first, *(key for key in offered if key != first)]
    picked = st.selectbox(_("Segments"), order, key="by", bind="query-params", width=240,
                          format_func=lambda key: offered.get(key, key))  # fmt: skip
    return picked if picked in offered else first


def segments(actor: Actor, measure: Kpi, view: View, terms: Terms, *, by: str) -> None:
    """Draw a score by segment with its limits; small samples are grey and hollow."""
    dimension = series.dimension_of(measure, by)
    answer = analysis.load(
        lambda tables: series.breakdown(of_view(measure, view.members), tables, period=view.period, by=by, top=_MOST),
        actor=actor, key=("segments", measure.key, by, view.key), reads=analysis.reads(measure),
    )  # fmt: skip
    frame = member_words(answer.value, dimension)
    values = [value_words(value, measure, terms) for value in frame["value"]]
    counts = [number(count) for count in frame["n"]]
    texts = [_("{value} (n = {n})").format(value=value, n=n) for value, n in zip(values, counts, strict=True)]
    small = ["" if reliable else _("Small sample") for reliable in frame["reliable"]]
    limits = [
        "" if low is None else _("{low} to {high}").format(low=value_words(low, measure, terms),
                                                           high=value_words(high, measure, terms))
        for low, high in frame.select("low", "high").iter_rows()
    ]  # fmt: skip
    shown = frame.with_columns(
        pl.Series("value_words", values, dtype=pl.String), pl.Series("text", texts, dtype=pl.String),
        pl.Series("limits", limits, dtype=pl.String), pl.Series("small", small, dtype=pl.String),
    )  # fmt: skip
    title = _("{figure} by {dimension}").format(
        figure=translated(measure.label), dimension=translated(dimension.label).lower()
    )
    figure = score_chart(
        shown, title=title, empty=_("There is nothing to show in this period."),
        tick=lambda value: value_words(value, measure, terms), span=_SPANS.get(measure.unit),
    )  # fmt: skip
    draw(figure, key=f"segments:{measure.key}:{by}")
    st.caption(_("The line is where the true value lies in 95 of 100 cases. Hollow grey points rest on few answers."))
    columns = [
        text_column("label", translated(dimension.label)),
        Column("value_words", translated(measure.label), right=True),
        Column("limits", _("Limits"), right=True),
        number_column("n", _("Answers")),
        text_column("small", _("Note")),
    ]
    table(shown, columns=columns, key=f"segments_table:{measure.key}:{by}")
