"""Money owed: the oldest instalment first, and nothing lost on the way."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_data.analytics.kpis import by_key
from crm_data.analytics.receivables import settled
from crm_data.analytics.series import breakdown
from crm_data.analytics.tables import gather
from tests.analytics.golden.buying import an_agreement
from tests.analytics.golden.owing import OWED, a_receipt, an_instalment
from tests.analytics.worlds import TODAY, a_world, days

DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 15)).map(date.isoformat)
DUE = st.lists(st.tuples(DAYS, st.integers(min_value=0, max_value=1_000)), max_size=6)
PAID = st.lists(st.tuples(DAYS, st.integers(min_value=-300, max_value=900)), max_size=6)


def settle(due: list[tuple[str, int]], paid: list[tuple[str, int]]) -> pl.DataFrame:
    world = a_world(
        contracts=[an_agreement(1, 1, "2026-01-01", "2026-12-31")],
        instalments=[an_instalment(1, on, amount) for on, amount in due],
        receipts=[a_receipt(1, on, amount) for on, amount in paid],
    )
    return gather([settled(world, received=TODAY, day=TODAY)])[0].sort("due_on", "id")


@settings(deadline=None)
@given(DUE, PAID)
def test_what_came_in_covers_as_much_as_is_due_and_no_more(due: list[tuple[str, int]], paid: list[tuple[str, int]]):
    rows = settle(due, paid)
    got, owed = sum(amount for _, amount in paid), sum(amount for _, amount in due)
    assert rows["covered"].sum() == max(0, min(got, owed))


@settings(deadline=None)
@given(DUE, PAID)
def test_no_instalment_is_touched_before_the_older_ones_are_paid(
    due: list[tuple[str, int]], paid: list[tuple[str, int]]
):
    rows = settle(due, paid)
    still_open = [row["open"] > 0 for row in rows.to_dicts()]
    touched = [row["covered"] > 0 for row in rows.to_dicts()]
    assert not any(any(still_open[:place]) for place, flag in enumerate(touched) if flag)


@settings(deadline=None)
@given(DUE, PAID)
def test_open_and_covered_make_up_the_instalment(due: list[tuple[str, int]], paid: list[tuple[str, int]]):
    rows = settle(due, paid)
    assert rows.filter(pl.col("open") + pl.col("covered") != pl.col("amount")).is_empty()
    assert rows.filter((pl.col("open") < 0) | (pl.col("covered") < 0)).is_empty()


def test_open_amounts_grow_old_from_the_day_after_they_were_due():
    due = {0: "not_due", 1: "to_30", 30: "to_30", 31: "to_60", 60: "to_60", 61: "to_90", 90: "to_90", 91: "over_90"}
    rows = settle([((TODAY - timedelta(days=late)).isoformat(), 1) for late in due], [])
    found = dict(rows.select("days_overdue", "ageing").rows())
    assert found == due


def test_the_outstanding_money_is_told_apart_by_age():
    parts = breakdown(by_key("outstanding"), OWED, period=days("2026-06-01", "2026-06-30"), by="ageing")
    assert dict(parts.select("id", "value").rows()) == {"to_60": 30_000, "not_due": 18_000, "to_30": 5_000}
