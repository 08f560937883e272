"""Limits of shares, scores, means and medians, against published and simulated values."""

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_data.analytics import statistics
from crm_data.analytics.statistics import Limits


def ends(limits: Limits, frame: pl.DataFrame | None = None) -> tuple[float | None, float | None]:
    row = (frame if frame is not None else pl.DataFrame({"one": [1]})).select(low=limits[0], high=limits[1])
    low, high = row.row(0)
    return low, high


def share(hits: float, n: float) -> tuple[pl.Expr, pl.Expr]:
    return pl.lit(hits, pl.Float64), pl.lit(n, pl.Float64)


def test_wilson_gives_the_published_example():
    # Newcombe (1998): 81 of 263 gives 0.2553 to 0.3662.
    assert ends(statistics.wilson(*share(81, 263))) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_newcombe_gives_the_published_example():
    # Newcombe (1998), method 10: 56/70 − 48/80 gives 0.0524 to 0.3339.
    assert ends(statistics.newcombe(share(56, 70), share(48, 80))) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_no_cases_have_no_limits():
    nothing = statistics.adjusted_wald(pl.lit(0.0), pl.lit(0.0), pl.lit(0.0))
    assert ends(statistics.wilson(*share(0, 0))) == ends(nothing) == (None, None)


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_limits(case: tuple[int, int]):
    hits, n = case
    low, high = ends(statistics.wilson(*share(hits, n)))
    assert low is not None
    assert high is not None
    assert 0 <= low <= hits / n <= high <= 1


def test_the_adjusted_wald_limits_of_a_score():
    # 20 promoters, 5 detractors of 40: 43 after adding three; 47.7 % and 13.4 %, half width 21.1.
    low, high = ends(statistics.adjusted_wald(pl.lit(20.0), pl.lit(5.0), pl.lit(40.0)))
    good, bad = 20.75 / 43, 5.75 / 43
    half = 1.959963984540054 * ((good + bad - (good - bad) ** 2) / 43) ** 0.5
    assert (low, high) == pytest.approx((100 * (good - bad - half), 100 * (good - bad + half)))


@pytest.mark.parametrize(("n", "t"), [(2, 12.706), (5, 2.776), (31, 2.042), (32, 2.0395), (101, 1.9840)])
def test_the_limits_of_a_mean_use_students_t(n: int, t: float):
    values = pl.DataFrame({"v": [float(place) for place in range(n)]})
    low, high = ends(statistics.t_limits(pl.col("v")), values)
    spread = float(values["v"].std() or 0)  # type: ignore[arg-type]
    assert low is not None
    assert high is not None
    assert (high - low) / 2 * n**0.5 / spread == pytest.approx(t, abs=2e-3)


def test_one_value_has_no_limits():
    assert ends(statistics.t_limits(pl.col("v")), pl.DataFrame({"v": [3.0]})) == (None, None)


def test_a_median_of_few_has_no_limits():
    assert ends(statistics.median_limits(pl.col("v")), pl.DataFrame({"v": [1, 2, 3, 4, 5]})) == (None, None)


def test_the_limits_of_a_median_are_values_by_rank():
    # n = 20: ranks 6 and 15, which hold 95.9 % of the binomial distribution (Altman 1991).
    found = ends(statistics.median_limits(pl.col("v")), pl.DataFrame({"v": list(range(1, 21))}))
    assert found == (6, 15)


def test_the_limits_of_a_median_hold_in_95_of_100_samples():
    chance = random.Random(7)
    samples = pl.DataFrame(
        {"g": [g for g in range(400) for _ in range(25)], "v": [chance.random() for _ in range(10_000)]}
    )
    low, high = statistics.median_limits(pl.col("v"))
    held = samples.group_by("g").agg(low=low, high=high).select(pl.lit(0.5).is_between("low", "high").mean()).item()
    assert 0.93 <= held <= 0.99
