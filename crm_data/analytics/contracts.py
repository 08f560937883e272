"""How contracts go on: which run out and are renewed, and whether we keep what we promised."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.sales import signed
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import N_, ContractKind, ContractStatus, Labelled

NEEDS = ("contracts", "exchange_rates")
_YEAR = 365


class Renewal(Labelled):
    """What became of an agreement at its end."""

    RENEWED = "renewed", N_("Renewed")
    LAPSED = "lapsed", N_("Not renewed")
    OPEN = "open", N_("Not decided yet")


def ending_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the signed agreements whose last day lies in a period, and what became of them.

    Columns: the standard ones (kind contracts, day = last day), amount and annual (minor units of the base currency;
    annual = amount × 365 / days of the term), unconvertible, renewal, renewed (null while open), late, notice_on,
    auto_renewal, status.

    A signed successor renews, however early or late; without one an agreement that ran out or was terminated lapsed.
    """
    today = period.calendar.today
    successors = (
        signed(tables)
        .filter(pl.col("signed_on") <= today, pl.col("renews_id").is_not_null())
        .group_by(pl.col("renews_id").alias("id"))
        .agg(pl.col("signed_on").min().alias("renewed_on"))
    )
    ending = signed(tables).filter(
        pl.col("kind") == ContractKind.AGREEMENT, pl.col("ends_on") >= period.start, pl.col("ends_on") < period.end
    )
    over = (pl.col("ends_on") < today) | (pl.col("status") == ContractStatus.TERMINATED)
    renewal = pl.when(pl.col("renewed_on").is_not_null()).then(pl.lit(Renewal.RENEWED.value))
    rows = ending.join(successors, on="id", how="left").select(
        pl.lit("contracts").alias("kind"),
        *("id", "customer_id", "owner_id", pl.col("ends_on").alias("day"), "amount", "currency"),
        *("notice_on", "auto_renewal", "status", "region"),
        term=(pl.col("ends_on") - pl.col("starts_on")).dt.total_days() + 1,
        renewal=renewal.when(over).then(pl.lit(Renewal.LAPSED.value)).otherwise(pl.lit(Renewal.OPEN.value)),
        late=(pl.col("renewed_on") > pl.col("ends_on")).fill_null(value=False),
    )
    based = tables.in_base(rows)
    annual = (pl.col("amount") * _YEAR / pl.col("term")).round(0).cast(pl.Int64)
    return based.with_columns(
        annual=pl.when(pl.col("term") > 0).then(annual).otherwise("amount"),
        renewed=pl.when(pl.col("renewal") != Renewal.OPEN).then(pl.col("renewal") == Renewal.RENEWED),
    ).drop("term")


def expiring_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the agreements that run out in a period, without those terminated before (see ending_rows)."""
    return ending_rows(tables, period).filter(pl.col("status") != ContractStatus.TERMINATED)


def milestone_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the milestones due in a period, up to today. Columns: the standard ones (kind milestones, day due),
    contract_id, done_on, on_time (done on or before the day due).
    """
    owners = tables["contracts"].select(pl.col("id").alias("contract_id"), "owner_id")
    due = tables["milestones"].filter(
        pl.col("due_on") >= period.start, pl.col("due_on") < period.end, pl.col("due_on") <= period.calendar.today
    )
    return due.join(owners, on="contract_id").select(
        pl.lit("milestones").alias("kind"),
        *("id", "customer_id", "owner_id", pl.col("due_on").alias("day"), "contract_id", "done_on"),
        on_time=(pl.col("done_on") <= pl.col("due_on")).fill_null(value=False),
    )
