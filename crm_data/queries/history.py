"""Who changed what, from what to what: of one record, and of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import AuditEntry, ChangeSet, Record
from crm_data.queries import naming
from crm_data.queries.naming import Key
from crm_data.vocabulary import Action, ChangeAction, Module


def of_record(session: Session, actor: Actor, row: Record, *, limit: int = 100) -> list[AuditEntry]:
    """Give what happened to a record that the actor may see, newest first."""
    access.demand(session, actor, row, action=Action.VIEW)
    wanted = select(AuditEntry).where(
        AuditEntry.record_kind == row.__tablename__,
        AuditEntry.record_id == row.id,
    )
    return list(session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(limit)))


@dataclass(frozen=True)
class Sought:
    """What is looked for in the log: from `since` to before `until`; `before` (at, id) ends the page before."""

    search: str = ""
    actions: tuple[ChangeAction, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None


def log(session: Session, actor: Actor, *, sought: Sought, limit: int = 50) -> list[AuditEntry]:
    """Give one page of the log, newest first, of the people whose doings the actor may see."""
    access.require(actor, Module.AUDIT, Action.VIEW)
    people = actor.owner_ids(actor.scope(Module.AUDIT))
    wanted = select(AuditEntry) if people is None else select(AuditEntry).where(AuditEntry.user_id.in_(sorted(people)))
    if sought.search.strip():
        text = sought.search.strip()
        numbers = [AuditEntry.record_id == int(text)] if text.isascii() and text.isdigit() else []
        wanted = wanted.where(or_(AuditEntry.username.icontains(text, autoescape=True), *numbers))
    if sought.actions:
        wanted = wanted.where(AuditEntry.action.in_(sought.actions))
    if sought.kinds:
        wanted = wanted.where(AuditEntry.record_kind.in_(sought.kinds))
    if sought.since:
        wanted = wanted.where(AuditEntry.at >= sought.since)
    if sought.until:
        wanted = wanted.where(AuditEntry.at < sought.until)
    if sought.before:
        at, key = sought.before
        wanted = wanted.where(or_(AuditEntry.at < at, (AuditEntry.at == at) & (AuditEntry.id < key)))
    return list(session.scalars(wanted.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)))


def names(session: Session, actor: Actor, keys: Iterable[Key]) -> Mapping[Key, str]:
    """Give what the records in the log are called, by kind and key, to whoever may read the log."""
    access.require(actor, Module.AUDIT, Action.VIEW)
    return naming.names(session, keys)


def size(session: Session, actor: Actor, change_set_id: int) -> int:
    """Count the entries of one act."""
    access.require(actor, Module.AUDIT, Action.VIEW)
    return session.scalar(select(func.count()).where(AuditEntry.change_set_id == change_set_id)) or 0


def change_set(session: Session, actor: Actor, change_set_id: int) -> ChangeSet | None:
    """Give one act, where the actor may read the log or did it."""
    found = session.get(ChangeSet, change_set_id)
    if found is not None and found.user_id != actor.user_id:
        access.require(actor, Module.AUDIT, Action.VIEW)
    return found
