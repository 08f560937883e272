"""When does what run? Campaigns and other stretches of days on one time axis, with today marked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.palette import ACCENT, BAD, NEUTRAL, OUTCOMES, TARGET, TEXT

_DAY_MS = 86_400_000
# The same state has the same colour wherever stretches are drawn.
COLORS = {"planned": OUTCOMES["open"], "approved": TARGET, "running": ACCENT, "finished": NEUTRAL, "cancelled": BAD}


def timeline_chart(
    frame: pl.DataFrame, *, groups: Mapping[str, str], marks: Mapping[date, str], today: date, title: str, empty: str
) -> go.Figure:
    """Draw one bar a row from its first to its last day, coloured by its group.

    Columns: `label`, `first`, `last` (dates), `group` (a key of `groups`), `text` (for the pointer); optional `id`.
    `groups` gives the groups' names (key → name shown), `marks` the days on the axis with their words: it reaches from
    the first of them to the last.
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    figure = go.Figure([_bars(frame, group, name) for group, name in groups.items()])
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(**layout.label_axis(layout.labels_of(frame)))
    first, last = min(marks), max(marks)
    figure.update_xaxes(
        type="date", range=[first, last], showgrid=True, fixedrange=True, tickfont={"color": TEXT}, tickangle=0,
        tickmode="array", tickvals=list(marks), ticktext=[layout.escaped(words) for words in marks.values()],
    )  # fmt: skip
    if first <= today <= last:
        figure.add_vline(x=today, line={"color": BAD, "width": 2, "dash": "dot"})
    return layout.arrange(figure, title=title, height=frame.height * layout.ROW_HEIGHT + 40)


def _bars(frame: pl.DataFrame, group: str, name: str) -> go.Bar:
    rows = frame.with_row_index("row").filter(pl.col("group") == group)
    days = (rows["last"] - rows["first"]).dt.total_days()
    return go.Bar(
        x=[(count + 1) * _DAY_MS for count in days], base=rows["first"].to_list(), y=rows["row"].to_list(),
        orientation="h", name=layout.escaped(name), width=0.6,
        marker={"color": COLORS.get(group, NEUTRAL), "line": {"width": 0}},
        **layout.marks(rows),
    )  # fmt: skip
