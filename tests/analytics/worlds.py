"""Small worlds to add up by head: `a_world(contracts=[…])` gives typed tables, everything unnamed empty."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer

from crm_data import mirror
from crm_data.analytics.periods import Calendar, Period, between
from crm_data.analytics.tables import Tables, Whose
from crm_data.models.base import Instant
from crm_data.vocabulary.terms import Terms

TODAY = date(2026, 6, 15)
CALENDAR = Calendar(TODAY)
_DEFAULTS: dict[str, Any] = {"currency": "CNY", "at": datetime(2026, 6, 1, 12, tzinfo=UTC)}
_FALSE = {"control", "auto_renewal", "probability_set", "active", "approved"}
_DTYPES = {Boolean: pl.Boolean, Integer: pl.Int64, BigInteger: pl.Int64, Double: pl.Float64, Date: pl.Date}

Row = dict[str, Any]


def a_world(*, terms: Terms | None = None, whose: Whose | None = None, **rows: list[Row]) -> Tables:
    """Make the tables with these rows; keys are counted from 1 where they are not given."""
    frames = {table.name: _frame(table, rows.pop(table.name, [])) for table in mirror.mirrored()}
    assert not rows, f"no such tables: {sorted(rows)}"
    return Tables(frames, terms=terms or Terms(), whose=whose)


def days(first: str, last: str, *, today: date = TODAY) -> Period:
    """Make a period from two ISO days, both included."""
    return between(date.fromisoformat(first), date.fromisoformat(last), calendar=Calendar(today))


def noon(day: str, hour: int = 4) -> datetime:
    """Make an instant on a day: by default noon in Shanghai."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour)


def day(text: str) -> date:
    """Read an ISO day."""
    return date.fromisoformat(text)


def _frame(table: Any, rows: list[Row]) -> pl.LazyFrame:
    schema = {column.name: _dtype(column) for column in table.columns}
    counter = itertools.count(1)
    filled = [
        {
            name: row.get(name, next(counter) if name == "id" else False if name in _FALSE else _DEFAULTS.get(name))
            for name in schema
        }
        for row in rows
    ]
    unknown = {name for row in rows for name in row} - set(schema)
    assert not unknown, f"{table.name} has no {sorted(unknown)}"
    return pl.LazyFrame(filled, schema=schema)


def _dtype(column: Column[Any]) -> Any:
    if isinstance(column.type, Instant):
        return pl.Datetime("us", "UTC")
    return next((dtype for kind, dtype in _DTYPES.items() if isinstance(column.type, kind)), pl.String)
