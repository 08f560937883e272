"""Writes thousands of records at a time, each with its change mark, search text and entry in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, cast

import polars as pl
from sqlalchemy import Insert, Table, inspect, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.db import WrittenJson
from crm_data.models import AuditEntry, Base, ChangeSet, Searchable
from crm_data.models.base import search_text_of
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction

_BATCH = 5_000


def start_of(session: Session, *, model: type[Base], count: int) -> int:
    """Reserve `count` keys of a table in one go and give the first; they follow one another."""
    return db.take_keys(session, table=model.__tablename__, count=count).start if count else 0


def insert_records(session: Session, model: Any, frame: pl.DataFrame) -> None:
    """Insert new records: `frame` has a column for every column of the table that is not empty or a default.

    Columns hold what the database keeps: keys of choices, days, integers. The moment is that of the change set.
    """
    whole = frame.with_columns(**_defaults(model, frame))
    kept = whole.select(name for name in whole.columns if name not in changes.SILENT and name != "id")
    told = kept.select(name for name in kept.columns if kept[name].null_count() < kept.height)
    statement, moment = _dated(session, table(model).insert(), "created_at", "updated_at")
    constant = {"rev": db.stamp(session), "version": 1, **moment}
    for part, after in zip(whole.iter_slices(_BATCH), told.iter_slices(_BATCH), strict=True):
        rows = [{**constant, **row} for row in part.iter_rows(named=True)]
        if issubclass(model, Searchable):
            for row in rows:
                row["search_text"] = search_text_of(model, row)
        session.execute(statement, rows)
        entries = pl.DataFrame(
            {"record_id": part["id"], "after": after.select(pl.struct(pl.all()).struct.json_encode()).to_series()}
        )
        note_changes(session, kind=model.__tablename__, action=ChangeAction.CREATE, entries=entries)


def insert_rows(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows of a log or ledger, which are a trace themselves and need no entry in the audit log."""
    constant, waiting = {"rev": db.stamp(session)}, iter(rows)
    while part := [{**constant, **row} for row in islice(waiting, _BATCH)]:
        session.execute(table(model).insert(), part)


def note_changes(session: Session, *, kind: str, action: ChangeAction, entries: pl.DataFrame) -> None:
    """Write audit entries for changes that were made by statement.

    `entries` has record_id and after, and before where there was something: JSON as text.
    """
    change_set = current(session)
    statement, moment = _dated(session, table(AuditEntry).insert(), "at")
    common = {
        **moment,
        "change_set_id": change_set.id,
        "user_id": change_set.user_id,
        "username": change_set.username,
        "action": action,
        "record_kind": kind,
        "before": None,
    }
    documents = [name for name in ("before", "after") if name in entries.columns]
    for part in entries.iter_slices(_BATCH):
        start = start_of(session, model=AuditEntry, count=part.height)
        rows = [{**common, **row, "id": key} for key, row in enumerate(part.iter_rows(named=True), start=start)]
        for row in rows:
            row.update({name: WrittenJson(row[name]) for name in documents})
        session.execute(statement, rows)


def current(session: Session) -> ChangeSet:
    """Give the change set under way, written down already, so that entries can point to it."""
    change_set = changes.current(session).change_set
    assert change_set is not None
    session.flush()
    return change_set


def table(model: Any) -> Table:
    """Give the table of a model."""
    return cast("Table", inspect(model).local_table)


def _dated(session: Session, statement: Insert, *names: str) -> tuple[Insert, Mapping[str, Any]]:
    """Give the statement and the values by which each row gets the change set's moment.

    Letting the database copy it is quicker than sending it with each row; but MariaDB's driver sends only plain values
    many rows at a time.
    """
    change_set = current(session)
    if session.get_bind().dialect.name in {"mysql", "mariadb"}:
        return statement, dict.fromkeys(names, change_set.at)
    moment = select(ChangeSet.at).where(ChangeSet.id == change_set.id).scalar_subquery()
    return statement.values(dict.fromkeys(names, moment)), {}


def _defaults(model: Any, frame: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Give what the columns hold that a frame does not name, so that the audit log knows of it too."""
    found = {}
    for column in table(model).columns:
        default: Any = column.default
        if default is not None and column.name not in {*frame.columns, *changes.SILENT}:
            found[column.name] = _literal(default.arg if default.is_scalar else default.arg(None))
    return found


def _literal(value: Any) -> pl.Expr:
    return pl.lit([], pl.List(pl.String)) if value == [] else pl.lit(value)
