"""Changing many records at once, as one act that can be undone as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, NotAllowedError
from crm_data.models import Record, User
from crm_data.services import bin, changes, checks, undoing
from crm_data.vocabulary import N_, Action, ChangeAction

# What may be set for many records at once, by table.
FIELDS = {
    "customers": ("owner_id", "category", "tier", "region", "industry", "source", "credit_rating"),
    "opportunities": ("owner_id", "forecast_category", "source"),
    "contracts": ("owner_id", "region"),
    "tasks": ("assignee_id", "due_on"),
    "campaigns": ("owner_id",),
}

_PEOPLE = {"owner_id", "assignee_id"}


def set_field(session: Session, actor: Actor, *, kind: str, ids: Sequence[int], field: str, value: Any) -> int:
    """Give one field of several records the same value and tell how many changed.

    Raises NotAllowedError when one of them is not the actor's to change: nothing is written then.
    """
    if field not in FIELDS[kind]:
        raise KeyError(field)
    rows = _rows(session, actor, kind=kind, ids=ids, action=Action.BULK)
    touched = [row for row in rows if getattr(row, field) != value]
    with session.no_autoflush:
        for row in touched:
            setattr(row, field, value)
            _check(session, row, field)
    session.flush()
    return len(touched)


def add_tag(session: Session, actor: Actor, *, kind: str, ids: Sequence[int], tag: str) -> int:
    """Give several records a tag and tell how many did not have it."""
    if not tag.strip():
        raise CrmError(N_("Type the tag first."))
    rows: Any = _rows(session, actor, kind=kind, ids=ids, action=Action.BULK)
    touched = [row for row in rows if tag.strip() not in (row.tags or [])]
    for row in touched:
        row.tags = [*(row.tags or []), tag.strip()]
    session.flush()
    return len(touched)


def delete(session: Session, actor: Actor, *, kind: str, ids: Sequence[int]) -> int:
    """Put several records with their parts into the bin and tell how many records in all."""
    access.require(actor, access.module_of(undoing.model_of(kind)), Action.BULK)
    rows = _rows(session, actor, kind=kind, ids=ids, action=Action.DELETE)
    count = sum(sum(bin.delete_with_parts(session, row).values()) for row in rows if row.deleted_at is None)
    changes.current(session).action = ChangeAction.DELETE
    return count


def _check(session: Session, row: Record, field: str) -> None:
    if not row.__table__.columns[field].nullable:
        checks.filled(row, field)
    checks.short_enough(row)
    owner = session.get(User, getattr(row, field)) if field in _PEOPLE and getattr(row, field) is not None else None
    if owner is not None and (not owner.active or owner.deleted_at is not None):
        raise InvalidError(N_("This user cannot own records. Choose somebody who is active."), field=field)


def _rows(session: Session, actor: Actor, *, kind: str, ids: Sequence[int], action: Action) -> Sequence[Record]:
    model: Any = undoing.model_of(kind)
    access.require(actor, access.module_of(model), action)
    wanted = access.visible(actor, select(model).where(model.id.in_(ids)), model, action=action)
    rows = session.scalars(wanted).all()
    if len(rows) < len(set(ids)):
        message = N_("{count} of the chosen records are not yours to change. Nothing was changed.")
        raise NotAllowedError(message, count=len(set(ids)) - len(rows))
    return rows
