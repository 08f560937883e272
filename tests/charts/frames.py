"""One frame for every chart, with markup in its labels as people might type it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import plotly.graph_objects as go
import polars as pl

from crm_data.charts import campaigns, cohorts, composition, ranking, scores, stages, timeline, trend

EMPTY = "Nothing recorded in this period."
MARKUP = "<b>Smith</b> & Söhne"
Draw = Callable[[pl.DataFrame], go.Figure]


def rows(*values: float | None, **columns: list[object]) -> pl.DataFrame:
    """Give one row a value: labels with markup, texts, ids from 1."""
    data: dict[str, list[object]] = {
        "label": [MARKUP for _ in values],
        "value": list(values),
        "text": [f"{value} <i>€</i>" for value in values],
        "id": [index + 1 for index, _ in enumerate(values)],
        "day": [dt.date(2026, index + 1, 1) for index, _ in enumerate(values)],
        "month": [index for index, _ in enumerate(values)],
        "low": list(values),
        "high": list(values),
    }
    return pl.DataFrame(data | columns, strict=False)


def parts(*keys: str) -> pl.DataFrame:
    """Give two rows with one number and one text a key."""
    columns: dict[str, list[object]] = {key: [0.25, 0.5] for key in keys}
    return rows(3, 5, **columns, **{f"{key}_text": ["<u>a</u>", "b"] for key in keys}).drop("low", "high")


def named(*keys: str) -> dict[str, str]:
    return {key: f"<i>{key}</i>" for key in keys}


AGES = ("not_due", "to_30", "to_60", "to_90", "over_90")
SPREAD = ("detractors", "passives", "promoters")
MONEY = ("budget", "cost", "revenue")
DAYS = [dt.date(2026, 1, 1), dt.date(2026, 7, 1)]

CHARTS: dict[str, tuple[pl.DataFrame, Draw]] = {
    "trend": (rows(3, 5), lambda f: trend.trend_chart(f, series=named("value"), title=MARKUP, empty=EMPTY)),
    "trend bars": (
        rows(3, 5),
        lambda f: trend.trend_chart(f, series=named("value"), title=MARKUP, empty=EMPTY, kind="bars"),
    ),
    "ranking": (rows(3, 5), lambda f: ranking.ranking_chart(f, title=MARKUP, empty=EMPTY, other="Other")),
    "stages": (
        parts("amount", "weighted"),
        lambda f: stages.stage_chart(f, series=named("amount", "weighted"), title=MARKUP, empty=EMPTY),
    ),
    "ageing": (parts(*AGES), lambda f: composition.ageing_chart(f, series=named(*AGES), title=MARKUP, empty=EMPTY)),
    "nps": (parts(*SPREAD), lambda f: composition.nps_chart(f, series=named(*SPREAD), title=MARKUP, empty=EMPTY)),
    "share": (rows(3, 5), lambda f: composition.share_chart(f, title=MARKUP, empty=EMPTY, other="Other")),
    "score": (rows(3, 5), lambda f: scores.score_chart(f, title=MARKUP, empty=EMPTY)),
    "loyalty": (rows(30, 50), lambda f: scores.loyalty_chart(f, title=MARKUP, empty=EMPTY)),
    "campaign": (parts(*MONEY), lambda f: campaigns.campaign_chart(f, series=named(*MONEY), title=MARKUP, empty=EMPTY)),
    "funnel": (rows(30, 5), lambda f: campaigns.funnel_chart(f, title=MARKUP, empty=EMPTY)),
    "timeline": (
        rows(3, 5, first=DAYS, last=DAYS, group=["running", "finished"]),
        lambda f: timeline.timeline_chart(
            f,
            groups=named("running", "finished"),
            marks=dict.fromkeys(DAYS, MARKUP),
            today=DAYS[0],
            title=MARKUP,
            empty=EMPTY,
        ),
    ),
    "cohort": (rows(0.3, 0.5), lambda f: cohorts.cohort_chart(f, title=MARKUP, empty=EMPTY, x_title="Month")),
}
