"""Targets: what was aimed for in a period, by the company, a team or a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from crm_data.analytics.figures import Figure
from crm_data.analytics.kpi import Measure
from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables, gather

COMPANY, TEAM, PERSON = 0, 1, 2
_SUBJECT = ["team_id", "user_id"]


def goal_rows(
    tables: Tables, period: Period, *, metric: str, level: int | None = None, additive: bool = True
) -> pl.LazyFrame:
    """Give the goals that make up the target of a period, each with its share of it.

    Columns: kind, id, customer_id (null), owner_id, day (first day), team_id, level, target (in the metric's unit; they
    add up to the target, or for a rate to its mean by days). Goals that cover the period exactly once count in full;
    else the shortest goal around the period counts by its days. Without `level` the goals of the tables' owner are
    meant: the company's, or where it has none those of its teams, or people.
    """
    days = (pl.col("ends_on") - pl.col("starts_on")).dt.total_days() + 1
    goals = (
        tables["goals"]
        .filter(pl.col("metric") == metric)
        .sort("id")
        .unique([*_SUBJECT, "starts_on", "ends_on"], keep="last", maintain_order=True)
        .with_columns(days=days)
    )
    exact, around = _exact(goals, period), _around(goals, period)
    covered = around.join(exact, on=_SUBJECT, how="anti", nulls_equal=True)
    share = period.days / pl.col("days") if additive else pl.lit(1.0)
    weight = pl.lit(1.0) if additive else pl.col("days") / period.days
    chosen = pl.concat(
        [exact.with_columns(target=pl.col("target") * weight), covered.with_columns(target=pl.col("target") * share)]
    )
    level_of = pl.when(pl.col("user_id").is_not_null()).then(PERSON).when(pl.col("team_id").is_not_null()).then(TEAM)
    return _of_level(chosen.with_columns(level=level_of.otherwise(COMPANY)), tables, level=level).select(
        pl.lit("goals").alias("kind"),
        "id",
        pl.lit(None, pl.Int64).alias("customer_id"),
        pl.col("user_id").alias("owner_id"),
        pl.col("starts_on").alias("day"),
        "team_id",
        "level",
        "target",
    )


def targets(measures: Sequence[Measure], tables: Tables, *, period: Period) -> Mapping[str, float | None]:
    """Give the target of each figure in a period, in the figure's unit; None where none was set."""
    plans = [
        goal_rows(tables, period, metric=measure.key, additive=measure.additive).select(
            target=pl.when(pl.len() > 0).then(pl.col("target").sum())
        )
        for measure in measures
    ]
    return {measure.key: frame.item() for measure, frame in zip(measures, gather(plans), strict=True)}


def pace(attainment: Figure, *, period: Period) -> float | None:
    """Give the attainment so far divided by the share of the period that has passed: 1 is on course."""
    return attainment.value / period.elapsed if attainment.value is not None and period.elapsed else None


def _exact(goals: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """The largest goals inside the period, where they cover its every day once."""
    inside = goals.filter(pl.col("starts_on") >= period.start, pl.col("ends_on") <= period.last)
    others = inside.select(*_SUBJECT, other="id", first="starts_on", final="ends_on")
    within = (
        inside.join(others, on=_SUBJECT, nulls_equal=True)
        .filter(pl.col("id") != pl.col("other"), pl.col("first") <= pl.col("starts_on"))
        .filter(pl.col("final") >= pl.col("ends_on"))
    )
    largest = inside.join(within.select("id").unique(), on="id", how="anti")
    return largest.filter(pl.col("days").sum().over(_SUBJECT) == period.days)


def _around(goals: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """The shortest goal of each subject that holds the whole period."""
    holding = goals.filter(pl.col("starts_on") <= period.start, pl.col("ends_on") >= period.last)
    return holding.sort("days", "id").unique(_SUBJECT, keep="first", maintain_order=True)


def _of_level(goals: pl.LazyFrame, tables: Tables, *, level: int | None) -> pl.LazyFrame:
    whose = tables.whose
    if level is not None:
        return goals.filter(pl.col("level") == level)
    if whose.user_id is not None:
        return goals.filter(pl.col("user_id") == whose.user_id)
    if whose.team_id is not None:
        return goals.filter(pl.col("team_id") == whose.team_id, pl.col("user_id").is_null())
    highest = goals.filter(pl.col("level") == pl.col("level").min())
    parents = tables["teams"].select(pl.col("id").alias("team_id"), "parent_id")
    placed = highest.join(parents, on="team_id", how="left")
    above = highest.select(pl.col("team_id").alias("parent_id")).drop_nulls().unique()
    return pl.concat(
        [
            placed.filter(pl.col("level") != TEAM),
            placed.filter(pl.col("level") == TEAM).join(above, on="parent_id", how="anti"),
        ]
    )
