"""Every write and who made it: the writing door, the audit log, edits that meet each other, and undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, Table, insert, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.errors import AlreadyDoneError, ConflictError, FieldConflict
from crm_data.models import AuditEntry, Base, ChangeSet, FormNonce, Record
from crm_data.vocabulary import N_, ChangeAction

Row = TypeVar("Row", bound=Record)
Before = Mapping[str, Any]
Values = Mapping[str, Any]
Follow = Callable[[Session, Actor, Any, Before], Sequence[Base]]

# Fields that the machinery keeps, or that nobody needs to read twice.
SILENT = {"created_at", "updated_at", "version", "rev", "search_text", "last_seen_at", "session_version"}
_SECRET = {"password_hash", "token_sha256"}
_FOLLOWS: dict[type[Base], list[tuple[frozenset[str] | None, Follow]]] = {}
_NOTED_AT_ONCE = 5_000


@dataclass
class Change:
    """The act under way in a writing session: who, what, and its change set once something was written."""

    actor: Actor
    action: ChangeAction
    note: str | None = None
    change_set: ChangeSet | None = None
    seen: set[tuple[str, int]] = field(default_factory=set)


@contextmanager
def writing(
    bind: Engine, actor: Actor, *, action: ChangeAction, note: str | None = None, nonce: str | None = None
) -> Iterator[Session]:
    """Open the transaction of one act; all that it writes becomes one change set, committed at the end.

    `nonce` names the form that was sent: a second sending raises AlreadyDoneError and writes nothing.
    """
    with db.transaction(bind, auditor=_audit) as session:
        session.info["change"] = Change(actor, action, note)
        if nonce is not None:
            _spend(session, nonce)
        yield session


def current(session: Session) -> Change:
    """Give the act under way; its change set is made when it is first asked for."""
    change: Change = session.info["change"]
    if change.change_set is None:
        change.change_set = ChangeSet(
            id=db.take_keys(session, table=ChangeSet.__tablename__)[0],
            at=clock.now(),
            user_id=change.actor.user_id,
            username=change.actor.username,
            action=change.action,
            note=change.note,
        )
        session.add(change.change_set)
    return change


def change_set_id(session: Session) -> int:
    """Give the number under which the act under way can be undone."""
    session.flush()
    change_set = current(session).change_set
    assert change_set is not None
    return change_set.id


def follows(model: type[Base], *, when: Iterable[str] | None = None) -> Callable[[Follow], Follow]:
    """Register what follows from a new row of a model and from a change of one of the fields `when` (of any, if none).

    The function `(session, actor, row, before)` gives rows to add. `before` has the old values of the changed fields
    and is empty for a new row. So edits, imports and undo leave the same traces (events, stays, moves).
    """

    def register(follow: Follow) -> Follow:
        _FOLLOWS.setdefault(model, []).append((None if when is None else frozenset(when), follow))
        return follow

    return register


def is_traced(model: type[Base], fields: Iterable[str]) -> bool:
    """Tell whether something follows from a change of these fields, so that the rows must be changed one by one."""
    changed = set(fields)
    return any(when is None or when & changed for when, _follow in _FOLLOWS.get(model, []))


def note_event(session: Session, *, action: ChangeAction, kind: str, record_id: int | None, **facts: Any) -> None:
    """Write down an act that changes no record: a sign-in, an export."""
    session.add(_entry(session, action=action, kind=kind, record_id=record_id, before=None, after=facts or None))


def note_edits(session: Session, *, kind: str, edits: Sequence[tuple[int, Values, Values]]) -> None:
    """Write down edits that were made by statement: the record's key, the changed fields before and after."""
    change_set = current(session).change_set
    assert change_set is not None
    session.flush()  # the change set must be there before its entries
    same = {"change_set_id": change_set.id, "at": change_set.at, "user_id": change_set.user_id,
            "username": change_set.username, "record_kind": kind}  # fmt: skip
    for start in range(0, len(edits), _NOTED_AT_ONCE):
        part = edits[start : start + _NOTED_AT_ONCE]
        keys = db.take_keys(session, table=AuditEntry.__tablename__, count=len(part))
        rows = [{**same, "id": key, "record_id": record_id, "before": before, "after": after,
                 "action": _edit_action(before, after)}
                for key, (record_id, before, after) in zip(keys, part, strict=True)]  # fmt: skip
        session.execute(insert(cast("Table", AuditEntry.__table__)), rows)


