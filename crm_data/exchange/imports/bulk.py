"""Writes thousands of records at a time, each with its change mark, search text and entry in the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
from sqlalchemy import Table, inspect
from sqlalchemy.orm import Session

from crm_data import clock, db
from crm_data.models import AuditEntry, Base, Record, Searchable
from crm_data.models.base import search_text
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction

_BATCH = 5_000


def start_of(session: Session, *, model: type[Base], count: int) -> int:
    """Reserve `count` keys of a table in one go and give the first; they follow one another."""
    return db.take_keys(session, table=model.__tablename__, count=count).start if count else 0


def insert_records(session: Session, model: Any, frame: pl.DataFrame) -> None:
    """Insert new records: `frame` has a column for every column of the table that is not empty or a default."""
    same = {**_defaults(model), "created_at": clock.now(), "updated_at": clock.now(), "version": 1}
    for rows in _batches(session, frame, same=same):
        if issubclass(model, Searchable):
            for row in rows:
                row["search_text"] = _search_text(model, row)
        session.execute(table(model).insert(), rows)
        _note_creations(session, model, rows)


def insert_rows(session: Session, model: type[Base], frame: pl.DataFrame) -> None:
    """Insert rows of a log or ledger, which are a trace themselves and need no entry in the audit log."""
    for rows in _batches(session, frame, same={}):
        session.execute(table(model).insert(), rows)


def note_changes(session: Session, *, kind: str, action: ChangeAction, entries: pl.DataFrame) -> None:
    """Write audit entries for changes that were made by statement: `entries` has record_id, before, after (structs)."""
    common = _common(session, kind=kind, action=action)
    for part in entries.iter_slices(_BATCH):
        start = start_of(session, model=AuditEntry, count=part.height)
        rows = [{**common, **row, "id": key} for key, row in enumerate(part.iter_rows(named=True), start=start)]
        session.execute(table(AuditEntry).insert(), rows)


def _batches(session: Session, frame: pl.DataFrame, *, same: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
    constant = {**same, "rev": db.stamp(session)}
    for part in frame.iter_slices(_BATCH):
        yield [{**constant, **row} for row in part.iter_rows(named=True)]


def _defaults(model: Any) -> dict[str, Any]:
    """Give what the columns hold that a frame does not name, so that the audit log knows of it too."""
    found = {}
    for column in table(model).columns:
        default: Any = column.default
        if default is not None:
            found[column.name] = default.arg if default.is_scalar else default.arg(None)
    return found


def _search_text(model: Any, row: Mapping[str, Any]) -> str:
    named = SimpleNamespace(searched=model.searched, **{name: row.get(name) for name in model.searched})
    return search_text(cast("Record", named))


def _note_creations(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    common = _common(session, kind=model.__tablename__, action=ChangeAction.CREATE)
    start = start_of(session, model=AuditEntry, count=len(rows))
    silent = changes.SILENT | {"id"}
    entries = [
        {**common, "id": key, "record_id": row["id"], "after": _kept(row, silent=silent)}
        for key, row in enumerate(rows, start=start)
    ]
    session.execute(table(AuditEntry).insert(), entries)


def _kept(row: Mapping[str, Any], *, silent: set[str]) -> dict[str, Any]:
    return {name: changes.encoded(value) for name, value in row.items() if value is not None and name not in silent}


def _common(session: Session, *, kind: str, action: ChangeAction) -> dict[str, Any]:
    change_set = changes.current(session).change_set
    assert change_set is not None
    session.flush()  # the change set must be there before its entries
    at: datetime = change_set.at
    return {
        "change_set_id": change_set.id,
        "at": at,
        "user_id": change_set.user_id,
        "username": change_set.username,
        "action": action,
        "record_kind": kind,
        "before": None,
        "after": None,
    }


def table(model: Any) -> Table:
    """Give the table of a model."""
    return cast("Table", inspect(model).local_table)
