"""Bringing a record back from the recycle bin, with what went there together with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor, Part
from crm_data.errors import CrmError, NotFoundError
from crm_data.models import Record
from crm_data.services import bin, changes
from crm_data.services.outcomes import model_of
from crm_data.vocabulary import N_, Action, ChangeAction


def restore(session: Session, actor: Actor, *, kind: str, record_id: int) -> int:
    """Bring back a record and the parts that went into the bin with it; give the number of records.

    Raises NotFoundError when it is not in the bin, NotAllowedError without the right to delete it, and CrmError when
    what it is a part of lies in the bin itself.
    """
    model = model_of(kind)
    row = session.get(model, record_id)
    if row is None or row.deleted_at is None:
        raise NotFoundError(N_("This record is not in the recycle bin any more."))
    access.demand(session, actor, row, action=Action.DELETE)
    _refuse_orphan(session, row)
    rows = [row, *_gone_with(session, row)]
    for each in rows:
        each.deleted_at = None
    changes.current(session).action = ChangeAction.RESTORE
    session.flush()
    return len(rows)


def _gone_with(session: Session, row: Record) -> list[Record]:
    """List the parts that were put away in the same instant; earlier ones were deleted for a reason of their own."""
    found: list[Record] = []
    for model, link in bin.part_links(row.__tablename__):
        column: Any = getattr(model, link)
        found += session.scalars(select(model).where(column == row.id, model.deleted_at == row.deleted_at)).all()
    return found


def _refuse_orphan(session: Session, row: Record) -> None:
    rule = access.RULES[type(row)]
    whole = session.get(rule.of, getattr(row, rule.column)) if isinstance(rule, Part) else None
    if whole is not None and getattr(whole, "deleted_at", None) is not None:
        raise CrmError(N_("It is part of a record that is in the recycle bin too. Restore that one first."))
