"""Writes made-up rows by the thousand and remembers exactly which ones they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, insert, inspect
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.models.base import Base, Record, Searchable, search_text_of

_BATCH = 5_000
Row = dict[str, Any]


class Sheets:
    """The tables under the pen: keys taken in one go a table and chunk, rows inserted in batches.

    `ranges` has the first and last key of every stretch of rows that was written, by table.
    """

    def __init__(self, session: Session, *, moment: datetime) -> None:
        self.session = session
        self.moment = moment
        self.ranges: dict[str, list[tuple[int, int]]] = {}
        self._rev = db.stamp(session)

    def write(self, model: type[Base], rows: Sequence[Row]) -> range:
        """Insert rows and give their keys, in order; every row also gets its key as `id`."""
        if not rows:
            return range(0)
        keys = db.take_keys(self.session, table=model.__tablename__, count=len(rows))
        self._remember(model.__tablename__, keys)
        blank = dict(_blank(model)) | ({"rev": self._rev} if "rev" in model.__table__.columns else {})
        for key, row in zip(keys, rows, strict=True):
            row["id"] = key
        for batch in _batches(rows):
            self.session.execute(
                insert(cast("Table", model.__table__)), [self._complete(model, blank | row) for row in batch]
            )
        return keys

    def _complete(self, model: type[Base], row: Row) -> Row:
        if issubclass(model, Record):
            row["created_at"] = row["created_at"] or self.moment
            row["updated_at"] = row["updated_at"] or row["created_at"]
        if issubclass(model, Record) and issubclass(model, Searchable):
            row["search_text"] = search_text_of(model, row)
        return row

    def _remember(self, table: str, keys: range) -> None:
        stretches = self.ranges.setdefault(table, [])
        first, last = keys[0], keys[-1]
        if stretches and stretches[-1][1] + 1 == first:
            first = stretches.pop()[0]
        stretches.append((first, last))


@lru_cache(maxsize=64)
def _blank(model: type[Base]) -> Mapping[str, Any]:
    """Give a row in which every column has its default, so that all rows of a batch have the same columns."""
    return {column.key: _default(column) for column in inspect(model).columns}


def _default(column: Any) -> Any:
    default = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
