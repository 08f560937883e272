"""A few hundred thousand lines take no row-by-row work: sums are right and quick."""

import time
from datetime import date

import polars as pl

from crm_data.analytics import figures, series
from crm_data.analytics.kpis import by_key
from crm_data.analytics.tables import Tables
from tests.analytics.worlds import a_world, days

LINES, SALES, PRODUCTS = 400_000, 25_000, 4_000
HALF_YEAR = days("2026-01-01", "2026-06-30")


def a_shop() -> Tables:
    """Make 25,000 sales of 16 lines each, all within 180 days from 1 January 2026."""
    empty = a_world()
    key = pl.col("id")
    signed = pl.lit(date(2026, 1, 1)) + pl.duration(days=key % 180)
    sales = pl.select(pl.int_range(1, SALES + 1).alias("id")).with_columns(
        kind=pl.lit("sale"), status=pl.lit("fulfilled"), customer_id=key % 4_300 + 1, owner_id=key % 20,
        signed_on=signed, amount=pl.lit(1_600), currency=pl.lit("CNY"),
    )  # fmt: skip
    lines = pl.select(pl.int_range(1, LINES + 1).alias("id")).with_columns(
        contract_id=key % SALES + 1, customer_id=(key % SALES + 1) % 4_300 + 1, product_id=key % PRODUCTS + 1,
        quantity_e3=pl.lit(1_000), unit_cost_e4=pl.lit(6_000), amount=pl.lit(100),
    )  # fmt: skip
    made = {"contracts": sales, "contract_lines": lines}
    return Tables({name: _typed(frame, made.get(name)) for name, frame in empty.items()}, terms=empty.terms)


def _typed(empty: pl.LazyFrame, made: pl.DataFrame | None) -> pl.LazyFrame:
    if made is None:
        return empty
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in empty.collect_schema().items() if name not in made]
    return made.with_columns(missing).lazy()


def test_many_lines_add_up():
    shop = a_shop()
    parts = series.breakdown(by_key("revenue"), shop, period=HALF_YEAR, by="product", top=10)
    assert parts["value"].sum() == LINES * 100
    assert figures.figure(by_key("gross_margin"), shop, period=HALF_YEAR).value == 0.4


def test_many_lines_are_quick():
    shop = a_shop()
    began = time.process_time()
    figures.figures(
        [by_key(key) for key in ("revenue", "gross_margin", "repeat_rate", "retention")], shop, period=HALF_YEAR
    )
    assert time.process_time() - began < 3, "seconds of work; row by row it would be many times that"
