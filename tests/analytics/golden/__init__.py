"""Golden tables: rows that one can add up by head, and what every figure must make of them."""

from typing import NamedTuple

from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables


class Golden(NamedTuple):
    """A figure's key, the small world, the period, and value and n worked out by hand."""

    key: str
    world: Tables
    period: Period
    value: float | None
    n: int
