"""The dated log of every opportunity: its events and its stays in the stages, written with the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.models import Base, Opportunity, OpportunityEvent, StageStay
from crm_data.services import changes
from crm_data.terms import today
from crm_data.vocabulary import OpportunityEventKind, StageKind

_FIELDS = {
    "stage_id": OpportunityEventKind.STAGE,
    "amount": OpportunityEventKind.AMOUNT,
    "expected_close_on": OpportunityEventKind.EXPECTED_CLOSE,
    "owner_id": OpportunityEventKind.OWNER,
    "probability": OpportunityEventKind.PROBABILITY,
}


@dataclass(frozen=True)
class _Entry:
    """What the rows of one writing share: the opportunity, the moment and who wrote."""

    row: Opportunity
    at: datetime
    user_id: int | None

    def event(self, kind: OpportunityEventKind, *, on: date, old: Any = None, new: Any = None) -> OpportunityEvent:
        return OpportunityEvent(
            opportunity_id=self.row.id,
            customer_id=self.row.customer_id,
            kind=kind,
            old=None if old is None else str(old),
            new=None if new is None else str(new),
            at=self.at,
            on=on,
            user_id=self.user_id,
        )

    def stay(self, *, on: date) -> StageStay:
        return StageStay(
            opportunity_id=self.row.id,
            customer_id=self.row.customer_id,
            stage_id=self.row.stage_id,
            entered_on=on,
            entered_at=self.at,
        )


def beginning(row: Opportunity, *, user_id: int | None) -> list[Base]:
    """Give the first rows of a new opportunity's log; one brought in closed has its stage from its closing day on."""
    entry = _Entry(row, clock.now(), user_id)
    closed = row.closed_on if row.outcome != StageKind.OPEN else None
    made: list[Base] = [entry.event(OpportunityEventKind.CREATED, on=row.opened_on)]
    for name, kind in _FIELDS.items():
        if getattr(row, name) is not None:
            on = closed if closed and kind in {OpportunityEventKind.STAGE, OpportunityEventKind.PROBABILITY} else None
            made.append(entry.event(kind, on=on or row.opened_on, new=getattr(row, name)))
    return [*made, entry.stay(on=closed or row.opened_on)]


@changes.follows(Opportunity, when=_FIELDS)
def _trace(session: Session, actor: Actor, row: Opportunity, before: Mapping[str, Any]) -> Sequence[Base]:
    if not inspect(row).persistent:
        return beginning(row, user_id=actor.user_id)
    on = today(session)
    if "stage_id" in before and row.outcome != StageKind.OPEN and row.closed_on is not None:
        on = row.closed_on
    entry = _Entry(row, clock.now(), actor.user_id)
    made: list[Base] = [
        entry.event(kind, on=on, old=before[name], new=getattr(row, name))
        for name, kind in _FIELDS.items()
        if name in before
    ]
    if "stage_id" in before:
        _leave(session, row, on=on)
        made.append(entry.stay(on=on))
    return made


def _leave(session: Session, row: Opportunity, *, on: date) -> None:
    wanted = select(StageStay).where(StageStay.opportunity_id == row.id, StageStay.left_at.is_(None))
    for stay in session.scalars(wanted):
        stay.left_on, stay.left_at, stay.next_stage_id = max(on, stay.entered_on), clock.now(), row.stage_id
        stay.rev = db.stamp(session)  # marks are given before the log is written, so this row has missed its own
