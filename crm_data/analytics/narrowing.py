"""A figure for some of the records only: of an owner, a team, a region, or any other part it can be broken down by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from crm_data.analytics.dimensions import Dimension
from crm_data.analytics.kpi import Composed, Kpi, Measure
from crm_data.analytics.periods import Period
from crm_data.analytics.series import dimension_of
from crm_data.analytics.tables import Tables

# Dimension → the members that count; None among them means the records without.
Members = Mapping[str, Sequence[Any]]


def fits(measure: Measure, members: Members) -> bool:
    """Tell whether a figure can be narrowed to these members: not every figure knows an owner or a region."""
    known = {dimension.key for dimension in measure.by}
    return all(key in known for key, chosen in members.items() if chosen)


def narrowed(measure: Measure, members: Members) -> Measure:
    """Give the figure that counts only rows of these members: the same rows that its breakdown has for them.

    Raises CrmError when the figure cannot be broken down like that.
    """
    chosen = {key: values for key, values in members.items() if values}
    if not chosen:
        return measure
    if isinstance(measure, Composed):
        return replace(measure, parts=tuple(_narrowed(part, chosen) for part in measure.parts))
    return _narrowed(measure, chosen)


def _narrowed(kpi: Kpi, members: Members) -> Kpi:
    for key, values in members.items():
        kpi = _of(kpi, dimension_of(kpi, key), values)
    return kpi


def _of(kpi: Kpi, dimension: Dimension, values: Sequence[Any]) -> Kpi:
    known = [value for value in values if value is not None]
    among = pl.col("member").is_in(known)
    wanted = among.fill_null(value=False) | pl.col("member").is_null() if len(known) < len(values) else among

    def rows(tables: Tables, period: Period) -> pl.LazyFrame:
        return dimension.attach(kpi.rows(tables, period), tables, period).filter(wanted).drop("member")

    return replace(kpi, rows=rows)
