"""Takes the demo company away again, and nothing that a person made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from crm_data import access, schema
from crm_data.errors import CrmError
from crm_data.models import Base, Record, Setting, User
from crm_data.seed import stretches
from crm_data.seed.stretches import Stretches
from crm_data.services import changes
from crm_data.vocabulary import N_, Action, ChangeAction, Module, Role

_AT_ONCE = 500
_Kept = dict[str, set[int]]


@dataclass(frozen=True)
class Removed:
    """How many rows are gone, and how many of each table stay because somebody's own records stand on them."""

    rows: int
    kept: Mapping[str, int]


def remove(session: Session) -> Removed:
    """Delete the demo company's rows for good and name the database anew, so that every copy of it is rebuilt.

    Own records stay, those in the recycle bin too, and with them the demo records that they name: a demo customer with
    an own contract remains, its other contracts go. Demo users that own records name are closed. What was changed on
    demo records goes with them. Raises CrmError when there is no demo company, or nobody but demo people to run this.
    """
    access.require(changes.current(session).actor, Module.SETTINGS, Action.CONFIGURE)
    noted = stretches.noted(session)
    if not noted:
        raise CrmError(N_("There is no demo company here."))
    _refuse_without_administrator(session)
    session.flush()
    changes.current(session).action = ChangeAction.DEMO
    kept = _stood_upon(session, noted)
    doomed = {name: stretches.without(parts, kept[name]) for name, parts in noted.items()}
    rows = sum(_delete(session, table, doomed) for table in reversed(Base.metadata.sorted_tables))
    _close_users(session, kept.get(User.__tablename__, set()))
    stretches.note(session, {name: stretches.joined(keys) for name, keys in kept.items() if keys})
    session.scalars(select(Setting).where(Setting.key == "database_id")).one().value = schema.new_database_id()
    session.flush()
    return Removed(rows, {name: len(keys) for name, keys in kept.items() if keys})


def _refuse_without_administrator(session: Session) -> None:
    own = select(User.id).where(
        User.role == Role.ADMIN, User.active, User.approved, User.is_demo.is_(False), User.deleted_at.is_(None),
        User.password_hash.is_not(None),
    )  # fmt: skip
    if session.scalar(own.limit(1)) is None:
        raise CrmError(
            N_("Add an administrator of your own first; without the demo company nobody could sign in any more.")
        )


def _stood_upon(session: Session, noted: Mapping[str, Stretches]) -> _Kept:
    """Find the demo rows that own records name, directly or through another demo row that stays."""
    kept: _Kept = {name: set() for name in noted}
    tables = list(reversed(Base.metadata.sorted_tables))
    before = -1
    while before < (found := sum(map(len, kept.values()))):
        before = found
        for table in tables:
            for column, parent in _links(table, noted):
                kept[parent] |= set(_named(session, table, column, noted[parent], own=noted.get(table.name, ())))
                kept[parent] |= set(_named_by_kept(session, table, column, noted[parent], kept.get(table.name, set())))
    return kept


def _links(table: Table, noted: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Give the columns of a table that name rows of tables with demo rows."""
    for key in table.foreign_keys:
        if key.column.table.name in noted:
            yield key.parent, key.column.table.name


def _named(session: Session, table: Table, column: Any, parents: Stretches, *, own: Stretches) -> Iterator[int]:
    """Give the demo rows that own records name: traces, which nobody edits, keep nothing alive."""
    if table.name not in _record_tables():
        return
    for first, last in parents:
        wanted = select(column).distinct().where(column.between(first, last))
        for start, end in own:
            wanted = wanted.where(~table.c.id.between(start, end))
        yield from session.scalars(wanted)


def _named_by_kept(
    session: Session, table: Table, column: Any, parents: Stretches, kept: Iterable[int]
) -> Iterator[int]:
    keys = sorted(kept)
    for start in range(0, len(keys), _AT_ONCE):
        some = table.c.id.in_(keys[start : start + _AT_ONCE])
        for value in session.scalars(select(column).distinct().where(some, column.is_not(None))):
            if any(first <= value <= last for first, last in parents):
                yield value


def _delete(session: Session, table: Table, doomed: Mapping[str, Stretches]) -> int:
    """Delete a table's doomed rows, and the traces of doomed rows that were left by own work."""
    connection = session.connection()
    gone = 0
    upwards = [key.parent for key in table.foreign_keys if key.column.table is table]
    for first, last in doomed.get(table.name, ()) if upwards else ():
        parentless = dict.fromkeys(upwards)  # MariaDB looks at every single row of a statement
        connection.execute(update(table).where(table.c.id.between(first, last)).values(parentless))
    for first, last in doomed.get(table.name, ()):
        gone += connection.execute(delete(table).where(table.c.id.between(first, last))).rowcount
    for key in table.foreign_keys if table.name not in _record_tables() else ():
        for first, last in doomed.get(key.column.table.name, ()):
            connection.execute(delete(table).where(key.parent.between(first, last)))
    return gone


def _close_users(session: Session, keys: set[int]) -> None:
    for user in session.scalars(select(User).where(User.id.in_(keys))):
        user.active, user.password_hash = False, None
        user.session_version += 1
    session.flush()


def _record_tables() -> set[str]:
    return {mapper.class_.__tablename__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)}
