"""The door to the database: one engine, one way to open a transaction, keys and change marks."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text, update
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.unitofwork import _SaveUpdateAll

from crm_data import clock, settings
from crm_data.errors import CrmError
from crm_data.models.base import Base, Keyed, Marked, Record, Searchable, search_text
from crm_data.models.changes import ChangeLog
from crm_data.models.organisation import KeyBlock
from crm_data.vocabulary import N_

Result = TypeVar("Result")
Auditor = Callable[[Session], Sequence[Base]]

_WRITING = "crm_writing"
_BLOCK = 500
_RETRIES = 12
_LONGEST_WAIT_MS = 40
# Serialization failure and deadlock on PostgreSQL; deadlock, lock wait and a row changed since it was read on MariaDB.
_PASSING = {"40001", "40P01", "1213", "1205", "1020"}


def engine(url: str | None = None) -> Engine:
    """Give the process's engine for an address (the configured one by default)."""
    return _engine(url or settings.database_url())


@lru_cache(maxsize=8)
def _engine(address: str) -> Engine:
    if address.startswith("sqlite"):
        made = create_engine(address, json_serializer=_json, connect_args={"timeout": 10, "check_same_thread": False})
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    options = {"isolation_level": "REPEATABLE READ"} if address.startswith(("mysql", "mariadb")) else {}
    return create_engine(address, json_serializer=_json, pool_pre_ping=True, pool_size=10, max_overflow=20, **options)


@contextmanager
def reading(bind: Engine) -> Iterator[Session]:
    """Open a session for looking: one snapshot, never a write; its rows can be read on after it is closed."""
    with Session(reader(bind), autoflush=False, expire_on_commit=False) as session:
        yield session
        session.expunge_all()


@contextmanager
def transaction(bind: Engine, *, auditor: Auditor | None = None) -> Iterator[Session]:
    """Open a session for writing and commit it at the end; nothing is written when the block raises.

    `auditor` is asked at every flush for the rows that record it; without one only tables that nobody edits may change.
    """
    with Session(writer(bind), expire_on_commit=False) as session, session.begin():
        session.info["auditor"] = auditor
        yield session


def retrying(act: Callable[[], Result]) -> Result:
    """Run a whole transaction again when the database asks for it (serialization failure, deadlock, lost connection)
    or when another one wrote the same record between its reading and its writing.
    """
    for left in reversed(range(_RETRIES)):
        try:
            return act()
        except IntegrityError as error:
            raise CrmError(N_("Another record already has this number, code or name. Nothing was saved.")) from error
        except StaleDataError as error:
            if not left:
                raise CrmError(N_("Others are changing the same record. Nothing was saved; try again.")) from error
            _wait_a_little()
        except DBAPIError as error:
            if left and (error.connection_invalidated or _code(error) in _PASSING):
                _wait_a_little()
                continue
            if isinstance(error, OperationalError):
                raise CrmError(
                    N_("The database cannot be reached or is busy. Nothing was saved; try again.")
                ) from error
            raise
    raise AssertionError


def take_keys(session: Session, *, table: str, count: int = 1) -> range:
    """Reserve the next `count` keys of a table.

    On SQLite, which has one writer, they come from the transaction itself and are as dense as the records. On a server
    they come from a block that the process reserved in a short transaction of its own, so that nobody waits.
    """
    if session.get_bind().dialect.name == "sqlite":
        return _reserve(session.connection(), table, count)
    return _blocks(session.get_bind()).take(table, count)


def stamp(session: Session) -> int:
    """Give the change mark of the running write transaction; see `mirror` for who reads it."""
    if "rev" not in session.info:
        session.info["rev"] = _stamp(session.connection())
    return int(session.info["rev"])


@lru_cache(maxsize=8)
def reader(bind: Engine) -> Engine:
    """Give the engine whose transactions see one snapshot."""
    return bind.execution_options(isolation_level="REPEATABLE READ") if bind.dialect.name == "postgresql" else bind


@lru_cache(maxsize=8)
def writer(bind: Engine) -> Engine:
    """Give the engine whose transactions are about to write."""
    return bind.execution_options(**{_WRITING: True})


def _stamp(connection: Connection) -> int:
    match connection.dialect.name:
        case "sqlite":
            statement = text("UPDATE change_clock SET value = value + 1 WHERE id = 1 RETURNING value")
            return int(connection.execute(statement).scalar_one())
        case "postgresql":
            return int(connection.execute(text("SELECT pg_current_xact_id()::text::bigint")).scalar_one())
        case _:
            row = connection.execute(insert(ChangeLog).values(at=clock.now()))
            return int(row.lastrowid)


def _wait_a_little() -> None:
    # By chance, so that two who met do not meet again.
    time.sleep(secrets.randbelow(_LONGEST_WAIT_MS) / 1000)


