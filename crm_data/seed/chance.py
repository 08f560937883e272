"""Chance that falls the same way every time: days with seasons, skewed durations, weighted picks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

Choice = TypeVar("Choice")

# How busy the months are: quiet around the Spring Festival, high in June and November.
SEASON = {1: 0.85, 2: 0.6, 3: 1.0, 4: 0.95, 5: 1.0, 6: 1.3, 7: 0.9, 8: 0.85, 9: 1.05, 10: 1.0, 11: 1.6, 12: 1.25}
_BUSIEST = max(SEASON.values())


def dice(seed: int, *names: object) -> Random:
    """Give the chance of one matter: the same for the same seed and names, on every machine and in every process."""
    return Random("/".join(map(str, (seed, *names))))


def pick(rng: Random, weights: Mapping[Choice, float]) -> Choice:
    """Pick one of several things by weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def some(rng: Random, things: Sequence[Choice], count: int) -> list[Choice]:
    """Pick several different things, all of them when there are fewer."""
    return rng.sample(things, min(count, len(things)))


def busy_day(rng: Random, first: date, last: date) -> date:
    """Pick a day between two, more probably in a busy month."""
    span = max((last - first).days, 0)
    while True:
        day = first + timedelta(days=rng.randint(0, span))
        if rng.random() * _BUSIEST <= SEASON[day.month]:
            return day


def growing_day(rng: Random, first: date, last: date) -> date:
    """Pick a day between two, more probably a late one: the company grows."""
    share = rng.random() ** 0.75
    return first + timedelta(days=round(share * (last - first).days))


def days_of(rng: Random, *, median: float, spread: float = 0.5) -> int:
    """Give a duration in days with a long tail to the right (log-normal), at least one."""
    return max(1, round(median * math.exp(rng.gauss(0, spread))))


def weekday(day: date) -> date:
    """Move a Saturday or Sunday to the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def at(rng: Random, day: date, zone: ZoneInfo) -> datetime:
    """Give a moment in the working hours of a day, in UTC."""
    clock = time(rng.randint(9, 17), rng.randint(0, 59), rng.randint(0, 59))
    return datetime.combine(day, clock, zone).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """Give the same day some months later, the 28th at most."""
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, min(day.day, 28))
