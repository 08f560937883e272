"""How opportunities move through the stages: who passed, who was put off, who stands still."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.pipeline import open_at
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import OpportunityEventKind, StageKind

# From so many wins on, what they took in a stage says more than the days typed in for it.
ENOUGH_WINS = 10
_FIRST_DAY = timedelta(hours=24)
_NOWHERE, _STOREY = -1, 1_000_000


def passage_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give each opportunity and open stage that it entered in a period, once, and whether it got further since.

    Columns: the standard ones (kind opportunities, day of entering), stage_id, passed, still (is there now). A stage
    that was jumped over counts as entered and passed on that day; lost opportunities are in it.
    """
    stays = _stays(tables)
    entered = stays.filter(pl.col("stage_kind") == StageKind.OPEN).select(
        "opportunity_id", "stage_id", "entered_on", passed=pl.col("later") > pl.col("position")
    )
    places = tables["stages"].filter(pl.col("kind") == StageKind.OPEN)
    jumped = (
        stays.filter(pl.col("before") != _NOWHERE, pl.col("reached") > pl.col("before") + 1)
        .filter(pl.col("entered_on") >= period.start, pl.col("entered_on") < period.end)
        .select("opportunity_id", "entered_on", "before", "reached")
        .join(places.select(pl.col("id").alias("stage_id"), "position"), how="cross")
        .filter(pl.col("position") > pl.col("before"), pl.col("position") < pl.col("reached"))
        .select("opportunity_id", "stage_id", "entered_on", passed=pl.lit(value=True))
    )
    once = (
        pl.concat([entered, jumped])
        .filter(pl.col("entered_on") >= period.start, pl.col("entered_on") < period.end)
        .group_by("opportunity_id", "stage_id")
        .agg(pl.col("entered_on").min().alias("day"), pl.col("passed").any())
    )
    now = tables["opportunities"].select(
        "id", "customer_id", "owner_id", pl.col("stage_id").alias("stage_now"), pl.col("outcome")
    )
    still = (pl.col("stage_now") == pl.col("stage_id")) & (pl.col("outcome") == StageKind.OPEN)
    return once.join(now, left_on="opportunity_id", right_on="id").select(
        pl.lit("opportunities").alias("kind"),
        pl.col("opportunity_id").alias("id"),
        *("customer_id", "owner_id", "day", "stage_id", "passed"),
        still=still,
    )


def push_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give each time in a period that an expected close was moved to a later month, but not on the opportunity's first
    24 hours. Columns: the standard ones (kind opportunities, day of moving), event_id, pushed_days.
    """
    old, new = pl.col("old").str.to_date("%Y-%m-%d"), pl.col("new").str.to_date("%Y-%m-%d")
    moved = tables["opportunity_events"].filter(
        pl.col("kind") == OpportunityEventKind.EXPECTED_CLOSE,
        pl.col("on") >= period.start,
        pl.col("on") < period.end,
        new.dt.truncate("1mo") > old.dt.truncate("1mo"),
    )
    opportunities = tables["opportunities"].select("id", "owner_id", "created_at")
    joined = moved.join(opportunities, left_on="opportunity_id", right_on="id", suffix="_opportunity")
    late = joined.filter((pl.col("at") - pl.col("created_at") > _FIRST_DAY).fill_null(value=True))
    return late.select(
        pl.lit("opportunities").alias("kind"),
        pl.col("opportunity_id").alias("id"),
        *("customer_id", "owner_id", pl.col("on").alias("day"), pl.col("id").alias("event_id")),
        pushed_days=(new - old).dt.total_days(),
    )


def stalled_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the open opportunities that stand still on a day and have no next step ahead.

    Columns: those of pipeline.open_at, days_in_stage, stage_limit (days that three of four won opportunities needed at
    most, with fewer than ten of them the days set for the stage), silent_days (since the last activity or move).
    Time counts from the last movement, never from the opening.
    """
    day = period.as_of
    entered = (
        tables["stage_stays"]
        .filter(pl.col("entered_on") <= day)
        .group_by(pl.col("opportunity_id").alias("id"), "stage_id")
        .agg(pl.col("entered_on").max())
    )
    rows = (
        open_at(tables, day)
        .join(entered, on=["id", "stage_id"], how="left")
        .join(_stage_limits(tables, period), on="stage_id", how="left")
        .join(_last_activity(tables, period, "opportunity_id").rename({"opportunity_id": "id"}), on="id", how="left")
        .join(_last_activity(tables, period, "customer_id"), on="customer_id", how="left", suffix="_general")
        .with_columns(moved_on=pl.max_horizontal("opened_on", "entered_on"))
    )
    since = pl.max_horizontal("moved_on", "last_on", "last_on_general")
    counted = rows.with_columns(
        days_in_stage=(pl.lit(day) - pl.col("moved_on")).dt.total_days(),
        silent_days=(pl.lit(day) - since).dt.total_days(),
    )
    idle = (pl.col("days_in_stage") > pl.col("stage_limit")).fill_null(value=False)
    silent = pl.col("silent_days") > tables.terms.stalled_without_activity_days
    planned = (pl.col("next_step_on") >= day).fill_null(value=False)
    return counted.filter(~planned & (idle | silent)).drop("moved_on", "entered_on", "last_on", "last_on_general")