def apply_edit(row: Row, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]) -> set[str]:
    """Set the fields that the person changed (`base` → `mine`) and give their names.

    When somebody saved meanwhile (`version` is not the row's), different fields merge by themselves; the same field
    with two new values raises ConflictError with what it was, theirs and mine, and nothing is set.
    """
    changed = {name: value for name, value in mine.items() if name not in base or base[name] != value}
    if row.version != version:
        clashes = {
            name: FieldConflict(base.get(name), getattr(row, name), value)
            for name, value in changed.items()
            if getattr(row, name) != base.get(name) and getattr(row, name) != value
        }
        if clashes:
            message = N_("Somebody else changed this record meanwhile. Choose for each field which value to keep.")
            raise ConflictError(message, fields=clashes, version=row.version)
    for name, value in changed.items():
        setattr(row, name, value)
    return set(changed)


def encoded(value: Any) -> Any:
    """Give a field's value as the audit log keeps it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def before_of(row: Base) -> dict[str, Any]:
    """Give the old values of the columns of a row that are about to be written."""
    state = inspect(row)
    changed = {}
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.has_changes() and history.deleted and history.deleted[0] != getattr(row, column.key):
            changed[column.key] = history.deleted[0]
        elif history.has_changes() and not history.deleted and state.persistent:
            changed[column.key] = None
    return changed


def _spend(session: Session, nonce: str) -> None:
    message = N_("This was saved already.")
    if session.get(FormNonce, nonce) is not None:
        raise AlreadyDoneError(message)
    session.add(FormNonce(nonce=nonce, at=clock.now()))
    try:
        session.flush()
    except IntegrityError as error:  # the other sending came through while this one looked
        raise AlreadyDoneError(message) from error


def _audit(session: Session) -> list[Base]:
    actor = session.info["change"].actor
    made: list[Base] = []
    for row in _about_to_be_written(session):
        before = before_of(row) if inspect(row).persistent else {}
        for when, follow in _FOLLOWS.get(type(row), []):
            if when is None or when & before.keys() or not inspect(row).persistent:
                made += follow(session, actor, row, before)
        if isinstance(row, Record):
            made += _entries(session, row, before)
    return made


def _about_to_be_written(session: Session) -> Iterator[Base]:
    """Give the new and changed rows, and those that a consequence changes on the way."""
    seen: set[int] = set()
    while rows := [row for row in [*session.new, *session.dirty] if id(row) not in seen and session.is_modified(row)]:
        for row in rows:
            seen.add(id(row))
            yield row


def _entries(session: Session, row: Record, before: Mapping[str, Any]) -> list[Base]:
    kind = row.__tablename__
    if inspect(row).persistent:
        old = {name: _kept(name, value) for name, value in before.items() if name not in SILENT}
        new = {name: _kept(name, getattr(row, name)) for name in old}
        if not old:
            return []
        return [_entry(session, action=_edit_action(old, new), kind=kind, record_id=row.id, before=old, after=new)]
    columns = inspect(row).mapper.column_attrs
    values = {column.key: getattr(row, column.key) for column in columns if column.key not in SILENT | {"id"}}
    after = {name: _kept(name, value) for name, value in values.items() if value is not None}
    return [_entry(session, action=ChangeAction.CREATE, kind=kind, record_id=row.id, before=None, after=after)]


def _edit_action(old: Mapping[str, Any], new: Mapping[str, Any]) -> ChangeAction:
    if "deleted_at" not in old:
        return ChangeAction.EDIT
    return ChangeAction.DELETE if new["deleted_at"] else ChangeAction.RESTORE


def _kept(name: str, value: Any) -> Any:
    return "•••" if name in _SECRET and value is not None else encoded(value)


def _entry(
    session: Session, *, action: ChangeAction, kind: str, record_id: int | None, before: Any, after: Any
) -> AuditEntry:
    change = current(session)
    assert change.change_set is not None
    return AuditEntry(
        change_set_id=change.change_set.id,
        at=change.change_set.at,
        user_id=change.actor.user_id,
        username=change.actor.username,
        action=action,
        record_kind=kind,
        record_id=record_id,
        before=before,
        after=after,
    )
