"""Taking back what was done: a whole change set, or one field of a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import ModuleType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, NotFoundError
from crm_data.models import AuditEntry, ChangeSet, Record
from crm_data.services import (
    activities,
    campaign_members,
    campaigns,
    changes,
    contacts,
    contracts,
    customers,
    mass_undoing,
    opportunities,
    opportunity_traces,
    products,
    responses,
    surveys,
    tasks,
    users,
)
from crm_data.services.outcomes import clashes, decoded, model_of, right, take_back
from crm_data.vocabulary import N_, ChangeAction

__all__ = ["TAKEN_BACK", "decoded", "model_of", "restorable", "restore_value", "undo"]

Pair = tuple[AuditEntry, Record]
# Restoring a value is an edit like any other, with all its checks and consequences.
_EDITING: Mapping[str, ModuleType] = {
    "activities": activities, "campaigns": campaigns, "contacts": contacts, "contracts": contracts,
    "customers": customers, "opportunities": opportunities, "products": products, "surveys": surveys, "tasks": tasks,
    "users": users,
}  # fmt: skip

# Whatever undoes a change must write the traces that a change leaves; the modules register them when they are loaded.
_TRACING = (campaign_members, customers, opportunity_traces, responses, users)
TAKEN_BACK = mass_undoing.TAKEN_BACK
_FEW = 300


def undo(session: Session, actor: Actor, change_set_id: int) -> int:
    """Put every record of a change set back as it was before and give the number of entries taken back.

    What was created goes to the bin with its parts, what was deleted comes back, what was edited gets its old values:
    as a change set of its own, which can be undone too.

    Raises UndoConflictError listing where later work stands on it; nothing is written then.
    """
    change_set = _open_change(session, change_set_id)
    wanted = select(AuditEntry).where(AuditEntry.change_set_id == change_set_id, AuditEntry.action.in_(TAKEN_BACK))
    count = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    if not count:
        raise CrmError(N_("Change {number} wrote nothing that can be undone."), number=change_set_id)
    _mark(session, change_set)
    change = changes.current(session).change_set
    assert change is not None
    change.undoes_id = change_set_id
    session.flush()
    if count > _FEW:
        mass_undoing.undo(session, actor, change_set_id)
    else:
        _take_back(session, actor, session.scalars(wanted.order_by(AuditEntry.id.desc())).all())
    return count


def restore_value(session: Session, actor: Actor, entry_id: int, *, field: str) -> None:
    """Give one field of a record the value it had before an audit entry.

    Raises what an edit of the field raises, and CrmError for what only follows from a step, such as an outcome.
    """
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.before is None or field not in entry.before:
        raise NotFoundError(N_("This entry of the history has no earlier value."))
    if not restorable(entry.record_kind, field):
        raise CrmError(N_("This value follows from a step that was taken. Take the step back instead."))
    row = _row(session, entry)
    _EDITING[entry.record_kind].edit(
        session, actor, row.id, version=row.version,
        base={field: getattr(row, field)}, mine={field: decoded(row, field, entry.before[field])},
    )  # fmt: skip


def restorable(kind: str, field: str) -> bool:
    """Tell whether a field of a kind of record can be given an earlier value by itself."""
    return kind in _EDITING and field in _EDITING[kind].EDITABLE


def _open_change(session: Session, change_set_id: int) -> ChangeSet:
    change_set = session.get(ChangeSet, change_set_id, with_for_update=True)
    if change_set is None:
        raise NotFoundError(N_("There is no change {number}."), number=change_set_id)
    if change_set.undone_at is not None:
        raise CrmError(N_("Change {number} was undone already."), number=change_set_id)
    return change_set


def _mark(session: Session, change_set: ChangeSet) -> None:
    """Mark a change as undone; what it had undone itself is in force again, and so on along the chain."""
    now = clock.now()
    change_set.undone_at = now
    undone, link = True, change_set
    while link.undoes_id is not None:
        link, undone = session.get_one(ChangeSet, link.undoes_id), not undone
        link.undone_at = now if undone else None


def _take_back(session: Session, actor: Actor, entries: Sequence[AuditEntry]) -> None:
    pairs = [(entry, _row(session, entry)) for entry in entries]
    created, own = defaultdict[str, list[int]](list), defaultdict[str, set[int]](set)
    for entry, row in pairs:
        own[entry.record_kind].add(row.id)
        if entry.action is ChangeAction.CREATE:
            created[entry.record_kind].append(row.id)
    later, along = mass_undoing.hanging(session, created, own=own)
    if places := clashes(pairs) + later:
        raise mass_undoing.conflict(places)
    for entry, row in _answered_for(session, pairs):
        access.demand(session, actor, row, action=right(entry.action))
    for entry, row in pairs:
        take_back(entry, row)
    session.flush()
    for kind, ids in along.items():
        mass_undoing.put_away(session, model_of(kind), ids, now=clock.now())


def _answered_for(session: Session, pairs: Sequence[Pair]) -> list[Pair]:
    """Leave out what only went along with its whole: the right to the whole decides, as it did when it was deleted."""
    wholes = defaultdict[str, list[int]](list)
    for entry, row in pairs:
        if entry.action is not ChangeAction.EDIT:
            wholes[entry.record_kind].append(row.id)
    free = mass_undoing.in_tow(session, wholes)
    return [(entry, row) for entry, row in pairs
            if entry.action is ChangeAction.EDIT or row.id not in free.get(entry.record_kind, set())]  # fmt: skip


def _row(session: Session, entry: AuditEntry) -> Record:
    row = session.get(model_of(entry.record_kind), entry.record_id)
    if row is None:
        raise NotFoundError(N_("A record of this change does not exist any more."))
    return row
