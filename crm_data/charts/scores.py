"""How sure is it? Scores with the range they may lie in, and the parts a loyalty index is made of."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.layout import Tick
from crm_data.charts.palette import ACCENT, NEUTRAL, TEXT

_TRACK = "rgba(127,140,155,0.18)"


def score_chart(
    frame: pl.DataFrame, *, title: str, empty: str, tick: Tick | None = None, span: tuple[float, float] | None = None
) -> go.Figure:
    """Draw each row's score as a point and its interval as a line through it.

    Columns: `label`, `value`, `low`, `high` (all in the score's unit, null where unknown), `text`; optional `id`, and
    `reliable` (bool; a small sample is drawn grey and hollow). `span` is the scale's two ends, e.g. (-100, 100).
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    flags = [flag is not False for flag in layout.column(frame, "reliable")]
    figure = go.Figure([_interval(frame), _points(frame, flags)])
    figure.update_yaxes(**layout.label_axis(layout.labels_of(frame))).update_xaxes(**_scale(frame, span, tick))
    return layout.arrange(figure, title=title, height=frame.height * layout.ROW_HEIGHT + 40)


def loyalty_chart(frame: pl.DataFrame, *, title: str, empty: str) -> go.Figure:
    """Draw each part of a loyalty index as a bar on a track from 0 to 100.

    Columns: `label`, `value` (0–100, null where unknown), `text`; optional `id`.
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    rows = list(range(frame.height))
    track = go.Bar(
        x=[100] * frame.height, y=rows, orientation="h", marker={"color": _TRACK}, hoverinfo="skip", width=0.5
    )
    bars = go.Bar(
        x=layout.column(frame, "value"), y=rows, orientation="h", width=0.5,
        marker={"color": ACCENT, "line": {"width": 0}}, **layout.marks(frame),
    )  # fmt: skip
    values = go.Scatter(
        x=[102] * frame.height, y=rows, mode="text", text=layout.texts(frame, "text"), textposition="middle right",
        hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    figure = go.Figure([track, bars, values])
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(**layout.label_axis(layout.labels_of(frame)))
    figure.update_xaxes(range=[0, 118], visible=False, fixedrange=True)
    return layout.arrange(figure, title=title, height=frame.height * layout.ROW_HEIGHT + 12)


def _interval(frame: pl.DataFrame) -> go.Scatter:
    """Give one line of all intervals, broken by nulls: one trace instead of an error bar a point."""
    ends = zip(layout.column(frame, "low"), layout.column(frame, "high"), strict=True)
    x = [end for low, high in ends for end in (low, high, None)]
    y = [position for row in range(frame.height) for position in (row, row, None)]
    return go.Scatter(x=x, y=y, mode="lines", line={"color": NEUTRAL, "width": 3}, hoverinfo="skip")


def _points(frame: pl.DataFrame, flags: list[bool]) -> go.Scatter:
    return go.Scatter(
        x=layout.column(frame, "value"), y=list(range(frame.height)), mode="markers+text",
        marker={
            "size": 12, "color": [ACCENT if flag else NEUTRAL for flag in flags],
            "symbol": ["circle" if flag else "circle-open" for flag in flags],
        },
        text=layout.texts(frame, "text"), textposition="top center", cliponaxis=False,
        **layout.marks(frame),
    )  # fmt: skip


def _scale(frame: pl.DataFrame, span: tuple[float, float] | None, tick: Tick | None) -> dict[str, Any]:
    known = [value for name in ("value", "low", "high") for value in layout.column(frame, name) if value is not None]
    low, high = span or (min([0.0, *known]), max([0.0, *known]))
    ticks = [position for position in layout.nice_ticks(low, high) if not span or low <= position <= high]
    axis: dict[str, Any] = {"range": [low, high] if span else [ticks[0], ticks[-1]], "tickvals": ticks}
    axis |= {"tickfont": {"color": TEXT}}
    axis |= {"showgrid": True, "zeroline": True, "fixedrange": True}
    return axis | ({"ticktext": [tick(position) for position in ticks]} if tick else {})
