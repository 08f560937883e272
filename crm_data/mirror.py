"""The copy of the tables that analysis reads: columns in memory, brought up to date by change marks."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    Double,
    Engine,
    Integer,
    Select,
    String,
    Table,
    Text,
    Uuid,
    cast,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Session

from crm_data.models.base import Base, Instant, Marked
from crm_data.models.organisation import Setting

_BATCH = 50_000
_HIDDEN = {"password_hash", "search_text", "token_sha256"}


def mark(session: Session) -> str:
    """Give what changes whenever anything is committed, or another database stands here: the key to keep results by."""
    connection = session.connection()
    return f"{_database_id(connection)}:{_mark(connection)}"


def frames(session: Session) -> dict[str, pl.LazyFrame]:
    """Give every mirrored table as the session's snapshot has it, deleted rows included, without long texts.

    Columns are the table's; money and keys Int64, days Date, instants Datetime(us, UTC), closed lists and lists String.
    """
    if "rev" in session.info:
        raise RuntimeError("what is not committed yet must not reach the copy")
    return _mirror(session.get_bind()).frames(session.connection())


def read_frame(connection: Connection, statement: Select[*tuple[Any, ...]]) -> pl.DataFrame:
    """Read a select into a frame with the types its columns declare, in batches."""
    columns: list[Any] = list(statement.selected_columns)
    raw = [_raw(column, connection.dialect.name) for column in columns]
    result = connection.execute(statement.with_only_columns(*raw), execution_options={"yield_per": _BATCH})
    schema = {column.key: _dtype(column, connection.dialect.name) for column in columns}
    parts = [pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row") for rows in result.partitions()]
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return frame.with_columns(_typed(column, frame.schema[column.key]) for column in columns)


class _Mirror:
    """One database's tables, pulled when somebody asks and something was committed since."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mark = ""
        self._database = ""
        self._tables: dict[str, pl.DataFrame] = {}
        self._low = 0

    def frames(self, connection: Connection) -> dict[str, pl.LazyFrame]:
        with self._lock:
            current = f"{_database_id(connection)}:{_mark(connection)}"
            if current != self._mark:
                self._pull(connection)
                self._mark = current
            return {name: frame.lazy() for name, frame in self._tables.items()}

    def _pull(self, connection: Connection) -> None:
        database = _database_id(connection)
        horizon = _horizon(connection)
        if database != self._database or connection.dialect.name not in {"sqlite", "postgresql"}:
            self._low = 0
        for table in mirrored():
            statement = _select(table)
            if self._low:
                statement = statement.where(table.c.rev >= self._low)
            fresh = read_frame(connection, statement)
            self._tables[table.name] = _merged(self._tables[table.name], fresh) if self._low else fresh
        self._database, self._low = database, horizon


@lru_cache(maxsize=1)
def mirrored() -> tuple[Table, ...]:
    """List the tables that analysis may read: all that carry change marks."""
    marked: list[Any] = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Marked)]
    return tuple(sorted((model.__table__ for model in marked), key=lambda table: table.name))


@lru_cache(maxsize=8)
def _mirror(_bind: Engine | Connection) -> _Mirror:
    return _Mirror()


def _merged(old: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    if fresh.is_empty():
        return old
    return pl.concat([old.join(fresh, on="id", how="anti"), fresh])


def _select(table: Table) -> Select[*tuple[Any, ...]]:
    kept = [
        column for column in table.columns if column.name not in _HIDDEN and not isinstance(column.type, Text | JSON)
    ]
    lists = [column for column in table.columns if isinstance(column.type, JSON) and column.name == "tags"]
    return select(*kept, *lists)


def _mark(connection: Connection) -> str:
    """Sources: SQLite one clock row inside the write lock; PostgreSQL the snapshot; MariaDB the log of transactions,
    whose keys may be committed out of order, so that their number counts too.
    """
    match connection.dialect.name:
        case "sqlite":
            return str(connection.execute(text("SELECT value FROM change_clock")).scalar_one())
        case "postgresql":
            return str(connection.execute(text("SELECT pg_current_snapshot()::text")).scalar_one())
        case _:
            return str(tuple(connection.execute(text("SELECT max(id), count(*) FROM change_log")).one()))


def _horizon(connection: Connection) -> int:
    """Give the lowest mark that a transaction still running may yet commit."""
    match connection.dialect.name:
        case "sqlite":
            return int(connection.execute(text("SELECT value FROM change_clock")).scalar_one()) + 1
        case "postgresql":
            statement = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            return int(connection.execute(statement).scalar_one())
        case _:
            return 0


def _database_id(connection: Connection) -> str:
    statement = select(Setting.value).where(Setting.key == "database_id")
    return str(connection.execute(statement).scalar_one_or_none() or "")


def _raw(column: Any, dialect: str) -> Any:
    # SQLite keeps days and instants as text: let Polars read them, a hundred times quicker than row by row.
    if dialect == "sqlite" and isinstance(column.type, Date | Instant | JSON):
        return type_coerce(column, String).label(column.key)
    if isinstance(column.type, JSON):  # PostgreSQL's driver would take the text apart
        text_of = cast if dialect == "postgresql" else type_coerce
        return text_of(column, String).label(column.key)
    if isinstance(column.type, Instant):
        return type_coerce(column, column.type.impl).label(column.key)
    if isinstance(column.type, Boolean | Uuid):
        return column
    return type_coerce(column, String).label(column.key) if isinstance(column.type, String) else column


def _dtype(column: Any, dialect: str) -> Any:
    kinds = {Boolean: pl.Boolean, Integer: pl.Int64, BigInteger: pl.Int64, Double: pl.Float64}
    for kind, dtype in kinds.items():
        if isinstance(column.type, kind):
            return dtype
    if dialect != "sqlite" and isinstance(column.type, Date):
        return pl.Date
    if dialect != "sqlite" and isinstance(column.type, Instant):
        return pl.Datetime("us")
    return pl.String


def _typed(column: Any, have: Any) -> pl.Expr:
    expression = pl.col(column.key)
    if isinstance(column.type, Instant):
        parsed = expression.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us") if have == pl.String else expression
        return parsed.dt.replace_time_zone("UTC")
    if isinstance(column.type, Date) and have == pl.String:
        return expression.str.to_date("%Y-%m-%d")
    return expression
