"""Columns of a list as texts: amounts of records in different currencies, and names that the product came with."""

from __future__ import annotations

import polars as pl

from pages.ui.text import money, translated


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


def in_words(rows: pl.DataFrame, name: str) -> pl.Series:
    """Give a column of names (stages) in the reader's language. Polars' own threads do not know who reads."""
    return pl.Series(name, [translated(value) for value in rows[name]], dtype=pl.String)
