"""What a key figure is: a sentence, the records it counts, and one expression over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from crm_data.analytics.dimensions import Dimension
from crm_data.analytics.periods import Period
from crm_data.analytics.statistics import Limits
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import N_, Better, Unit

Rows = Callable[[Tables, Period], pl.LazyFrame]

# What every row behind a figure has: the table and key of the record, whose it is, and the day it counts by.
STANDARD = ("kind", "id", "customer_id", "owner_id", "day")


class Counting(StrEnum):
    """How a figure stands to time.

    FLOW: each record counts on its day, so that buckets are parts of the period. WINDOW: the period counts as a whole.
    STOCK: the state on the evening of the period's last day. NOW: the state of today; earlier ones are not kept.
    """

    FLOW = "flow"
    WINDOW = "window"
    STOCK = "stock"
    NOW = "now"


@dataclass(frozen=True, eq=False)
class Remark:
    """Something to say beside a figure when there is any of it: `count` over the rows, a sentence with {count}."""

    count: pl.Expr
    message: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Kpi:
    """A key figure: one row per counted record, one expression over the rows.

    `day` says by which date it counts; `needs` are the tables it reads; `limits` bound it; `by` is what it can be
    broken down by; `empty` says why there is no value; `additive` means that the parts of a breakdown add up; `ahead`
    that days to come count too. `tally` are counts worth naming beside it; below `min_n` cases the sentence `few`, made
    of them, {n} and {needed}, says more than the number.
    """

    key: str
    label: str
    meaning: str
    formula: str
    unit: Unit
    better: Better
    day: str
    needs: tuple[str, ...]
    rows: Rows
    value: pl.Expr
    n: pl.Expr = pl.len()  # noqa: RUF009 - an expression is a constant
    min_n: int = 0
    tally: Mapping[str, pl.Expr] = field(default_factory=dict)
    few: str = N_("Only {n} cases; {needed} are needed for a figure to lean on.")
    limits: Limits | None = None
    counting: Counting = Counting.FLOW
    additive: bool = False
    ahead: bool = False
    by: tuple[Dimension, ...] = ()
    remarks: tuple[Remark, ...] = ()
    empty: str = N_("There is nothing to count in this period.")

    @property
    def stock(self) -> bool:
        """Whether it is taken on the evening of the period's last day."""
        return self.counting in {Counting.STOCK, Counting.NOW}


@dataclass(frozen=True, eq=False, kw_only=True)
class Composed:
    """A key figure made of others: `value` and `reasons` are expressions over columns named after the parts' keys and
    `days`, the days of the period that have come. `n_of` names the part whose cases count. The first reason that holds
    says why there is no value; a part without a value makes one too.
    """

    key: str
    label: str
    meaning: str
    formula: str
    unit: Unit
    better: Better
    day: str
    parts: tuple[Kpi, ...]
    value: pl.Expr
    n_of: str
    reasons: tuple[tuple[pl.Expr, str], ...] = ()
    remarks: tuple[str, ...] = ()
    additive: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """The tables its parts read."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.needs))

    @property
    def by(self) -> tuple[Dimension, ...]:
        """What all its parts can be broken down by."""
        shared = set.intersection(*({dimension.key for dimension in part.by} for part in self.parts))
        return tuple(dimension for dimension in self.parts[0].by if dimension.key in shared)


Measure = Kpi | Composed

SHARE_UNITS = frozenset({Unit.PERCENT, Unit.POINTS, Unit.SCORE, Unit.SCALE})


def tables_for(*measures: Measure) -> frozenset[str]:
    """Give the names of all tables that figures and their breakdowns read, for `access.frames(names=…)`."""
    always = {"exchange_rates", "users", "teams", "customers"}
    dimensions = {name for measure in measures for dimension in measure.by for name in dimension.needs}
    return frozenset({name for measure in measures for name in measure.needs} | dimensions | always)


def ratio(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """Divide as figures do: null, never infinity or zero, where there is nothing to divide by."""
    return pl.when(below != 0).then(above / below)


def whole(value: pl.Expr) -> pl.Expr:
    """Round money to minor units, half away from zero."""
    return value.round(0, mode="half_away_from_zero").cast(pl.Int64)


UNCONVERTIBLE = Remark(
    pl.col("unconvertible").sum(),
    N_("Amounts in other currencies without an exchange rate, left out: {count}."),
)
