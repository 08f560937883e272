"""What every picture shares: quiet axes, readable labels, an honest zero, a sentence for nothing."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from crm_data.charts.palette import MOST_SERIES, TEXT

Tick = Callable[[float], str]
Series = Mapping[str, str]

# For st.plotly_chart(config=…): no tool bar, no zooming by accident while a phone is scrolled.
CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False, "responsive": True, "doubleClick": False}

ROW_HEIGHT = 34
LABEL_WIDTH = 22
# The value beside its bar, never squeezed or cut.
OUTSIDE: dict[str, Any] = {"textposition": "outside", "cliponaxis": False, "constraintext": "none"}

TRANSPARENT = "rgba(0,0,0,0)"


def checked(series: Series) -> Series:
    """Give the series back if a person can tell that many apart; raise ValueError above seven."""
    if len(series) > MOST_SERIES:
        raise ValueError(f"{len(series)} series on one picture; fold all but {MOST_SERIES - 1} into one.")
    return series


def escaped(words: str) -> str:
    """Give words that Plotly shows as they are: it would read `<b>` and `<a>` in them as markup."""
    return html.escape(words, quote=False)


def column(frame: pl.DataFrame, name: str) -> list[Any]:
    """Give a column's values, or as many Nones if the frame does not carry it."""
    return frame[name].to_list() if name in frame.columns else [None] * frame.height


def texts(frame: pl.DataFrame, name: str) -> list[str]:
    """Give a column of people's words safe for Plotly, which reads markup: shown verbatim, null as nothing."""
    return ["" if value is None else escaped(str(value)) for value in column(frame, name)]


def width(label: str) -> int:
    """Give the room a label takes, in Latin characters: a Chinese one counts as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in label)


def short(label: str) -> str:
    """Cut a label to the room beside an axis."""
    if width(label) <= LABEL_WIDTH:
        return label
    kept = max(end for end in range(len(label)) if width(label[:end]) < LABEL_WIDTH)
    return label[:kept].rstrip() + "…"


def ids(frame: pl.DataFrame) -> list[list[Any]]:
    """Give the customdata of each row: its id, or None where a click leads nowhere."""
    return [[value] for value in column(frame, "id")]


def hovers(frame: pl.DataFrame, *, text: str = "text", name: str = "") -> list[str]:
    """Give each row's hover text: its whole label, then the formatted value with the series' name before it."""
    lead = f"{escaped(name)}: " if name else ""
    rows = zip(texts(frame, "label"), texts(frame, text), strict=True)
    return [f"<b>{label}</b><br>{lead}{value}" for label, value in rows]


def marks(frame: pl.DataFrame, *, text: str = "text", name: str = "") -> dict[str, Any]:
    """Give what every mark carries: the id a click leads to, and the text shown when the pointer rests on it."""
    return {"customdata": ids(frame), "hovertext": hovers(frame, text=text, name=name), "hoverinfo": "text"}


def nice_ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Give round positions from below `low` to above `high`, about four steps of 1, 2 or 5 times a power of ten.

    `whole` makes no step smaller than 1: half a customer is no position on an axis.
    """
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = max((high - low) / 4, 1.0 if whole else 0.0)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(position * step, 10) for position in range(first, last + 1)]


def value_axis(values: Sequence[float | None], *, tick: Tick | None, room: float = 0.0) -> dict[str, Any]:
    """Give an axis from zero with formatted ticks, and `room` (a share) beyond the longest bar for its text.

    Bars with room carry their value as text, so that the grid behind them would only be noise.
    """
    known = [float(value) for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    ticks = nice_ticks(low, high, whole=all(isinstance(value, int) for value in values if value is not None))
    reach = (ticks[-1] - ticks[0]) * room
    span = [ticks[0] - (reach if low < 0 else 0), max(ticks[-1], high + reach) if room else ticks[-1]]
    axis: dict[str, Any] = {
        "range": span,
        "zeroline": True,
        "showgrid": not room,
        "fixedrange": True,
        "tickvals": ticks,
        "tickfont": {"color": TEXT},
    }
    return axis | ({"ticktext": [escaped(tick(position)) for position in ticks]} if tick else {})


def label_axis(labels: Sequence[str]) -> dict[str, Any]:
    """Give a vertical axis of names, first on top; by position, so that two customers of one name stay two bars."""
    return {
        "tickfont": {"color": TEXT},
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": [escaped(short(label)) for label in labels],
        "range": [len(labels) - 0.5, -0.5],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }


def lengths(frame: pl.DataFrame, name: str = "value") -> list[float]:
    """Give the lengths of bars that carry their value as text: null has none, and its text says that it is not zero."""
    return [value or 0 for value in column(frame, name)]


def rows(frame: pl.DataFrame, key: str = "value") -> dict[str, Any]:
    """Give the geometry of horizontal bars, one a row, by position."""
    return {"x": lengths(frame, key), "y": list(range(frame.height)), "orientation": "h"}


def labels_of(frame: pl.DataFrame) -> list[str]:
    """Give the labels as they are, unescaped, for axes that shorten them first."""
    return ["" if label is None else str(label) for label in column(frame, "label")]


def arrange(figure: go.Figure, *, title: str, height: int) -> go.Figure:
    """Give the figure the house's look; colours of text, grid and background are the theme's.

    The legend, shown where traces have names, stands between title and plot; its lines are estimated for a phone.
    """
    names = [trace.name for trace in figure.data if trace.name and trace.showlegend is not False]
    abreast = max(1, 300 // (max(map(width, names), default=0) * 6 + 50))
    lines = -(-len(names) // abreast)
    top = (36 if title else 8) + lines * 20
    figure.update_layout(
        font={"color": TEXT},
        title={"text": escaped(title), "x": 0, "xref": "container", "y": 1, "yanchor": "top", "pad": {"t": 6, "l": 2}},
        height=height + top,
        margin={"l": 8, "r": 28, "t": top, "b": 8},
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        hovermode="closest",
        dragmode=False,
        showlegend=bool(names),
        legend={
            "orientation": "h", "maxheight": 400, "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom",
            "itemclick": False, "itemdoubleclick": False, "traceorder": "normal",
        },
        bargap=0.35,
    )  # fmt: skip
    return figure


def nothing(*, title: str, empty: str) -> go.Figure:
    """Give the picture of nothing: one sentence in the middle, no axes."""
    figure = go.Figure()
    figure.update_xaxes(visible=False).update_yaxes(visible=False)
    figure.add_annotation(
        text=escaped(empty), x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False,
    )  # fmt: skip
    return arrange(figure, title=title, height=120)
