"""What did the campaign bring? Money planned, spent and earned, and how far its members came."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.layout import Series, Tick
from crm_data.charts.palette import ACCENT, CAMPAIGN


def campaign_chart(
    frame: pl.DataFrame, *, series: Series, title: str, empty: str, tick: Tick | None = None
) -> go.Figure:
    """Draw budget, cost and revenue of each campaign side by side, from zero.

    Columns: `label`, and `budget`, `cost`, `revenue`, each with its `<key>_text`; optional `id`.
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    keys = [key for key in CAMPAIGN if key in layout.checked(series)]
    figure = go.Figure([
        go.Bar(
            **layout.rows(frame, key), name=layout.escaped(series[key]),
            marker={"color": CAMPAIGN[key], "line": {"width": 0}}, text=layout.texts(frame, f"{key}_text"),
            **layout.OUTSIDE,
            **layout.marks(frame, text=f"{key}_text", name=series[key]),
        )
        for key in keys
    ])  # fmt: skip
    values = [value for key in keys for value in layout.column(frame, key)]
    figure.update_yaxes(**layout.label_axis(layout.labels_of(frame)))
    figure.update_xaxes(**layout.value_axis(values, tick=tick, room=0.2), showticklabels=False)
    figure.update_layout(barmode="group")
    return layout.arrange(figure, title=title, height=frame.height * len(keys) * 26 + 20)


def funnel_chart(frame: pl.DataFrame, *, title: str, empty: str) -> go.Figure:
    """Draw how many reached each step, first step on top, all from zero.

    Columns: `label`, `value` (a count), `text` (the count and its share of the step before); optional `id`.
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    values = layout.column(frame, "value")
    figure = go.Figure(
        go.Bar(
            **layout.rows(frame), marker={"color": ACCENT, "line": {"width": 0}},
            text=layout.texts(frame, "text"), **layout.OUTSIDE,
            **layout.marks(frame),
        )
    )  # fmt: skip
    figure.update_layout(bargap=0.12)
    figure.update_yaxes(**layout.label_axis(layout.labels_of(frame)))
    figure.update_xaxes(**layout.value_axis(values, tick=None, room=0.25), visible=False)
    return layout.arrange(figure, title=title, height=frame.height * layout.ROW_HEIGHT + 12)
