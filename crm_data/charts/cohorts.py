"""Who comes back? Each month's new customers and the share of them still buying months later."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.palette import TEXT


def cohort_chart(frame: pl.DataFrame, *, title: str, empty: str, x_title: str) -> go.Figure:
    """Draw a grid of cohorts (rows, in the frame's order) and months since the first purchase (columns).

    Columns: `label` (the cohort), `month` (0, 1, 2 …), `value` (fraction 0–1; null while the month is not over, left
    blank), `text`; optional `id` (of the cohort).
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    cohorts = frame["label"].unique(maintain_order=True).to_list()
    months = sorted(frame["month"].unique().to_list())
    at = {
        (label, month): row
        for row, (label, month) in enumerate(zip(layout.labels_of(frame), frame["month"], strict=True))
    }

    def grid(cells: list[Any]) -> list[list[Any]]:
        return [[cells[at[key]] if (key := (cohort, month)) in at else None for month in months] for cohort in cohorts]

    heat = go.Heatmap(
        z=grid(layout.column(frame, "value")), x=months, y=list(range(len(cohorts))), zmin=0, zmax=1, xgap=2, ygap=2,
        text=grid(layout.texts(frame, "text")), texttemplate="%{text}", showscale=False,
        hovertext=grid(layout.hovers(frame)),
        customdata=grid([[value] for value in layout.column(frame, "id")]), hoverinfo="text", hoverongaps=False,
    )  # fmt: skip
    figure = go.Figure(heat)
    figure.update_yaxes(**layout.label_axis(cohorts))
    figure.update_xaxes(
        dtick=1,
        tickfont={"color": TEXT},
        side="top",
        title={"text": layout.escaped(x_title), "font": {"size": 12, "color": TEXT}},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return layout.arrange(figure, title=title, height=len(cohorts) * layout.ROW_HEIGHT + 60)
