"""The pipeline as it stood on any day, computed from the log of what changed since."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import OpportunityEventKind, StageKind

NEEDS = ("opportunities", "opportunity_events", "stages", "exchange_rates")

_LOGGED = {
    "amount": (OpportunityEventKind.AMOUNT, pl.Int64),
    "stage_id": (OpportunityEventKind.STAGE, pl.Int64),
    "probability": (OpportunityEventKind.PROBABILITY, pl.Int64),
    "owner_id": (OpportunityEventKind.OWNER, pl.Int64),
    "expected_close_on": (OpportunityEventKind.EXPECTED_CLOSE, pl.Date),
}


def open_at(tables: Tables, day: date) -> pl.LazyFrame:
    """Give the opportunities that were open on the evening of a day, with their values of that day.

    Columns: kind, id, customer_id, owner_id, day, amount (minor units of the base currency, at the day's rate),
    unconvertible, probability, stage_id, expected_close_on, opened_on, next_step_on.

    A value of the day is the old value of its first change after the day, or else the present one. An opportunity
    counts as closed from its closing day on, whenever that was typed in.
    """
    changed = tables["opportunity_events"].filter(pl.col("on") > day).sort("on", "at", "id")
    first = changed.group_by("opportunity_id").agg(
        *(
            _typed(pl.col("old").filter(pl.col("kind") == kind).first(), dtype).alias(f"old_{name}")
            for name, (kind, dtype) in _LOGGED.items()
        ),
        *((pl.col("kind") == kind).any().alias(f"moved_{name}") for name, (kind, _) in _LOGGED.items()),
    )
    still = pl.col("outcome") == StageKind.OPEN
    closed_later = ~still & (pl.col("closed_on") > day)
    kinds = tables["stages"].select(pl.col("id").alias("stage_id"), pl.col("kind").alias("stage_kind"))
    rows = (
        tables["opportunities"]
        .filter(pl.col("opened_on") <= day, still | closed_later)
        .join(first, left_on="id", right_on="opportunity_id", how="left")
        .with_columns(
            *(_as_it_was(name) for name in _LOGGED if name != "stage_id"),
            pl.when("moved_stage_id").then("old_stage_id").when(still).then("stage_id").alias("stage_id"),
        )
        .join(kinds, on="stage_id", how="left")
        .filter(pl.col("stage_kind").fill_null(StageKind.OPEN.value) == StageKind.OPEN)
    )
    shown = ("amount", "currency", "probability", "stage_id", "expected_close_on", "opened_on", "next_step_on")
    named = rows.select(
        pl.lit("opportunities").alias("kind"), "id", "customer_id", "owner_id", pl.lit(day).alias("day"), *shown
    )
    return tables.in_base(named)


def open_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the opportunities open at the end of a period, or today while it runs (see open_at)."""
    return open_at(tables, period.as_of)


def closing_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the opportunities open at the end of a period, or today, that are expected to close within it."""
    expected = pl.col("expected_close_on")
    return open_rows(tables, period).filter(expected >= period.start, expected < period.end)


def _typed(text: pl.Expr, dtype: Any) -> pl.Expr:
    return text.str.to_date("%Y-%m-%d") if dtype == pl.Date else text.cast(dtype)


def _as_it_was(name: str) -> pl.Expr:
    return pl.when(f"moved_{name}").then(f"old_{name}").otherwise(name).alias(name)
