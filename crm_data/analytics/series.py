"""A key figure over time, by customer, person or product, and the very records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from typing import Any

import polars as pl

from crm_data.analytics.dimensions import Dimension
from crm_data.analytics.figures import aggregates, combined, refusal
from crm_data.analytics.kpi import STANDARD, Composed, Counting, Kpi, Measure
from crm_data.analytics.periods import Grain, Period
from crm_data.analytics.tables import Tables, gather
from crm_data.errors import CrmError
from crm_data.vocabulary import N_, Unit

_MEASURES = ("value", "n", "low", "high")


def trend(measure: Measure, tables: Tables, *, period: Period, grain: Grain) -> pl.DataFrame:
    """Compute a figure for every bucket of a period, oldest first.

    Columns: `day` and `last` (date, the bucket's first and last day), `value` (null where unknown), `n`, `low`, `high`,
    `unfinished` (bool). Money in minor units of the base currency, rates as fractions.
    """
    buckets = period.buckets(grain)
    frames = _in_buckets(_plain(measure), tables, period, buckets)
    if isinstance(measure, Composed):
        days = pl.Series("days", [round(bucket.days * bucket.elapsed) for bucket in buckets])
        return _joined(measure, frames, on=["day", "last", "unfinished"], days=days).select(
            "day", "last", *_MEASURES, "unfinished"
        )
    return frames[0].sort("day")


def breakdown(measure: Measure, tables: Tables, *, period: Period, by: str, top: int | None = None) -> pl.DataFrame:
    """Compute a figure for every member of a dimension, largest first.

    Columns: `id` (a record's key, a stored value, or null for the records without), `label` (a record's name, else the
    stored value), `value`, `n`, `low`, `high`, `reliable` (bool), `other` (bool). With `top` the rest of an additive
    figure is one more row with `other`, and of any other figure is left out.
    """
    dimension = dimension_of(measure, by)
    plans = [_by_member(kpi, tables, period, dimension_of(kpi, by)) for kpi in _plain(measure)]
    frames = gather(plans)
    if isinstance(measure, Composed):
        days = pl.lit(round(period.days * period.elapsed)).alias("days")
        frame = _joined(measure, frames, on=["member"], days=days)
    else:
        frame = frames[0]
    named = _named(frame, tables, dimension).sort("value", "label", descending=[True, False], nulls_last=True)
    small = tables.terms.small_sample if measure_has_limits(measure) else 0
    named = named.with_columns(reliable=pl.col("n") >= small, other=pl.lit(value=False))
    return named if top is None else _cut(named, top=top, additive=measure.additive)


def rows_of(
    measure: Measure, tables: Tables, *, period: Period, by: str | None = None, member: Any = None
) -> pl.DataFrame:
    """Give exactly the records behind a figure, newest first; with `by` those of one member of a breakdown.

    Columns: `part` (key of the figure that counts the row), `kind` (table), `id`, `customer_id`, `owner_id`, `day`,
    then what the value needs, money in minor units of the base currency.
    """
    plans = []
    for kpi in _plain(measure):
        rows = kpi.rows(tables, period) if refusal(kpi, period) is None else kpi.rows(tables, period).head(0)
        if by is not None:
            rows = dimension_of(kpi, by).attach(rows, tables, period)
            rows = rows.filter(pl.col("member").eq_missing(pl.lit(member))).drop("member")
        plans.append(rows.select(pl.lit(kpi.key).alias("part"), *STANDARD, pl.exclude(*STANDARD)))
    return pl.concat(gather(plans), how="diagonal_relaxed").sort("day", "id", descending=True, nulls_last=True)


def dimension_of(measure: Measure, by: str) -> Dimension:
    """Find a dimension of a figure by its key; CrmError when the figure cannot be broken down by it."""
    for dimension in measure.by:
        if dimension.key == by:
            return dimension
    message = N_("“{figure}” cannot be broken down by “{by}”. Choose one of: {choices}.")
    raise CrmError(message, figure=measure.key, by=by, choices=", ".join(each.key for each in measure.by))


def measure_has_limits(measure: Measure) -> bool:
    """Tell whether a figure is an estimate for which few cases are too few."""
    return any(kpi.limits is not None for kpi in _plain(measure))


def _plain(measure: Measure) -> Sequence[Kpi]:
    return measure.parts if isinstance(measure, Composed) else (measure,)


def _in_buckets(kpis: Sequence[Kpi], tables: Tables, period: Period, buckets: Sequence[Period]) -> list[pl.DataFrame]:
    plans = [_bucketed(kpi, tables, period, buckets) for kpi in kpis]
    found = iter(gather([plan for part in plans for plan in part]))
    return [_complete(kpi, [next(found) for _ in part], buckets) for kpi, part in zip(kpis, plans, strict=True)]


def _bucketed(kpi: Kpi, tables: Tables, period: Period, buckets: Sequence[Period]) -> list[pl.LazyFrame]:
    """One plan that groups the rows by bucket where each row counts on its day, else one plan a bucket."""
    measured = [expression for expression in aggregates(kpi) if expression.meta.output_name() in _MEASURES]
    if kpi.counting is Counting.FLOW:
        starts = pl.LazyFrame({"bucket": [bucket.start for bucket in buckets]}, schema={"bucket": pl.Date})
        rows = kpi.rows(tables, period).sort("day")
        placed = rows.join_asof(starts, left_on="day", right_on="bucket", strategy="backward", check_sortedness=False)
        return [placed.group_by("bucket").agg(measured)]
    return [
        kpi.rows(tables, bucket).select(pl.lit(bucket.start).alias("bucket"), *measured)
        for bucket in buckets
        if refusal(kpi, bucket) is None
    ]


def _complete(kpi: Kpi, frames: Sequence[pl.DataFrame], buckets: Sequence[Period]) -> pl.DataFrame:
    """Give every bucket a row: nothing counted is 0 where figures add up, and unknown where they do not."""
    axis = pl.DataFrame(
        [(each.start, each.last, each.unfinished, refusal(kpi, each) is None) for each in buckets],
        schema={"day": pl.Date, "last": pl.Date, "unfinished": pl.Boolean, "_known": pl.Boolean},
        orient="row",
    )
    schema = {"bucket": pl.Date, "value": pl.Float64, "n": pl.UInt32, "low": pl.Float64, "high": pl.Float64}
    counted = pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame(schema=schema)
    frame = axis.join(counted, left_on="day", right_on="bucket", how="left")
    zero = pl.lit(0) if kpi.additive else None
    value = pl.col("value").fill_nan(None) if counted.schema["value"].is_float() else pl.col("value")
    value = value if zero is None else pl.when(pl.col("n").is_null()).then(zero).otherwise(value)
    return frame.with_columns(
        value=pl.when("_known").then(value), n=pl.when("_known").then(pl.col("n").fill_null(0))
    ).select("day", "last", *_MEASURES, "unfinished")


def _by_member(kpi: Kpi, tables: Tables, period: Period, dimension: Dimension) -> pl.LazyFrame:
    rows = kpi.rows(tables, period)
    if refusal(kpi, period) is not None:
        rows = rows.head(0)
    measured = [expression for expression in aggregates(kpi) if expression.meta.output_name() in _MEASURES]
    return dimension.attach(rows, tables, period).group_by("member").agg(measured)


def _joined(
    composed: Composed, frames: Sequence[pl.DataFrame], *, on: list[str], days: pl.Series | pl.Expr
) -> pl.DataFrame:
    """Put the parts beside one another and combine them; `n` is that of the part whose cases count."""
    columns = [
        frame.select(*on, pl.col("value").cast(pl.Float64).alias(part.key), pl.col("n").alias(f"n_{part.key}"))
        for part, frame in zip(composed.parts, frames, strict=True)
    ]
    join = partial(pl.DataFrame.join, on=on, how="full", coalesce=True, nulls_equal=True)
    beside = reduce(join, columns)
    filled = [pl.col(part.key).fill_null(0) for part in composed.parts if part.additive]
    beside = (beside.with_columns(filled) if on == ["member"] else beside).sort(on)
    value = combined(composed)[0]
    value = value.round(0).cast(pl.Int64, strict=False) if composed.unit is Unit.MONEY else value
    return beside.with_columns(days).select(
        *on,
        value.fill_nan(None),
        pl.col(f"n_{composed.n_of}").fill_null(0).alias("n"),
        pl.lit(None, pl.Float64).alias("low"),
        pl.lit(None, pl.Float64).alias("high"),
    )


def _named(frame: pl.DataFrame, tables: Tables, dimension: Dimension) -> pl.DataFrame:
    if dimension.names is None:
        labelled = frame.with_columns(label=pl.col("member").cast(pl.String))
    else:
        names = tables[dimension.names].select(pl.col("id").alias("member"), pl.col("name").alias("label"))
        wanted = names.join(frame.select("member").lazy(), on="member", how="semi")
        labelled = frame.join(gather([wanted])[0], on="member", how="left")
    return labelled.select(pl.col("member").alias("id"), "label", *_MEASURES)


def _cut(frame: pl.DataFrame, *, top: int, additive: bool) -> pl.DataFrame:
    kept, rest = frame.head(top), frame.slice(top)
    if rest.is_empty() or not additive:
        return kept
    other = rest.select(
        pl.lit(None, frame.schema["id"]).alias("id"),
        pl.lit(None, pl.String).alias("label"),
        pl.col("value").sum(),
        pl.col("n").sum().cast(frame.schema["n"]),
        pl.lit(None, pl.Float64).alias("low"),
        pl.lit(None, pl.Float64).alias("high"),
        reliable=pl.lit(value=True),
        other=pl.lit(value=True),
    )
    return pl.concat([kept, other], how="vertical_relaxed")
