"""Amounts of a list whose records are in different currencies."""

from __future__ import annotations

import polars as pl

from pages.ui.text import money


def with_money(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Give the rows with their amounts as texts, each in the row's own `currency`."""
    return rows.with_columns(
        pl.Series(
            name,
            [money(amount, currency=currency) for amount, currency in rows.select(name, "currency").iter_rows()],
            dtype=pl.String,
        )
        for name in names
    )
