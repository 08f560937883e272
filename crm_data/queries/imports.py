"""Files that were imported: what became of their rows, and whether the import still stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.models import AuditEntry, ChangeSet
from crm_data.vocabulary import Action, ChangeAction, Module

_LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Import:
    """One import: its change set, the file, and how many rows have which verdict."""

    change_set_id: int
    at: datetime
    username: str
    kind: str
    file: str
    digest: str
    counts: Mapping[str, int]
    undone_at: datetime | None


def recent(session: Session, actor: Actor, *, limit: int = 10) -> list[Import]:
    """Give the last imports: all of them to whoever may read the log, else the actor's own."""
    return [_import(*row) for row in session.execute(_wanted(actor).limit(limit))]


def one(session: Session, actor: Actor, change_set_id: int) -> Import | None:
    """Give one import, if the actor may know of it."""
    row = session.execute(_wanted(actor).where(ChangeSet.id == change_set_id)).first()
    return None if row is None else _import(*row)


def same_file(session: Session, actor: Actor, *, digest: str, kind: str) -> Import | None:
    """Give the last import of the very same file that was not undone."""
    for entry, change_set in session.execute(_wanted(actor).limit(_LOOKED_THROUGH)):
        found = _import(entry, change_set)
        if (found.digest, found.kind) == (digest, kind) and found.undone_at is None:
            return found
    return None


def _wanted(actor: Actor) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(AuditEntry, ChangeSet)
        .join(ChangeSet, ChangeSet.id == AuditEntry.change_set_id)
        .where(AuditEntry.action == ChangeAction.IMPORT, AuditEntry.record_id.is_(None))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    return statement if actor.may(Module.AUDIT, Action.VIEW) else statement.where(ChangeSet.user_id == actor.user_id)


def _import(entry: AuditEntry, change_set: ChangeSet) -> Import:
    facts = entry.after or {}
    counts = {name: int(facts.get(name, 0)) for name in ("rows", "create", "update", "skip", "reject")}
    return Import(
        change_set.id, entry.at, entry.username, str(facts.get("imported", "")), str(facts.get("file", "")),
        str(facts.get("digest", "")), counts, change_set.undone_at,
    )  # fmt: skip
