"""Which rows are the demo company's: stretches of keys, written down with the change set that made them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data.errors import CrmError
from crm_data.models import AuditEntry
from crm_data.services import changes
from crm_data.vocabulary import N_, ChangeAction

_KIND = "demo"
Stretches = Sequence[tuple[int, int]]


def note(session: Session, stretches: Mapping[str, Stretches]) -> None:
    """Write down, in the change set under way, which rows of each table are the demo company's from now on."""
    keys = {table: [list(part) for part in parts] for table, parts in stretches.items()}
    changes.note_event(session, action=ChangeAction.DEMO, kind=_KIND, record_id=None, keys=keys)
    session.flush()


def noted(session: Session) -> dict[str, list[tuple[int, int]]]:
    """Give the demo company's stretches of keys by table; empty when there is no demo company."""
    wanted = select(AuditEntry.after).where(AuditEntry.record_kind == _KIND, AuditEntry.action == ChangeAction.DEMO)
    latest = session.scalar(wanted.order_by(AuditEntry.change_set_id.desc()).limit(1)) or {"keys": {}}
    return {table: [(first, last) for first, last in parts] for table, parts in latest["keys"].items()}


def refuse_second(session: Session) -> None:
    """Raise CrmError when the demo company is here already."""
    if noted(session):
        raise CrmError(N_("The demo company is here already. Remove it first: python -m crm_data demo --remove"))


def without(stretches: Stretches, kept: Iterable[int]) -> list[tuple[int, int]]:
    """Cut single keys out of stretches."""
    left = []
    cuts = sorted(set(kept))
    for first, last in stretches:
        start = first
        for cut in (key for key in cuts if first <= key <= last):
            if start < cut:
                left.append((start, cut - 1))
            start = cut + 1
        if start <= last:
            left.append((start, last))
    return left


def joined(keys: Iterable[int]) -> list[tuple[int, int]]:
    """Join single keys to stretches."""
    found: list[tuple[int, int]] = []
    for key in sorted(set(keys)):
        if found and found[-1][1] == key - 1:
            found[-1] = (found[-1][0], key)
        else:
            found.append((key, key))
    return found