class WrittenJson(str):
    """JSON that was written already, so that thousands of rows need not be encoded one by one."""

    __slots__ = ()


def _json(value: Any) -> str:
    return value if isinstance(value, WrittenJson) else json.dumps(value, ensure_ascii=False, default=str)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below; the driver's would come too late
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later would lose against another writer: writers queue at the start.
    writes = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _code(error: DBAPIError) -> str:
    original = error.orig
    return str(getattr(original, "sqlstate", None) or (original.args[0] if original and original.args else ""))


def _reserve(connection: Connection, table: str, count: int) -> range:
    row = update(KeyBlock).where(KeyBlock.table_name == table).values(next_key=KeyBlock.next_key + count)
    if connection.execute(row).rowcount == 0:
        _first_block(connection, table)
        connection.execute(row)
    end = connection.execute(select(KeyBlock.next_key).where(KeyBlock.table_name == table)).scalar_one()
    return range(end - count, end)


def _first_block(connection: Connection, table: str) -> None:
    values = {"table_name": table, "next_key": 1}
    match connection.dialect.name:
        case "sqlite":
            connection.execute(sqlite.insert(KeyBlock).values(values).on_conflict_do_nothing())
        case "postgresql":
            connection.execute(postgresql.insert(KeyBlock).values(values).on_conflict_do_nothing())
        case _:
            connection.execute(mysql.insert(KeyBlock).values(values).prefix_with("IGNORE"))


class _Blocks:
    """The keys that this process has reserved on a server and not used yet."""

    def __init__(self, bind: Engine) -> None:
        self._bind = bind
        self._left: dict[str, range] = {}
        self._lock = threading.Lock()

    def take(self, table: str, count: int) -> range:
        with self._lock:
            left = self._left.get(table, range(0))
            if len(left) < count:
                with self._bind.begin() as connection:
                    left = _reserve(connection, table, max(_BLOCK if count == 1 else count, count))
            self._left[table] = left[count:]
            return left[:count]


@lru_cache(maxsize=8)
def _blocks(bind: Engine) -> _Blocks:
    return _Blocks(bind)


@event.listens_for(Session, "before_flush")
def _complete(session: Session, context: UOWTransaction, _instances: Any) -> None:
    """Give new rows their keys, all rows their marks and times, and let the auditor write down what changes."""
    changed = [row for row in session.dirty if session.is_modified(row)]
    _prepare(session, session.new, new=True)
    _prepare(session, changed, new=False)
    auditor = session.info.get("auditor")
    if auditor is None:
        if any(isinstance(row, Record) for row in [*session.new, *changed, *session.deleted]):
            raise RuntimeError("a record is written outside services.changes.writing()")
        return
    entries = auditor(session)
    session.add_all(entries)
    known = {id(row) for row in changed}
    followed = [row for row in session.dirty if id(row) not in known and session.is_modified(row)]
    _prepare(session, followed, new=False)
    _prepare(session, [row for row in session.new if getattr(row, "id", 0) is None], new=True)
    _parents_first(session, context)


def _parents_first(session: Session, context: UOWTransaction) -> None:
    """Order the inserts of a flush by foreign keys: rows name each other by key here, not through relationships."""
    saves: Any = _SaveUpdateAll
    mappers = {inspect(type(row)).local_table: inspect(type(row)) for row in session.new}
    for table, child in mappers.items():
        parents = {key.column.table for key in table.foreign_keys} & mappers.keys() - {table}
        for parent in parents:
            context.dependencies.add((saves(context, mappers[parent]), saves(context, child)))


def _give_keys(session: Session, rows: Sequence[Any]) -> None:
    tables: dict[str, list[Any]] = {}
    for row in rows:
        tables.setdefault(type(row).__table__.name, []).append(row)
    for table, some in tables.items():
        for row, key in zip(some, take_keys(session, table=table, count=len(some)), strict=True):
            row.id = key


def _prepare(session: Session, rows: Any, *, new: bool) -> None:
    now = clock.now()
    rows = list(rows)
    _give_keys(session, [row for row in rows if isinstance(row, Keyed) and getattr(row, "id", None) is None])
    for row in rows:
        if isinstance(row, Marked):
            row.rev = stamp(session)
        if isinstance(row, Record):
            row.updated_at = now
            if new and getattr(row, "created_at", None) is None:
                row.created_at = now
            if new:
                _fill_defaults(row)
        if isinstance(row, Record) and isinstance(row, Searchable):
            row.search_text = search_text(row)


def _fill_defaults(row: Record) -> None:
    """Set what the columns would get by default before the audit log looks: an undo compares every field with it."""
    state = inspect(row)
    for column in state.mapper.columns:
        default: Any = column.default
        if default is not None and column.key not in state.dict and column.key != "version":
            setattr(row, column.key, default.arg if default.is_scalar else default.arg(None))
