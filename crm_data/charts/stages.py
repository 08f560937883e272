"""What is in the pipeline? Count, amount and weighted amount of every stage."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import layout
from crm_data.charts.layout import Series, Tick
from crm_data.charts.palette import STAGE

_WIDTHS = {"amount": 0.62, "weighted": 0.3}


def stage_chart(frame: pl.DataFrame, *, series: Series, title: str, empty: str, tick: Tick | None = None) -> go.Figure:
    """Draw each stage as a pale bar, its amount, with the weighted amount as a dark bar in it.

    Columns: `label`, `amount`, `amount_text`, `weighted`, `weighted_text`; optional `count_text` (put beside the
    name) and `id`. `series` names "amount" and "weighted".
    """
    if frame.is_empty():
        return layout.nothing(title=title, empty=empty)
    figure = go.Figure([_bars(frame, key, layout.checked(series)) for key in _WIDTHS if key in series])
    counts = layout.texts(frame, "count_text")
    labels = [
        f"{label} · {count}" if count else label for label, count in zip(layout.labels_of(frame), counts, strict=True)
    ]
    figure.update_yaxes(**layout.label_axis(labels))
    figure.update_xaxes(**layout.value_axis(layout.column(frame, "amount"), tick=tick, room=0.22), showticklabels=False)
    figure.update_layout(barmode="overlay")
    return layout.arrange(figure, title=title, height=frame.height * (layout.ROW_HEIGHT + 6) + 20)


def _bars(frame: pl.DataFrame, key: str, series: Series) -> go.Bar:
    return go.Bar(
        **layout.rows(frame, key), width=_WIDTHS[key],
        name=layout.escaped(series[key]), marker={"color": STAGE[key], "line": {"width": 0}},
        text=layout.texts(frame, "amount_text") if key == "amount" else None, **layout.OUTSIDE,
        **layout.marks(frame, text=f"{key}_text", name=series[key]),
    )  # fmt: skip