def _stays(tables: Tables) -> pl.LazyFrame:
    """Stays with the furthest position reached before, with and after each of them; lost reaches nothing."""
    places = tables["stages"].select(pl.col("id").alias("stage_id"), "position", pl.col("kind").alias("stage_kind"))
    known = tables["opportunities"].select(pl.col("id").alias("opportunity_id"))
    lost = pl.col("stage_kind") == StageKind.LOST
    stays = (
        tables["stage_stays"]
        .join(known, on="opportunity_id", how="semi")
        .join(places, on="stage_id")
        .sort("opportunity_id", "entered_at", "entered_on", "id")
        .with_columns(reached=pl.when(lost).then(_NOWHERE).otherwise("position"))
        .with_columns(run=pl.col("opportunity_id").rle_id().cast(pl.Int64))
    )
    # Each opportunity gets a storey of its own, so that one pass over all rows finds the furthest position so far,
    # upwards and downwards, where a window for each of them would take ten times as long.
    up, down = pl.col("run") * _STOREY, (pl.col("run").max() - pl.col("run")) * _STOREY
    before = (up + pl.col("reached")).cum_max().shift(1) - up
    later = (down + pl.col("reached")).cum_max(reverse=True).shift(-1) - down
    return stays.with_columns(
        before=before.fill_null(_NOWHERE).clip(_NOWHERE), later=later.fill_null(_NOWHERE).clip(_NOWHERE)
    )


def _stage_limits(tables: Tables, period: Period) -> pl.LazyFrame:
    """Per stage: 75th percentile of the days that won opportunities spent in it, all their stays added up."""
    won = (
        tables["opportunities"].filter(pl.col("outcome") == StageKind.WON).select(pl.col("id").alias("opportunity_id"))
    )
    spent = (
        tables["stage_stays"]
        .filter(pl.col("left_on") <= period.as_of)
        .join(won, on="opportunity_id", how="semi")
        .group_by("opportunity_id", "stage_id")
        .agg((pl.col("left_on") - pl.col("entered_on")).dt.total_days().sum().alias("days"))
        .group_by("stage_id")
        .agg(pl.col("days").quantile(0.75, "linear").alias("usual"), pl.len().alias("wins"))
    )
    return (
        tables["stages"]
        .join(spent, left_on="id", right_on="stage_id", how="left")
        .select(
            pl.col("id").alias("stage_id"),
            stage_limit=pl.when(pl.col("wins") >= ENOUGH_WINS).then("usual").otherwise("stalled_after_days"),
        )
    )


def _last_activity(tables: Tables, period: Period, of: str) -> pl.LazyFrame:
    """Per opportunity, or per customer of what names no opportunity: the last day of an activity."""
    activities = (
        tables["activities"].with_columns(last_on=tables.day_of("at")).filter(pl.col("last_on") <= period.as_of)
    )
    general = pl.col("opportunity_id").is_null() if of == "customer_id" else pl.col(of).is_not_null()
    return activities.filter(general).group_by(of).agg(pl.col("last_on").max())
