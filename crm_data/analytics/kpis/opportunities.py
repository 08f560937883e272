"""Figures about opportunities that were closed: how many were won, what they brought, how long it took."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.dimensions import EVERYBODY, LOST_REASON
from crm_data.analytics.kpi import UNCONVERTIBLE, Kpi, Remark, ratio, whole
from crm_data.analytics.periods import Period
from crm_data.analytics.statistics import median_limits, wilson
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import N_, Better, LostReason, StageKind, Unit

_CLOSED = ("opportunities", "exchange_rates")
_WON = pl.col("outcome") == StageKind.WON
CLOSING_DAY = N_("Closing day")
_NOT_REAL = [LostReason.DUPLICATE.value, LostReason.DISQUALIFIED.value]
WITHOUT_AMOUNT = Remark(
    (pl.col("amount").is_null() & ~pl.col("unconvertible")).sum(), N_("Records without an amount, left out: {count}.")
)


def closed_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the opportunities won or lost in a period, by closing day.

    Columns: the standard ones, outcome, lost_reason, stage_id, amount (minor units of the base currency, at the closing
    day's rate), unconvertible, cycle_days (closing day − opening day; null where it would be negative), backwards.
    """
    closed = tables["opportunities"].filter(
        pl.col("outcome") != StageKind.OPEN, pl.col("closed_on") >= period.start, pl.col("closed_on") < period.end
    )
    days = (pl.col("closed_on") - pl.col("opened_on")).dt.total_days()
    rows = closed.select(
        pl.lit("opportunities").alias("kind"),
        *("id", "customer_id", "owner_id", pl.col("closed_on").alias("day")),
        *("outcome", "lost_reason", "stage_id", "amount", "currency"),
        pl.when(days >= 0).then(days).alias("cycle_days"),
        (days < 0).alias("backwards"),
    )
    return tables.in_base(rows)


def _won(tables: Tables, period: Period) -> pl.LazyFrame:
    return closed_rows(tables, period).filter(_WON)


def _lost(tables: Tables, period: Period) -> pl.LazyFrame:
    return closed_rows(tables, period).filter(~_WON)


def _decided(tables: Tables, period: Period) -> pl.LazyFrame:
    return closed_rows(tables, period).filter(~pl.col("lost_reason").is_in(_NOT_REAL).fill_null(value=False) | _WON)


WON_AMOUNT = Kpi(
    key="won_amount",
    label=N_("Won amount"),
    meaning=N_(
        "What the opportunities won in the period are worth. Lost ones are never in it, and editing an old win does "
        "not move it to another period."
    ),
    formula=N_("Sum of the amounts of opportunities won"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=CLOSING_DAY,
    needs=_CLOSED,
    rows=_won,
    value=pl.col("amount").sum(),
    additive=True,
    by=EVERYBODY,
    remarks=(UNCONVERTIBLE, WITHOUT_AMOUNT),
)

LOST_AMOUNT = Kpi(
    key="lost_amount",
    label=N_("Lost amount"),
    meaning=N_("What the opportunities lost in the period would have been worth, duplicates included."),
    formula=N_("Sum of the amounts of opportunities lost"),
    unit=Unit.MONEY,
    better=Better.LOWER,
    day=CLOSING_DAY,
    needs=_CLOSED,
    rows=_lost,
    value=pl.col("amount").sum(),
    additive=True,
    by=(*EVERYBODY, LOST_REASON),
    remarks=(UNCONVERTIBLE, WITHOUT_AMOUNT),
)

WIN_RATE = Kpi(
    key="win_rate",
    label=N_("Win rate"),
    meaning=N_(
        "The share of opportunities closed in the period that were won. What turned out to be a duplicate or no real "
        "opportunity counts on neither side."
    ),
    formula=N_("Won / (won + lost)"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=CLOSING_DAY,
    needs=_CLOSED,
    rows=_decided,
    value=_WON.mean(),
    min_n=20,
    tally={"won": _WON.sum(), "lost": (~_WON).sum()},
    few=N_("{won} of {n} closed opportunities were won."),
    limits=wilson(_WON.sum(), pl.len()),
    by=EVERYBODY,
    empty=N_("No opportunity was closed in this period."),
)

WIN_RATE_VALUE = Kpi(
    key="win_rate_value",
    label=N_("Win rate by value"),
    meaning=N_("The share of the money in opportunities closed in the period that was won; those without are out."),
    formula=N_("Won amount / (won + lost amount)"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=CLOSING_DAY,
    needs=_CLOSED,
    rows=_decided,
    value=ratio(pl.col("amount").filter(_WON).sum(), pl.col("amount").sum()),
    n=pl.col("amount").count(),
    by=EVERYBODY,
    remarks=(UNCONVERTIBLE, WITHOUT_AMOUNT),
    empty=N_("No opportunity with an amount was closed in this period."),
)

AVERAGE_DEAL = Kpi(
    key="average_deal",
    label=N_("Average won amount"),
    meaning=N_("What an opportunity won in the period is worth on average; the median stands beside it."),
    formula=N_("Won amount / opportunities won"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=CLOSING_DAY,
    needs=_CLOSED,
    rows=_won,
    value=whole(pl.col("amount").mean()),
    n=pl.col("amount").count(),
    tally={"median": whole(pl.col("amount").median())},
    by=EVERYBODY,
    remarks=(
        UNCONVERTIBLE,
        WITHOUT_AMOUNT,
        Remark((pl.col("amount") == 0).sum(), N_("Won with an amount of zero: {count}.")),
    ),
    empty=N_("No opportunity with an amount was won in this period."),
)

SALES_CYCLE = Kpi(
    key="sales_cycle",
    label=N_("Sales cycle"),
    meaning=N_("How many days the opportunities won in the period took from opening to winning: the middle one."),
    formula=N_("Median of closing day − opening day"),
    unit=Unit.DAYS,
    better=Better.LOWER,
    day=CLOSING_DAY,
    needs=_CLOSED,
    rows=_won,
    value=pl.col("cycle_days").median(),
    n=pl.col("cycle_days").count(),
    tally={
        "mean": pl.col("cycle_days").mean().round(0).cast(pl.Int64),
        "p90": pl.col("cycle_days").quantile(0.9, "linear").round(0).cast(pl.Int64),
    },
    limits=median_limits(pl.col("cycle_days")),
    by=EVERYBODY,
    remarks=(Remark(pl.col("backwards").sum(), N_("Closed before they were opened, left out: {count}.")),),
    empty=N_("No opportunity was won in this period."),
)

FIGURES = (WON_AMOUNT, WIN_RATE, WIN_RATE_VALUE, AVERAGE_DEAL, SALES_CYCLE, LOST_AMOUNT)
