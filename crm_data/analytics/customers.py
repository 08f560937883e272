"""Which customers are new, active, kept or back again, and how much is known about them."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.sales import purchases, signed
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import ContractKind, ContractStatus, CustomerKind

NEEDS = ("contracts", "customers")

_EVERYBODY = {
    "phone": 2, "email": 2, "region": 1, "city": 1, "address": 1, "owner_id": 2, "source": 1, "category": 1,
    "preferred_channel": 1,
}  # fmt: skip
_PERSON = {"birth_date": 1, "gender": 1}
_ORGANISATION = {"industry": 2, "website": 1, "employees": 1}


def new_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the customers whose first purchase lies in a period. Columns: the standard ones (kind customers, day of the
    first signed contract or sale).
    """
    first = purchases(tables).group_by("customer_id").agg(pl.col("signed_on").min().alias("day"))
    return _customers(tables, first.filter(pl.col("day") >= period.start, pl.col("day") < period.end))


def active_at(tables: Tables, day: date, *, today: date) -> pl.LazyFrame:
    """Give the customers that are active on the evening of a day: one running agreement, or one sale within the days
    of inactivity that the terms allow. Column: customer_id, each once.

    An agreement that was terminated runs no more today; on earlier days its dates decide.
    """
    begun = pl.coalesce("starts_on", "signed_on") <= day
    lasts = pl.col("ends_on").is_null() | (pl.col("ends_on") >= day)
    over = pl.lit(day >= today) & (pl.col("status") == ContractStatus.TERMINATED)
    agreements = signed(tables).filter(pl.col("kind") == ContractKind.AGREEMENT, begun, lasts, ~over)
    earliest = day - timedelta(days=tables.terms.inactivity_days)
    sales = purchases(tables).filter(
        pl.col("kind") == ContractKind.SALE, pl.col("signed_on") > earliest, pl.col("signed_on") <= day
    )
    return pl.concat([agreements.select("customer_id"), sales.select("customer_id")]).unique()


def active_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the customers active at the end of a period, or today (see active_at). Columns: the standard ones."""
    active = active_at(tables, period.as_of, today=period.calendar.today)
    return _customers(tables, active.with_columns(day=pl.lit(period.as_of)))


def kept_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the customers active on the evening before a period and whether they still are at its end, or today.

    Columns: the standard ones (day of the end), kept. New customers are not in it.
    """
    today = period.calendar.today
    before = active_at(tables, period.start - timedelta(days=1), today=today)
    after = active_at(tables, period.as_of, today=today).with_columns(kept=pl.lit(value=True))
    kept = before.join(after, on="customer_id", how="left").with_columns(
        pl.col("kept").fill_null(value=False), day=pl.lit(period.as_of)
    )
    return _customers(tables, kept)


def buyer_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the customers that bought in a period. Columns: the standard ones (day of the last purchase), purchase_days
    (purchases of one day are one).
    """
    bought = purchases(tables).filter(pl.col("signed_on") >= period.start, pl.col("signed_on") < period.end)
    counted = bought.group_by("customer_id").agg(
        pl.col("signed_on").max().alias("day"), pl.col("signed_on").n_unique().alias("purchase_days")
    )
    return _customers(tables, counted)


def filled_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the customers with how much is known about them. Columns: the standard ones (day of today), filled and
    wanted (weights of the filled and of all fields that apply to their kind), missing (names of the empty fields).
    """
    person = pl.col("kind") == CustomerKind.PERSON
    organisation = ~person & (pl.col("kind") != CustomerKind.INTERNAL)
    weights = [(name, weight, pl.lit(value=True)) for name, weight in _EVERYBODY.items()]
    weights += [(name, weight, person) for name, weight in _PERSON.items()]
    weights += [(name, weight, organisation) for name, weight in _ORGANISATION.items()]
    filled = [pl.when(applies & _has(name)).then(weight).otherwise(0) for name, weight, applies in weights]
    wanted = [pl.when(applies).then(weight).otherwise(0) for _, weight, applies in weights]
    missing = [pl.when(applies & ~_has(name)).then(pl.lit(name)) for name, _, applies in weights]
    return tables["customers"].select(
        pl.lit("customers").alias("kind"),
        *("id", pl.col("id").alias("customer_id"), "owner_id", pl.lit(period.as_of).alias("day")),
        filled=pl.sum_horizontal(filled),
        wanted=pl.sum_horizontal(wanted),
        missing=pl.concat_list(missing).list.drop_nulls(),
    )


def _customers(tables: Tables, found: pl.LazyFrame) -> pl.LazyFrame:
    """Make standard rows of customers' keys, with the columns that came with them."""
    owners = tables["customers"].select(pl.col("id").alias("customer_id"), "owner_id")
    rows = found.join(owners, on="customer_id", how="left")
    return rows.with_columns(kind=pl.lit("customers"), id=pl.col("customer_id"))


def _has(name: str) -> pl.Expr:
    column = pl.col(name)
    return column.cast(pl.String).str.strip_chars().fill_null("") != ""
