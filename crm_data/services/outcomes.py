"""What an entry of the audit log says: its values in their own types, and whether later work changed them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, inspect

from crm_data import clock
from crm_data.errors import CrmError, NotFoundError
from crm_data.models import AuditEntry, Base, Record
from crm_data.models.base import Instant
from crm_data.services import changes
from crm_data.vocabulary import N_, Action, ChangeAction

Place = tuple[str, int, str]

_HIDDEN = "•••"
_SECRETS = {"password_hash", "token_sha256"}


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


def outcome(kind: str, *, action: ChangeAction, after: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Give the values that a record had after an entry: of a new record all of them, empty ones too."""
    known = after or {}
    if action is not ChangeAction.CREATE:
        return known
    columns = inspect(model_of(kind)).column_attrs
    return {column.key: known.get(column.key) for column in columns if column.key not in changes.SILENT | {"id"}}


def differing(values: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    """Name the fields whose present value is another one than the log's; secrets are not compared."""
    for field, after in wanted.items():
        if after != _HIDDEN and changes.encoded(values[field]) != after:
            yield field


def clashes(pairs: Iterable[tuple[AuditEntry, Record]]) -> list[Place]:
    """List (kind, id, field) that later work changed; of several entries for one record the newest comes first."""
    expected: dict[tuple[str, int], dict[str, Any]] = {}
    found: list[Place] = []
    for entry, row in pairs:  # an older entry's outcome may be overwritten within the same change set
        key = (entry.record_kind, row.id)
        known = expected.setdefault(key, {})
        wanted = outcome(entry.record_kind, action=entry.action, after=entry.after)
        fresh = {field: after for field, after in wanted.items() if field not in known}
        found += [(*key, field) for field in differing({field: getattr(row, field) for field in fresh}, fresh)]
        known.update(wanted)
    return found


def take_back(entry: AuditEntry, row: Record) -> None:
    """Put a record back as it was before an entry; what was created goes to the bin."""
    if entry.action is ChangeAction.CREATE:
        row.deleted_at = clock.now()
        return
    for field, value in (entry.before or {}).items():
        refuse_secret(field)
        setattr(row, field, decoded(row, field, value))


def refuse_secret(field: str) -> None:
    """Raise CrmError for a field whose earlier value is kept nowhere."""
    if field in _SECRETS:
        raise CrmError(N_("A password cannot be brought back; set a new one."))


def right(action: ChangeAction) -> Action:
    """Give the permission that taking back an entry asks for."""
    return Action.DELETE if action in {ChangeAction.CREATE, ChangeAction.DELETE} else Action.EDIT
