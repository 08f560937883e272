"""What the lines of a file come to, worked out exactly as money.line_amount does for one line."""

from __future__ import annotations

import polars as pl

from crm_data import money
from crm_data.exchange.numbers import LARGEST


def line_amounts(rows: pl.DataFrame) -> pl.Series:
    """Give the net amount of each line in minor units of its currency, rounded once, half away from zero.

    Reads quantity (thousandths), unit_price (ten-thousandths), discount (basis points, none when empty) and currency;
    a line where one of them is missing, or whose amount is 2^53 or more, has no amount.
    """
    codes = rows["currency"].drop_nulls().unique().to_list()
    minor = pl.col("currency").replace_strict({code: 10 ** money.decimals(code) for code in codes}, default=None)
    near = pl.col("quantity").cast(pl.Float64) * pl.col("unit_price").cast(pl.Float64) * minor.cast(pl.Float64)
    fits = near.abs() < LARGEST * money.QUANTITY_UNITS * money.PRICE_UNITS
    quantity, price = (pl.when(fits).then(name).cast(pl.Int128) for name in ("quantity", "unit_price"))
    left = (money.DISCOUNT_UNITS - pl.col("discount").fill_null(0)).cast(pl.Int128)
    exact = quantity * price * left * minor.cast(pl.Int128)
    scale = money.QUANTITY_UNITS * money.PRICE_UNITS * money.DISCOUNT_UNITS
    size = ((exact.abs() * 2 + scale) // (2 * scale)).cast(pl.Int64)
    return rows.select(amount=pl.when(exact < 0).then(-size).otherwise(size))["amount"]
