"""Figures about loyalty: how loyal customers are, and what the points they hold would cost."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.dimensions import EVERYBODY, Dimension, by_column
from crm_data.analytics.kpi import Counting, Kpi
from crm_data.analytics.loyalty import INDEX_NEEDS, POINTS_NEEDS, LoyaltyKind, loyalty_rows, point_rows
from crm_data.analytics.statistics import t_limits
from crm_data.vocabulary import N_, Better, Unit

_EVENING = N_("State on the evening of the period's last day, or today while it runs")
_BY = (*EVERYBODY[:2], *EVERYBODY[3:])
LOYALTY_KIND = Dimension(
    key="loyalty_kind", label=N_("Kind of loyalty"), attach=by_column("loyalty_kind"), vocabulary=LoyaltyKind
)
POINTS_TIER = Dimension(key="points_tier", label=N_("Tier by points"), attach=by_column("tier"))

LOYALTY_INDEX = Kpi(
    key="loyalty_index",
    label=N_("Loyalty index"),
    meaning=N_(
        "How loyal the customers that ever bought are, from 0 to 100: repeat purchases, recency, tenure, bought "
        "categories, payment and the last recommendation, by the weights of the settings. What cannot be measured of a "
        "customer drops out."
    ),
    formula=N_("Mean over customers of the weighted mean of their parts"),
    unit=Unit.SCORE,
    better=Better.HIGHER,
    day=_EVENING,
    needs=INDEX_NEEDS,
    rows=loyalty_rows,
    value=pl.col("index").mean(),
    n=pl.col("index").count(),
    tally={
        "behaviour": pl.col("behaviour").mean().round(0).cast(pl.Int64),
        "attitude": pl.col("attitude").mean().round(0).cast(pl.Int64),
        "answers": pl.col("attitude").count(),
    },
    limits=t_limits(pl.col("index")),
    counting=Counting.STOCK,
    by=(LOYALTY_KIND, *_BY),
    empty=N_("No customer has bought anything yet."),
)

POINTS_LIABILITY = Kpi(
    key="points_liability",
    label=N_("Value of open points"),
    meaning=N_("What the points that customers hold and may still spend would cost us; expired points are not in it."),
    formula=N_("Sum of balances × value of a point"),
    unit=Unit.MONEY,
    better=Better.NEITHER,
    day=_EVENING,
    needs=POINTS_NEEDS,
    rows=point_rows,
    value=pl.col("worth").sum(),
    tally={"points": pl.col("balance").sum()},
    counting=Counting.STOCK,
    additive=True,
    by=(POINTS_TIER, *_BY),
)

FIGURES = (LOYALTY_INDEX, POINTS_LIABILITY)
