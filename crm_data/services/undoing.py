"""Taking back what was done: a whole change set, or one field of a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, inspect, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, NotFoundError, UndoConflictError
from crm_data.models import AuditEntry, Base, ChangeSet, Record
from crm_data.models.base import Instant
from crm_data.services import campaign_members, changes, customers, opportunity_traces, responses
from crm_data.vocabulary import N_, Action, ChangeAction

# Whatever undoes a change must write the traces that a change leaves; the modules register them when they are loaded.
_TRACING = (campaign_members, customers, opportunity_traces, responses)
_TAKEN_BACK = {ChangeAction.CREATE, ChangeAction.EDIT, ChangeAction.DELETE, ChangeAction.RESTORE}


def undo(session: Session, actor: Actor, change_set_id: int) -> int:
    """Put every record of a change set back as it was before and give the number of records.

    What was created goes to the bin, what was deleted comes back, what was edited gets its old values: as a change set
    of its own, which can be undone too.

    Raises UndoConflictError listing the fields that later work changed; nothing is written then.
    """
    change_set = session.get(ChangeSet, change_set_id)
    if change_set is None:
        raise NotFoundError(N_("There is no change {number}."), number=change_set_id)
    if change_set.undone_at is not None:
        raise CrmError(N_("Change {number} was undone already."), number=change_set_id)
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.change_set_id == change_set_id, AuditEntry.action.in_(_TAKEN_BACK))
        .order_by(AuditEntry.id.desc())
    ).all()
    if not entries:
        raise CrmError(N_("Change {number} wrote nothing that can be undone."), number=change_set_id)
    rows = [(entry, _row(session, entry)) for entry in entries]
    _refuse_conflicts(rows)
    for entry, row in rows:
        access.demand(session, actor, row, action=_right(entry))
        _take_back(entry, row)
    change_set.undone_at = clock.now()
    change = changes.current(session).change_set
    assert change is not None
    change.undoes_id = change_set_id
    session.flush()
    return len(rows)


def restore_value(session: Session, actor: Actor, entry_id: int, *, field: str) -> None:
    """Give one field of a record the value it had before an audit entry."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.before is None or field not in entry.before:
        raise NotFoundError(N_("This entry of the history has no earlier value."))
    row = _row(session, entry)
    access.demand(session, actor, row, action=Action.EDIT)
    _refuse_secret(field)
    setattr(row, field, decoded(row, field, entry.before[field]))
    session.flush()


def decoded(row: Base | type[Base], field: str, value: Any) -> Any:
    """Turn a value of the audit log back into the field's own type."""
    column = inspect(row if isinstance(row, type) else type(row)).columns[field]
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    choices = getattr(column.type, "enum_class", None)
    return choices(value) if choices else value


def model_of(kind: str) -> type[Record]:
    """Give the model whose table has this name."""
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == kind and issubclass(mapper.class_, Record):
            return mapper.class_
    raise NotFoundError(N_("This kind of record cannot be changed."))


def _row(session: Session, entry: AuditEntry) -> Record:
    row = session.get(model_of(entry.record_kind), entry.record_id)
    if row is None:
        raise NotFoundError(N_("A record of this change does not exist any more."))
    return row


def _refuse_conflicts(rows: list[tuple[AuditEntry, Record]]) -> None:
    expected: dict[tuple[str, int], dict[str, Any]] = {}
    clashes: list[tuple[str, int, str]] = []
    for entry, row in rows:  # newest first: an older entry's outcome may be overwritten within the same change set
        key = (entry.record_kind, row.id)
        known = expected.setdefault(key, {})
        for field, after in _outcome(entry).items():
            if field not in known and changes.encoded(getattr(row, field)) != after and after != "•••":
                clashes.append((*key, field))
            known[field] = after
    if clashes:
        message = N_("This cannot be undone: {count} fields were changed again since then.")
        raise UndoConflictError(message, records=clashes, count=len(clashes))


def _outcome(entry: AuditEntry) -> Mapping[str, Any]:
    after = entry.after or {}
    if entry.action is not ChangeAction.CREATE:
        return after
    columns = inspect(model_of(entry.record_kind)).column_attrs
    return {column.key: after.get(column.key) for column in columns if column.key not in changes.SILENT | {"id"}}


def _take_back(entry: AuditEntry, row: Record) -> None:
    if entry.action is ChangeAction.CREATE:
        row.deleted_at = clock.now()
        return
    for field, value in (entry.before or {}).items():
        _refuse_secret(field)
        setattr(row, field, decoded(row, field, value))


def _refuse_secret(field: str) -> None:
    if field in {"password_hash", "token_sha256"}:
        raise CrmError(N_("A password cannot be brought back; set a new one."))


def _right(entry: AuditEntry) -> Action:
    return Action.DELETE if entry.action in {ChangeAction.CREATE, ChangeAction.DELETE} else Action.EDIT
