"""Who leads? Names and their figures, longest bar first, the many small ones in one last row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.layout import Tick
from crm_data.charts.palette import ACCENT, BAD, NEUTRAL


def fold(frame: pl.DataFrame, *, keep: int, other: str, text: Callable[[float], str] | None = None) -> pl.DataFrame:
    """Keep the first rows and add the others up in one last row.

    Columns: `label`, `value`, `text`, `id` (null in the last row), `other` (true in the last row). `text` formats the
    sum; without it the last row has no text. A frame that fits is given back as it is.
    """
    if frame.height <= keep:
        return frame
    rest: Any = frame.slice(keep)["value"].sum()
    row = {"label": other, "value": rest, "text": text(rest) if text else "", "id": None, "other": True}
    head = frame.head(keep).with_columns(other=pl.lit(False))
    kept = [name for name in row if name in head.columns]
    last = pl.DataFrame({name: [row[name]] for name in kept}, schema={name: head.schema[name] for name in kept})
    return pl.concat([head.select(kept), last])


def ranking_chart(
    frame: pl.DataFrame, *, title: str, empty: str, other: str, tick: Tick | None = None, at_most: int = 12
) -> go.Figure:
    """Draw one horizontal bar a row, in the frame's order, from zero.

    Columns: `label`, `value`, `text`; optional `id`, `other` (bool, drawn grey). Rows beyond `at_most` are
    added up in a row called `other`, formatted by `tick`.
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    rows = frame if frame.height <= at_most else fold(frame, keep=at_most - 1, other=other, text=tick)
    values = layout.column(rows, "value")
    colors = [_color(value, folded) for value, folded in zip(values, layout.column(rows, "other"), strict=True)]
    bars = go.Bar(
        **layout.rows(rows), marker={"color": colors, "line": {"width": 0}},
        text=layout.texts(rows, "text"), **layout.OUTSIDE,
        **layout.marks(rows),
    )  # fmt: skip
    figure = go.Figure(bars)
    figure.update_yaxes(**layout.label_axis(layout.labels_of(rows)))
    figure.update_xaxes(**layout.value_axis(values, tick=tick, room=0.22), showticklabels=False)
    return layout.arrange(figure, title=title, height=rows.height * layout.ROW_HEIGHT + 20)


def _color(value: float | None, folded: object) -> str:
    if folded:
        return NEUTRAL
    return BAD if value is not None and value < 0 else ACCENT
