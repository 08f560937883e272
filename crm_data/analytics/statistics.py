"""How sure a figure is: the limits between which its true value lies in 95 of 100 cases, as Polars expressions."""

from __future__ import annotations

import polars as pl

Limits = tuple[pl.Expr, pl.Expr]

Z = 1.959963984540054
_FEWEST_FOR_MEDIAN = 6

# Student's t, 97.5 %, by degrees of freedom; above 30 the expansion below is right to four digits.
_T = {
    1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622, 10: 2.2281,
    11: 2.2010, 12: 2.1788, 13: 2.1604, 14: 2.1448, 15: 2.1314, 16: 2.1199, 17: 2.1098, 18: 2.1009, 19: 2.0930,
    20: 2.0860, 21: 2.0796, 22: 2.0739, 23: 2.0687, 24: 2.0639, 25: 2.0595, 26: 2.0555, 27: 2.0518, 28: 2.0484,
    29: 2.0452, 30: 2.0423,
}  # fmt: skip


def wilson(hits: pl.Expr, n: pl.Expr) -> Limits:
    """Give the limits of a share, hits of n, as fractions (Wilson 1927); null without cases."""
    half = Z * (hits * (n - hits) / n + Z**2 / 4).sqrt() / (n + Z**2)
    middle = (hits + Z**2 / 2) / (n + Z**2)
    low, high = pl.min_horizontal(middle - half, hits / n), pl.max_horizontal(middle + half, hits / n)
    return _known(low.clip(0, 1), n > 0), _known(high.clip(0, 1), n > 0)


def adjusted_wald(promoters: pl.Expr, detractors: pl.Expr, n: pl.Expr) -> Limits:
    """Give the limits of a net promoter score, −100 to 100: 0.75 promoters, 1.5 passives and 0.75 detractors are added
    before the plain formula (Agresti–Min type; Rocks 2016). Null without answers.
    """
    added = n + 3
    good, bad = (promoters + 0.75) / added, (detractors + 0.75) / added
    half = Z * ((good + bad - (good - bad) ** 2) / added).sqrt()
    low, high = 100 * (good - bad - half), 100 * (good - bad + half)
    return _known(low.clip(-100, 100), n > 0), _known(high.clip(-100, 100), n > 0)


def newcombe(one: tuple[pl.Expr, pl.Expr], other: tuple[pl.Expr, pl.Expr]) -> Limits:
    """Give the limits of the difference of two shares, each (hits, n): one − other (Newcombe 1998, method 10)."""
    share_one, share_other = one[0] / one[1], other[0] / other[1]
    (low_one, high_one), (low_other, high_other) = wilson(*one), wilson(*other)
    difference = share_one - share_other
    low = difference - ((share_one - low_one) ** 2 + (high_other - share_other) ** 2).sqrt()
    high = difference + ((high_one - share_one) ** 2 + (share_other - low_other) ** 2).sqrt()
    return low, high


def t_limits(values: pl.Expr) -> Limits:
    """Give the limits of a mean by Student's t; null with fewer than two values."""
    n = values.count()
    half = _t(n.cast(pl.Int64) - 1) * values.std() / n.sqrt()
    return _known(values.mean() - half, n > 1), _known(values.mean() + half, n > 1)


def median_limits(values: pl.Expr) -> Limits:
    """Give the limits of a median: two of the values themselves, as far from either end (Altman 1991); null with
    fewer than six values.
    """
    n, ordered = values.count().cast(pl.Int64), values.drop_nulls().sort()
    low = ((n / 2 - Z * n.sqrt() / 2).round(0).cast(pl.Int64) - 1).clip(0)
    high = n - 1 - low
    enough = n >= _FEWEST_FOR_MEDIAN
    return _known(ordered.get(low, null_on_oob=True), enough), _known(ordered.get(high, null_on_oob=True), enough)


def _known(limit: pl.Expr, condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(limit)


def _t(freedom: pl.Expr) -> pl.Expr:
    """Table, then the Cornish–Fisher expansion (Abramowitz and Stegun 26.7.5)."""
    first = (Z**3 + Z) / 4 / freedom
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96 / freedom**2
    return freedom.replace_strict(_T, default=Z + first + second, return_dtype=pl.Float64)
