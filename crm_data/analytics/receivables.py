"""What is owed to us: receipts settle the oldest instalment first, and what is left grows old."""

from __future__ import annotations

from datetime import date

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import N_, ContractKind, Labelled

NEEDS = ("contracts", "instalments", "receipts", "exchange_rates")


class Ageing(Labelled):
    """How long an open amount is past due."""

    NOT_DUE = "not_due", N_("Not past due")
    TO_30 = "to_30", N_("1 to 30 days")
    TO_60 = "to_60", N_("31 to 60 days")
    TO_90 = "to_90", N_("61 to 90 days")
    OVER_90 = "over_90", N_("More than 90 days")


_LIMITS = {0: Ageing.NOT_DUE, 30: Ageing.TO_30, 60: Ageing.TO_60, 90: Ageing.TO_90}


def settled(tables: Tables, *, received: date, day: date) -> pl.LazyFrame:
    """Give every instalment of the agreements with what receipts up to the day `received` cover of it.

    Columns: kind instalments, id, customer_id, owner_id, contract_id, due_on, amount, covered, open (minor units of the
    base currency at the rate of the day due), unconvertible, owed (some of it is open), days_overdue (as of `day`),
    ageing.

    A contract's receipts, less refunds, fill its instalments in the order of their days due.
    """
    whole = tables["contracts"].filter(pl.col("kind") == ContractKind.AGREEMENT)
    got = tables["receipts"].filter(pl.col("received_on") <= received).group_by("contract_id")
    rows = (
        tables["instalments"]
        .join(whole.select(pl.col("id").alias("contract_id"), "owner_id", "currency"), on="contract_id")
        .join(got.agg(pl.col("amount").sum().alias("got")), on="contract_id", how="left")
        .sort("contract_id", "due_on", "id")
        .with_columns(before=pl.col("amount").cum_sum().over("contract_id") - pl.col("amount"))
    )
    left = pl.col("got").fill_null(0) - pl.col("before")
    split = rows.with_columns(open=pl.col("amount") - pl.min_horizontal(left.clip(0), "amount"))
    split = split.with_columns(owed=pl.col("open") > 0)
    based = tables.in_base(split, amounts=("amount", "open"), day="due_on")
    overdue = (pl.lit(day) - pl.col("due_on")).dt.total_days()
    return based.select(
        pl.lit("instalments").alias("kind"),
        *("id", "customer_id", "owner_id", "contract_id", "due_on", "amount", "currency", "unconvertible", "owed"),
        covered=pl.col("amount") - pl.col("open"),
        open=pl.col("open"),
        days_overdue=overdue,
        ageing=_age(overdue),
    )


def outstanding_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the instalments not fully paid on the evening of a period's last day, or today, whenever they are due.

    Columns: see settled; day is that evening.
    """
    day = period.as_of
    rows = settled(tables, received=day, day=day).with_columns(day=pl.lit(day))
    return rows.filter("owed")


def due_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give those outstanding instalments that are due by that evening (see outstanding_rows)."""
    return outstanding_rows(tables, period).filter(pl.col("due_on") <= period.as_of)


def collected_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the instalments due in a period, up to today, with what was paid of them until today (see settled)."""
    today = period.calendar.today
    rows = settled(tables, received=today, day=today).with_columns(day=pl.col("due_on"))
    return rows.filter(pl.col("due_on") >= period.start, pl.col("due_on") < period.end, pl.col("due_on") <= today)


def _age(overdue: pl.Expr) -> pl.Expr:
    chosen = pl.coalesce(
        *(pl.when(overdue <= limit).then(pl.lit(age.value)) for limit, age in _LIMITS.items()),
        pl.lit(Ageing.OVER_90.value),
    )
    return pl.when(overdue.is_not_null()).then(chosen)
