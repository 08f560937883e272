"""What is it made of? Parts of a whole: shares, ages of open bills, and how far apart the answers lie."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.layout import Series, Tick
from crm_data.charts.palette import AGEING, MOST_SERIES, NPS, ink
from crm_data.charts.ranking import fold

# A thin transparent edge parts the segments without naming a background colour.
_EDGE = {"color": "rgba(127,127,127,0.35)", "width": 1}
_INSIDE = {"textposition": "inside", "textangle": 0, "insidetextanchor": "middle"}


def ageing_chart(frame: pl.DataFrame, *, series: Series, title: str, empty: str, tick: Tick | None = None) -> go.Figure:
    """Draw one stacked bar a row, cut by how long the money has been due.

    Columns: `label`, and `not_due`, `to_30`, `to_60`, `to_90`, `over_90`, each with its `<key>_text`; optional `id`.
    `series` gives the buckets' names in that order.
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    figure = go.Figure(_segments(frame, layout.checked(series), AGEING))
    totals = [
        sum(value or 0 for value in row) for row in zip(*(layout.column(frame, key) for key in series), strict=True)
    ]
    return _stacked(figure, frame, title=title, axis=layout.value_axis(totals, tick=tick))


def nps_chart(frame: pl.DataFrame, *, series: Series, title: str, empty: str) -> go.Figure:
    """Draw detractors, passives and promoters of each row as shares of one.

    Columns: `label`, and `detractors`, `passives`, `promoters` (fractions of 1), each with its `<key>_text`;
    optional `id`. `series` gives the three names.
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    ordered = {key: series[key] for key in NPS if key in series}
    figure = go.Figure(_segments(frame, ordered, NPS))
    return _stacked(figure, frame, title=title, axis={"range": [0, 1], "showticklabels": False, "fixedrange": True})


def share_chart(frame: pl.DataFrame, *, title: str, empty: str, other: str) -> go.Figure:
    """Draw one bar of the whole, cut into at most seven parts; what is beyond becomes one part called `other`.

    The legend carries the texts: a narrow part has no room for its own.

    Columns: `label`, `value`, `text`; optional `id`.
    """
    if frame.is_empty() or not frame["value"].sum():
        return layout.nothing(title=title, empty=empty)
    rows = frame if frame.height <= MOST_SERIES else fold(frame, keep=MOST_SERIES - 1, other=other)
    names, values = layout.texts(rows, "label"), layout.column(rows, "value")
    legend = [
        f"{name} · {text}" if text else name for name, text in zip(names, layout.texts(rows, "text"), strict=True)
    ]
    points = zip(legend, values, layout.hovers(rows), layout.ids(rows), strict=True)
    figure = go.Figure([
        go.Bar(
            x=[value], y=[0], orientation="h", name=name, customdata=[record], hovertext=[hover], hoverinfo="text",
            marker={"line": _EDGE},
        )
        for name, value, hover, record in points
    ])  # fmt: skip
    figure.update_layout(barmode="stack", barnorm="fraction")
    figure.update_yaxes(visible=False, fixedrange=True).update_xaxes(visible=False, fixedrange=True, range=[0, 1])
    return layout.arrange(figure, title=title, height=layout.ROW_HEIGHT + 16)


def _segments(frame: pl.DataFrame, series: Series, colors: Mapping[str, str]) -> list[go.Bar]:
    return [
        go.Bar(
            **layout.rows(frame, key), name=layout.escaped(name),
            marker={"color": colors[key], "line": _EDGE}, insidetextfont={"color": ink(colors[key])},
            text=layout.texts(frame, f"{key}_text"),
            **_INSIDE, **layout.marks(frame, text=f"{key}_text", name=name),
        )
        for key, name in series.items()
    ]  # fmt: skip


def _stacked(figure: go.Figure, frame: pl.DataFrame, *, title: str, axis: dict[str, object]) -> go.Figure:
    figure.update_layout(barmode="stack", uniformtext={"mode": "hide", "minsize": 10})
    figure.update_yaxes(**layout.label_axis(layout.labels_of(frame))).update_xaxes(**axis)
    return layout.arrange(figure, title=title, height=frame.height * (layout.ROW_HEIGHT + 4) + 40)
