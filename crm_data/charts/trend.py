"""How did it go? Figures over days, weeks or months, beside the period before and the target."""

from __future__ import annotations

from typing import Any, Literal

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.layout import Series, Tick
from crm_data.charts.palette import ACCENT, NEUTRAL, PREVIOUS, TARGET, TEXT

Kind = Literal["line", "bars", "stack"]
MOST_LABELS = 7
LABEL_ROOM = 46
_BAND = "rgba(11,130,138,0.18)"
_REFERENCES = {"previous": (PREVIOUS, "dash"), "target": (TARGET, "dot")}


def trend_chart(
    frame: pl.DataFrame, *, series: Series, title: str, empty: str, tick: Tick | None = None, kind: Kind = "line"
) -> go.Figure:
    """Draw one mark a bucket and series.

    Columns: `day` (date, first of the bucket), `label`, one number a key of `series` (key → name shown) and its
    formatted `<key>_text` (`text` for the key "value"); optional `id`, `unfinished` (bool), `low` and `high` (a band).
    The keys "previous" and "target" are drawn as dashed and dotted lines; "unfinished" only names the open bucket.
    """
    drawn = [key for key in layout.checked(series) if key in frame.columns and key != "unfinished"]
    if frame.is_empty() or not drawn:
        return layout.nothing(title=title, empty=empty)
    figure = go.Figure(_band(frame))
    main = [key for key in drawn if key not in _REFERENCES]
    color = ACCENT if len(main) == 1 else None
    figure.add_traces([(_line if kind == "line" else _bars)(frame, key, series, color) for key in main])
    figure.add_traces([_tail(frame, key, series) for key in main if kind == "line" and any(_open(frame))])
    figure.add_traces([_reference(frame, key, series) for key in drawn if key in _REFERENCES])
    figure.update_layout(barmode="stack" if kind == "stack" else "group")
    figure.update_xaxes(**_day_axis(frame)).update_yaxes(**layout.value_axis(_reach(frame, drawn, kind), tick=tick))
    return layout.arrange(figure, title=title, height=240)


def _text(key: str) -> str:
    return "text" if key == "value" else f"{key}_text"


def _name(series: Series, key: str) -> str:
    """Give the legend's entry; a picture of one series needs none, its title says it."""
    return layout.escaped(series[key]) if len(series) > 1 else ""


def _open(frame: pl.DataFrame) -> list[bool]:
    return [bool(flag) for flag in layout.column(frame, "unfinished")]


def _bars(frame: pl.DataFrame, key: str, series: Series, color: str | None) -> go.Bar:
    hatched = ["/" if flag else "" for flag in _open(frame)]
    marker = {"color": color, "pattern": {"shape": hatched, "fillmode": "replace"}, "line": {"width": 0}}
    return go.Bar(
        x=layout.column(frame, "day"), y=layout.column(frame, key), name=_name(series, key), marker=marker,
        **layout.marks(frame, text=_text(key), name=series[key]),
    )  # fmt: skip


def _line(frame: pl.DataFrame, key: str, series: Series, color: str | None) -> go.Scatter:
    """Give the line of the finished buckets; nulls leave a gap, for no value is not zero."""
    done = [None if flag else value for value, flag in zip(layout.column(frame, key), _open(frame), strict=True)]
    return go.Scatter(
        x=layout.column(frame, "day"), y=done, name=_name(series, key), mode="lines+markers",
        line={"color": color, "width": 2.5}, marker={"size": 6},
        **layout.marks(frame, text=_text(key), name=series[key]),
    )  # fmt: skip


def _tail(frame: pl.DataFrame, key: str, series: Series) -> go.Scatter:
    """Give the dotted way from the last finished bucket to the unfinished one."""
    flags = _open(frame)
    follows = [*flags[1:], False]
    tail = [
        value if flag or near else None
        for value, flag, near in zip(layout.column(frame, key), flags, follows, strict=True)
    ]
    return go.Scatter(
        x=layout.column(frame, "day"), y=tail, name=layout.escaped(series.get("unfinished", "")), mode="lines+markers",
        showlegend="unfinished" in series, line={"color": NEUTRAL, "width": 2, "dash": "dot"},
        marker={"size": [8 if flag else 0 for flag in flags], "symbol": "circle-open"},
        **layout.marks(frame, text=_text(key), name=series[key]),
    )  # fmt: skip


def _reference(frame: pl.DataFrame, key: str, series: Series) -> go.Scatter:
    color, dash = _REFERENCES[key]
    return go.Scatter(
        x=layout.column(frame, "day"), y=layout.column(frame, key), name=_name(series, key), mode="lines",
        line={"color": color, "width": 2, "dash": dash}, **layout.marks(frame, text=_text(key), name=series[key]),
    )  # fmt: skip


def _band(frame: pl.DataFrame) -> list[go.Scatter]:
    if not {"low", "high"} <= set(frame.columns):
        return []
    edge = go.Scatter(
        x=layout.column(frame, "day"), y=layout.column(frame, "high"), mode="lines", line={"width": 0},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    lower = go.Scatter(edge).update(y=layout.column(frame, "low"), fill="tonexty", fillcolor=_BAND)
    return [edge, lower]


def _day_axis(frame: pl.DataFrame) -> dict[str, Any]:
    """Give the time axis, labelled with the caller's words, as many as fit a phone, the last bucket always."""
    days, labels = layout.column(frame, "day"), layout.texts(frame, "label")
    longest = max(layout.width(label) for label in labels)
    step = -(-len(days) // max(2, min(MOST_LABELS, LABEL_ROOM // (longest + 2))))
    shown = sorted(range(len(days) - 1, -1, -step))
    return {
        "type": "date", "tickmode": "array", "tickvals": [days[index] for index in shown],
        "ticktext": [labels[index] for index in shown], "showgrid": False, "fixedrange": True, "tickangle": 0,
        "tickfont": {"color": TEXT},
    }  # fmt: skip


def _reach(frame: pl.DataFrame, drawn: list[str], kind: Kind) -> list[float | None]:
    """Give the values the axis must hold: for a stack the sums, also of what lies below zero."""
    keys = [*drawn, *(key for key in ("low", "high") if key in frame.columns)]
    single = [value for key in keys for value in layout.column(frame, key)]
    if kind != "stack":
        return single
    parts = [[value or 0 for value in row] for row in zip(*(layout.column(frame, key) for key in drawn), strict=True)]
    return [*single, *(sum(v for v in row if v > 0) for row in parts), *(sum(v for v in row if v < 0) for row in parts)]
