"""The tables that figures are computed from, with the terms of business, and the one place where they are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from crm_data.money import OTHER_DECIMALS, decimals
from crm_data.vocabulary.terms import Terms

_MILLION = 1_000_000


@dataclass(frozen=True)
class Whose:
    """Whose records the tables hold, so that targets are theirs too: one user's, one team's, or with neither all."""

    user_id: int | None = None
    team_id: int | None = None


class Tables(Mapping[str, pl.LazyFrame]):
    """The frames that `access.frames` gives an actor, by table name, with the organisation's terms."""

    def __init__(self, frames: Mapping[str, pl.LazyFrame], *, terms: Terms, whose: Whose | None = None) -> None:
        self._frames = frames
        self.terms = terms
        self.whose = whose or Whose()

    def __getitem__(self, name: str) -> pl.LazyFrame:
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def day_of(self, instant: str) -> pl.Expr:
        """Give the day of an instant's column in the organisation's time zone, whoever looks."""
        return pl.col(instant).dt.convert_time_zone(self.terms.time_zone).dt.date()

    def in_base(self, rows: pl.LazyFrame, *, amounts: Sequence[str] = ("amount",), day: str = "day") -> pl.LazyFrame:
        """Convert amounts to minor units of the base currency at the rate of the row's day, rounded half away from 0.

        Needs `currency`. Where no rate is known for the day the amounts become null and `unconvertible` true.
        """
        base = self.terms.base_currency
        rates = self["exchange_rates"].select("currency", pl.col("day").alias("_rate_day"), "rate_e6").sort("_rate_day")
        rated = rows.sort(day).join_asof(
            rates, left_on=day, right_on="_rate_day", by="currency", strategy="backward", check_sortedness=False
        )
        foreign = pl.col("currency") != base
        missing = foreign & pl.col("rate_e6").is_null() & pl.any_horizontal(pl.col(*amounts).is_not_null())
        return rated.with_columns(
            *(pl.when(foreign).then(_converted(name, base)).otherwise(name).alias(name) for name in amounts),
            unconvertible=missing,
        ).drop("_rate_day", "rate_e6")


def gather(plans: Sequence[pl.LazyFrame]) -> list[pl.DataFrame]:
    """Compute several frames at once, what they share only once. Nothing else here asks for results."""
    return pl.collect_all(list(plans)) if plans else []


def _converted(amount: str, base: str) -> pl.Expr:
    """In 128 bits: an amount times a rate in millionths leaves the 64 of a large company."""
    scale = {currency: 10**places for currency, places in OTHER_DECIMALS.items()}
    exact = pl.col(amount).cast(pl.Int128) * pl.col("rate_e6") * pl.lit(10 ** decimals(base))
    divisor = pl.col("currency").replace_strict(scale, default=100, return_dtype=pl.Int128) * _MILLION
    return ((exact.abs() * 2 + divisor) // (divisor * 2) * exact.sign()).cast(pl.Int64)
