"""Figures about the pipeline: what is open, how surely it will come, and whether it is enough for the target."""

from __future__ import annotations

import polars as pl

from crm_data.analytics import dimensions, targets
from crm_data.analytics.dimensions import EVERYBODY, STAGE, Dimension
from crm_data.analytics.kpi import UNCONVERTIBLE, Composed, Counting, Kpi, Remark, ratio, whole
from crm_data.analytics.kpis.opportunities import (
    AVERAGE_DEAL,
    CLOSING_DAY,
    SALES_CYCLE,
    WIN_RATE,
    WIN_RATE_VALUE,
    WITHOUT_AMOUNT,
    WON_AMOUNT,
)
from crm_data.analytics.periods import Period
from crm_data.analytics.pipeline import NEEDS, closing_rows, open_rows
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import N_, Better, Unit

_EVENING = N_("State on the evening of the period's last day, or today while it runs")


def _target(tables: Tables, period: Period) -> pl.LazyFrame:
    return targets.goal_rows(tables, period, metric="won_amount")


def _goals_of(key: str, names: str, column: str, level: int) -> Dimension:
    def attach(_rows: pl.LazyFrame, tables: Tables, period: Period) -> pl.LazyFrame:
        rows = targets.goal_rows(tables, period, metric="won_amount", level=level)
        return rows.with_columns(member=pl.col(column))

    label = {dimension.key: dimension.label for dimension in dimensions.PEOPLE}[key]
    return Dimension(key=key, label=label, attach=attach, needs=(names, "teams", "users"), names=names)


OPEN_PIPELINE = Kpi(
    key="open_pipeline",
    label=N_("Open pipeline"),
    meaning=N_("What all open opportunities are worth, whenever they are expected to close."),
    formula=N_("Sum of the amounts of open opportunities"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=_EVENING,
    needs=NEEDS,
    rows=open_rows,
    value=pl.col("amount").sum(),
    counting=Counting.STOCK,
    additive=True,
    by=(*EVERYBODY, STAGE),
    remarks=(
        UNCONVERTIBLE,
        WITHOUT_AMOUNT,
        Remark((pl.col("expected_close_on") < pl.col("day")).sum(), N_("Expected to close earlier already: {count}.")),
    ),
)

OPEN_OPPORTUNITIES = Kpi(
    key="open_opportunities",
    label=N_("Open opportunities"),
    meaning=N_("How many opportunities are open, in whichever open stage; leads are customers and not counted here."),
    formula=N_("Number of open opportunities"),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    day=_EVENING,
    needs=NEEDS,
    rows=open_rows,
    value=pl.len(),
    counting=Counting.STOCK,
    additive=True,
    by=(*EVERYBODY, STAGE),
)

WEIGHTED_PIPELINE = Kpi(
    key="weighted_pipeline",
    label=N_("Weighted pipeline"),
    meaning=N_("What the open opportunities are worth by their probability. A probability of 0 counts as 0."),
    formula=N_("Sum of amount × probability of open opportunities"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=_EVENING,
    needs=NEEDS,
    rows=open_rows,
    value=whole((pl.col("amount") * pl.col("probability")).sum() / 100),
    counting=Counting.STOCK,
    by=(*EVERYBODY, STAGE),
    remarks=(
        UNCONVERTIBLE,
        WITHOUT_AMOUNT,
        Remark(pl.col("probability").is_null().sum(), N_("Probability of that day unknown, left out: {count}.")),
    ),
)

CLOSING_PIPELINE = Kpi(
    key="closing_pipeline",
    label=N_("Pipeline closing in the period"),
    meaning=N_("What the open opportunities that are expected to close within the period are worth."),
    formula=N_("Sum of the amounts of open opportunities with their expected close in the period"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=_EVENING,
    needs=NEEDS,
    rows=closing_rows,
    value=pl.col("amount").sum(),
    counting=Counting.STOCK,
    additive=True,
    ahead=True,
    by=(*EVERYBODY, STAGE),
    remarks=(UNCONVERTIBLE, WITHOUT_AMOUNT),
)

SALES_TARGET = Kpi(
    key="sales_target",
    label=N_("Sales target"),
    meaning=N_("The goal set for the won amount; a goal that reaches beyond the period counts by its days."),
    formula=N_("Sum of the goals for the won amount"),
    unit=Unit.MONEY,
    better=Better.NEITHER,
    day=N_("Days of the goal"),
    needs=("goals", "teams", "users"),
    rows=_target,
    value=whole(pl.when(pl.len() > 0).then(pl.col("target").sum())),
    counting=Counting.WINDOW,
    ahead=True,
    by=(
        _goals_of("owner", "users", "owner_id", targets.PERSON),
        _goals_of("team", "teams", "team_id", targets.TEAM),
    ),
    empty=N_("No target is set for this period."),
)

QUOTA_ATTAINMENT = Composed(
    key="quota_attainment",
    label=N_("Target attainment"),
    meaning=N_("How much of the target was won in the period. It goes beyond 100 % where more was won."),
    formula=N_("Won amount / target"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=CLOSING_DAY,
    parts=(WON_AMOUNT, SALES_TARGET),
    value=ratio(pl.col("won_amount"), pl.col("sales_target")),
    n_of="won_amount",
    reasons=((pl.col("sales_target") == 0, N_("The target of this period is zero.")),),
)

PIPELINE_COVERAGE = Composed(
    key="pipeline_coverage",
    label=N_("Pipeline coverage"),
    meaning=N_(
        "How many times the pipeline that closes in the period covers what is missing to the target. About "
        "1 / win rate by value is needed."
    ),
    formula=N_("Pipeline closing in the period / (target − won amount)"),
    unit=Unit.TIMES,
    better=Better.HIGHER,
    day=N_("Expected close and closing day"),
    parts=(CLOSING_PIPELINE, SALES_TARGET, WON_AMOUNT, WIN_RATE_VALUE),
    value=ratio(pl.col("closing_pipeline"), pl.col("sales_target") - pl.col("won_amount")),
    n_of="closing_pipeline",
    reasons=(
        (pl.col("won_amount") >= pl.col("sales_target"), N_("Covered: the target of this period is met already.")),
    ),
)

SALES_VELOCITY = Composed(
    key="sales_velocity",
    label=N_("Sales velocity"),
    meaning=N_("What the pipeline brings a day: how many are open, how much they bring, how often and how fast."),
    formula=N_("Open opportunities × average won amount × win rate / sales cycle"),
    unit=Unit.MONEY_PER_DAY,
    better=Better.HIGHER,
    day=N_("Closing day; the open ones on the evening of the last day"),
    parts=(OPEN_OPPORTUNITIES, AVERAGE_DEAL, WIN_RATE, SALES_CYCLE),
    value=ratio(pl.col("open_opportunities") * pl.col("average_deal") * pl.col("win_rate"), pl.col("sales_cycle")),
    n_of="open_opportunities",
    reasons=((pl.col("sales_cycle") == 0, N_("The wins of this period took no day at all, so there is no speed.")),),
)

FIGURES = (
    OPEN_PIPELINE, WEIGHTED_PIPELINE, CLOSING_PIPELINE, OPEN_OPPORTUNITIES, PIPELINE_COVERAGE, SALES_TARGET,
    QUOTA_ATTAINMENT, SALES_VELOCITY,
)  # fmt: skip
