"""A figure in pictures: how it went, and who or what makes it up. Every picture has its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import series
from crm_data.analytics.dimensions import Dimension
from crm_data.analytics.kpi import Kpi, Measure
from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables
from crm_data.charts.layout import CONFIG
from crm_data.charts.ranking import ranking_chart
from crm_data.charts.trend import trend_chart
from crm_data.vocabulary.terms import Terms
from pages.ui import address, analysis
from pages.ui.figures import of_view, value_words
from pages.ui.period_bar import View
from pages.ui.tables import Column, number_column, plain_table, text_column
from pages.ui.text import _, bucket, label, translated

NOBODY = "-"
_BARS = 11


def trend(actor: Actor, measure: Measure, view: View, terms: Terms) -> None:
    """Draw a figure over the period, beside the period it is compared with, and its table."""
    answer = analysis.load(
        lambda tables: _two_trends(of_view(measure, view.members), tables, view),
        actor=actor, key=("trend", measure.key, view.key), reads=analysis.reads(measure),
    )  # fmt: skip
    frame = _trend_frame(*answer.value, measure=measure, grain=view.period.grain, terms=terms)
    names = {"value": translated(measure.label), "previous": label(view.compare), "unfinished": _("Still running")}
    shown = {key: words for key, words in names.items() if key != "previous" or "previous" in frame.columns}
    if not frame["unfinished"].any():
        shown.pop("unfinished")
    title = _("{figure} {grain}").format(figure=translated(measure.label), grain=label(view.period.grain).lower())
    figure = trend_chart(
        frame, series=shown, title=title, empty=_("There is nothing to show in this period."),
        tick=lambda value: value_words(value, measure, terms),
        kind="bars" if isinstance(measure, Kpi) and measure.additive and not measure.stock else "line",
    )  # fmt: skip
    draw(figure, key=f"trend:{measure.key}")
    columns = [text_column("label", _("Period")), Column("text", translated(measure.label), right=True)]
    if "previous" in frame.columns:
        columns.append(Column("previous_text", label(view.compare), right=True))
    table(frame, columns=[*columns, number_column("n", _("Records"))], key=f"trend_table:{measure.key}")


def ranking(actor: Actor, measure: Measure, view: View, terms: Terms, *, by: str) -> str | None:
    """Draw a figure by the members of a dimension and its table; give the member that was clicked, as in an address."""
    dimension = series.dimension_of(measure, by)
    answer = analysis.load(
        lambda tables: series.breakdown(
            of_view(measure, view.members), tables, period=view.period, by=by, top=_BARS
        ),
        actor=actor, key=("ranking", measure.key, by, view.key), reads=analysis.reads(measure),
    )  # fmt: skip
    frame = member_words(answer.value, dimension).with_columns(
        pl.Series("text", [value_words(value, measure, terms) for value in answer.value["value"]], dtype=pl.String)
    )
    title = _("{figure} by {dimension}").format(
        figure=translated(measure.label), dimension=translated(dimension.label).lower()
    )
    figure = ranking_chart(
        frame, title=title, empty=_("There is nothing to show in this period."), other=_("All others"),
        tick=lambda value: value_words(value, measure, terms),
    )  # fmt: skip
    picked = draw(figure, key=f"ranking:{measure.key}:{by}:{view.key}", click=True)
    columns = [
        text_column("label", translated(dimension.label)),
        Column("text", translated(measure.label), right=True),
        number_column("n", _("Records")),
    ]
    table(frame, columns=columns, key=f"ranking_table:{measure.key}:{by}")
    return picked


def draw(figure: go.Figure, *, key: str, click: bool = False) -> str | None:
    """Draw a picture; with `click` give the id of the mark that was clicked in this run."""
    title = figure.layout.title.text or ""
    if not click:
        st.plotly_chart(figure, key=key, config=CONFIG, alt=title)
        return None
    event = st.plotly_chart(figure, key=key, config=CONFIG, alt=title, on_select="rerun", selection_mode="points")
    points = event["selection"]["points"] if event else []
    chosen = [data[0] for point in points if (data := point.get("customdata")) and data[0] is not None]
    return str(chosen[0]) if chosen else None


def table(frame: pl.DataFrame, *, columns: Sequence[Column], key: str) -> None:
    """Draw the table of a picture, folded."""
    with st.expander(_("Table"), icon=":material/table:"):
        plain_table(frame, columns=columns, key=key)


def dimension_choice(measure: Measure, *, key: str, usual: str = "") -> str | None:
    """Draw the choice of what a figure is broken down by, kept in the address; None where there is nothing."""
    offered = {dimension.key: translated(dimension.label) for dimension in measure.by}
    order = [name for name in dict.fromkeys([usual, *offered]) if name in offered]
    if not order:
        return None
    with st.container(width=220):
        return address.from_list(key, _("Broken down by"), {name: offered[name] for name in order})


def member_words(frame: pl.DataFrame, dimension: Dimension) -> pl.DataFrame:
    """Give the members of a breakdown the words people read, and ids as they stand in an address."""
    rows = list(frame.select("id", "label", "other").iter_rows())
    words = [_("All others") if other else member_name(name, dimension) for _id, name, other in rows]
    ids = [None if other else NOBODY if key is None else str(key) for key, _name, other in rows]
    return frame.with_columns(pl.Series("label", words, dtype=pl.String), pl.Series("id", ids, dtype=pl.String))


def member_name(name: Any, dimension: Dimension) -> str:
    """Give one member's name: words of a closed list and of the pipeline's stages in the reader's language."""
    if name is None:
        return _("Not stated")
    if dimension.vocabulary is not None:
        return label(dimension.vocabulary(name))
    return translated(str(name)) if dimension.names == "stages" else str(name)


def _two_trends(measure: Measure, tables: Tables, view: View) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    ask: Callable[[Period], pl.DataFrame] = lambda period: series.trend(  # noqa: E731 - said twice below
        measure, tables, period=period, grain=view.period.grain
    )
    return ask(view.period), ask(view.base) if view.base else None


def _trend_frame(
    now: pl.DataFrame, before: pl.DataFrame | None, *, measure: Measure, grain: str, terms: Terms
) -> pl.DataFrame:
    """Put the two beside each other, first bucket beside first bucket."""
    texts: Mapping[str, list[str]] = {
        "label": [bucket(day, grain=grain) for day in now["day"]],
        "text": [value_words(value, measure, terms) for value in now["value"]],
    }
    frame = now.with_columns(pl.Series(name, words, dtype=pl.String) for name, words in texts.items())
    if before is None:
        return frame
    values = [*before["value"].to_list(), *([None] * now.height)][: now.height]
    shown = [value_words(value, measure, terms) for value in values]
    return frame.with_columns(
        pl.Series("previous", values, dtype=before.schema["value"]), pl.Series("previous_text", shown, dtype=pl.String)
    )
