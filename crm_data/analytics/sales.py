"""What was sold: signed contracts and one-off sales, their lines, and which of them are purchases."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables
from crm_data.money import PRICE_UNITS, QUANTITY_UNITS, decimals
from crm_data.vocabulary import ContractKind, ContractStatus

NEEDS = ("contracts", "exchange_rates")
_UNITS = PRICE_UNITS * QUANTITY_UNITS


def signed(tables: Tables) -> pl.LazyFrame:
    """Give the contracts, sales and agreements, that are signed and no draft, with the columns of the table."""
    return tables["contracts"].filter(pl.col("signed_on").is_not_null(), pl.col("status") != ContractStatus.DRAFT)


def purchases(tables: Tables) -> pl.LazyFrame:
    """Give the signed contracts that are purchases: not cancelled sales, and not those that are returns alone."""
    sale = pl.col("kind") == ContractKind.SALE
    undone = (pl.col("status") == ContractStatus.TERMINATED) | (pl.col("amount") <= 0)
    return signed(tables).filter(~(sale & undone))


def signed_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give what was signed in a period, returns negative.

    Columns: the standard ones (kind contracts, day of signing), amount (minor units of the base currency at that day's
    rate), unconvertible, contract_kind, region.
    """
    chosen = signed(tables).filter(pl.col("signed_on") >= period.start, pl.col("signed_on") < period.end)
    rows = chosen.select(
        pl.lit("contracts").alias("kind"),
        *("id", "customer_id", "owner_id", pl.col("signed_on").alias("day")),
        *("amount", "currency", "region", pl.col("kind").alias("contract_kind")),
    )
    return tables.in_base(rows)


def credit_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the agreements signed in a period (see signed_rows): a one-off sale is paid at once."""
    return signed_rows(tables, period).filter(pl.col("contract_kind") == ContractKind.AGREEMENT)


def received_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the money that came in: receipts of agreements, refunds negative, and one-off sales on their day.

    Columns: the standard ones (kind receipts or contracts), amount, unconvertible, contract_id.
    """
    whole = tables["contracts"].filter(pl.col("kind") == ContractKind.AGREEMENT)
    receipts = (
        tables["receipts"]
        .filter(pl.col("received_on") >= period.start, pl.col("received_on") < period.end)
        .join(whole.select(pl.col("id").alias("contract_id"), "owner_id", "currency"), on="contract_id")
        .select(
            pl.lit("receipts").alias("kind"),
            *("id", "customer_id", "owner_id", pl.col("received_on").alias("day"), "amount", "currency", "contract_id"),
        )
    )
    sales = signed_rows(tables, period).filter(pl.col("contract_kind") == ContractKind.SALE)
    on_the_day = sales.with_columns(contract_id=pl.col("id")).drop("contract_kind", "region")
    return pl.concat([tables.in_base(receipts), on_the_day], how="diagonal")


def line_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the lines of what was signed in a period.

    Columns: the standard ones (kind contract_lines, day of signing), amount and cost (minor units of the base currency;
    cost null where the unit cost at sale is unknown), unconvertible, contract_id, product_id, quantity_e3.
    """
    heads = signed(tables).filter(pl.col("signed_on") >= period.start, pl.col("signed_on") < period.end)
    named = heads.select(pl.col("id").alias("contract_id"), "owner_id", "currency", "region", day="signed_on")
    lines = tables["contract_lines"].select(
        *("id", "contract_id", "customer_id", "product_id", "quantity_e3", "unit_cost_e4", "amount")
    )
    rows = tables.in_base(lines.join(named, on="contract_id"))
    scale = _UNITS // 10 ** decimals(tables.terms.base_currency)
    exact = pl.col("unit_cost_e4").cast(pl.Int128) * pl.col("quantity_e3")
    cost = ((exact.abs() * 2 + scale) // (scale * 2) * exact.sign()).cast(pl.Int64)
    return rows.select(
        pl.lit("contract_lines").alias("kind"),
        *("id", "customer_id", "owner_id", "day", "amount", cost.alias("cost"), "currency", "unconvertible"),
        *("contract_id", "product_id", "quantity_e3", "region"),
    )
