"""What a stage of the pipeline asks of an opportunity, and what follows from entering it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data.errors import InvalidError, NotFoundError
from crm_data.models import Opportunity, Stage
from crm_data.vocabulary import N_, StageKind

# Closing needs these whatever an administrator asks for: without them a result could not be counted.
_ALWAYS: Mapping[StageKind, tuple[str, ...]] = {
    StageKind.OPEN: (),
    StageKind.WON: ("amount", "closed_on"),
    StageKind.LOST: ("lost_reason", "closed_on"),
}
# What a stage may ask for, beside what closing needs.
REQUIRABLE = ("amount", "expected_close_on", "contact_id", "competitor", "next_step", "next_step_on")

_SENTENCES = {
    "amount": N_("This stage needs an amount."),
    "closed_on": N_("Say on which day it was closed."),
    "lost_reason": N_("Say why it was lost."),
}


def needs(*, kind: StageKind, required: Iterable[str]) -> tuple[str, ...]:
    """Give the fields that must be filled to be in a stage."""
    return tuple(dict.fromkeys([*required, *_ALWAYS[kind]]))


def asks(*, kind: StageKind, required: Iterable[str], filled: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the fields that a person must still be asked for on entering a stage; a closing day always.

    `filled` has the opportunity's values as they are.
    """
    return tuple(name for name in needs(kind=kind, required=required) if filled.get(name) in (None, ""))


def stage(session: Session, stage_id: int | None) -> Stage:
    """Load a stage, or the first open one when none is named."""
    if stage_id is None:
        wanted = select(Stage).where(Stage.deleted_at.is_(None), Stage.kind == StageKind.OPEN)
        return session.scalars(wanted.order_by(Stage.position, Stage.id).limit(1)).one()
    found = session.get(Stage, stage_id)
    if found is None or found.deleted_at is not None:
        raise NotFoundError(N_("This stage does not exist any more. Open the page again."))
    return found


def enter(row: Opportunity, place: Stage, *, today: date, closed_on: date | None = None) -> None:
    """Put an opportunity into a stage: outcome, closing day and probability follow.

    A closed opportunity is certain, so a probability that a person set ends there; an open one has no closing day.
    """
    if place.kind == StageKind.OPEN:
        row.closed_on = None
    else:
        stays = row.outcome == place.kind and row.closed_on is not None
        row.closed_on = closed_on or (row.closed_on if stays else today)
        row.probability_set = False
    if place.kind != StageKind.LOST:
        row.lost_reason = None
    row.stage_id, row.outcome = place.id, place.kind
    if not row.probability_set:
        row.probability = place.probability


def complete(row: Opportunity, place: Stage) -> list[Callable[[], None]]:
    """List the checks that everything which the stage needs is filled in."""
    return [_check(row, name) for name in needs(kind=place.kind, required=place.required_fields or ())]


def _check(row: Opportunity, name: str) -> Callable[[], None]:
    def check() -> None:
        if getattr(row, name) in (None, ""):
            raise InvalidError(_SENTENCES.get(name, N_("This stage needs this field filled in.")), field=name)

    return check
