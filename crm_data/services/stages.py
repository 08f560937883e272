"""The pipeline as data: an administrator names, orders, adds and removes its stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access, clock, db
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Opportunity, Stage
from crm_data.models.base import fold
from crm_data.services import changes, checks, pipeline
from crm_data.vocabulary import N_, Action, Module, StageKind

EDITABLE = ("name", "probability", "stalled_after_days", "definition", "required_fields")


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Stage:
    """Add a stage; it stands after the last of its kind's group: open ones before won, won before lost."""
    access.require(actor, Module.SETTINGS, Action.CREATE)
    row = Stage(**{"kind": StageKind.OPEN, "required_fields": []} | checks.only(values, (*EDITABLE, "kind")))
    row.id = db.take_keys(session, table=Stage.__tablename__)[0]
    row.key = f"stage-{row.id}"
    row.probability = {StageKind.WON: 100, StageKind.LOST: 0}.get(row.kind, row.probability)
    order = listed(session)
    kinds = list(StageKind)
    behind = [stage for stage in order if kinds.index(stage.kind) <= kinds.index(row.kind)]
    row.position = len(behind) + 1
    _check(session, row)
    for place, stage in enumerate(order[len(behind) :], start=row.position + 1):
        stage.position = place
    session.add(row)
    session.flush()
    return row


def edit(
    session: Session, actor: Actor, stage_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Stage:
    """Change a stage; the probability of the open opportunities in it follows where nobody set it."""
    row = access.fetch(session, actor, Stage, stage_id, action=Action.EDIT)
    changed = changes.apply_edit(row, version=version, base=base, mine=checks.only(mine, EDITABLE))
    _check(session, row)
    session.flush()
    if "probability" in changed:
        wanted = select(Opportunity).where(Opportunity.stage_id == row.id, Opportunity.probability_set.is_(False))
        for opportunity in session.scalars(wanted):
            opportunity.probability = row.probability
        session.flush()
    return row


def reorder(session: Session, actor: Actor, stage_ids: Sequence[int]) -> None:
    """Bring the stages into another order; all of them must be named, open ones before the closed."""
    access.require(actor, Module.SETTINGS, Action.EDIT)
    stages = {stage.id: stage for stage in listed(session)}
    if sorted(stages) != sorted(stage_ids):
        raise CrmError(N_("The stages have changed meanwhile. Open the page again."))
    kinds = [stages[stage_id].kind is not StageKind.OPEN for stage_id in stage_ids]
    if kinds != sorted(kinds):
        raise CrmError(N_("Won and lost stand after the open stages."))
    for place, stage_id in enumerate(stage_ids, start=1):
        stages[stage_id].position = place
    session.flush()


def delete(session: Session, actor: Actor, stage_id: int) -> None:
    """Remove a stage that no opportunity is in and that is not the last of its kind."""
    row = access.fetch(session, actor, Stage, stage_id, action=Action.DELETE)
    if not [stage for stage in listed(session) if stage.kind is row.kind and stage.id != row.id]:
        raise CrmError(N_("The pipeline needs at least one stage of this kind."))
    used = select(func.count()).where(Opportunity.stage_id == row.id, Opportunity.deleted_at.is_(None))
    count = session.scalar(used) or 0
    if count:
        raise CrmError(N_("There are {count} opportunities in this stage. Move them first."), count=count)
    row.deleted_at = clock.now()
    session.flush()


def listed(session: Session) -> Sequence[Stage]:
    """List the stages in order."""
    return session.scalars(select(Stage).where(Stage.deleted_at.is_(None)).order_by(Stage.position, Stage.id)).all()


def _check(session: Session, row: Stage) -> None:
    checks.all_of(
        lambda: checks.filled(row, "name", "probability"),
        lambda: _own_name(session, row),
        lambda: checks.short_enough(row),
        lambda: _probability(row.kind, row.probability),
        lambda: checks.not_negative(row, "stalled_after_days"),
        lambda: _required(row),
    )


def _own_name(session: Session, row: Stage) -> None:
    with session.no_autoflush:
        taken = {fold(stage.name) for stage in listed(session) if stage.id != row.id}
    if row.name and fold(row.name) in taken:
        raise InvalidError(N_("“{value}” is taken by another record."), field="name", value=row.name)


def _probability(kind: StageKind, probability: int | None) -> None:
    if probability is not None and not 0 <= probability <= 100:
        raise InvalidError(N_("A probability lies between 0 and 100."), field="probability")
    fixed = {StageKind.WON: 100, StageKind.LOST: 0}.get(kind)
    if fixed is not None and probability not in {None, fixed}:
        raise InvalidError(N_("Won is certain and lost is not: 100 and 0."), field="probability")


def _required(row: Stage) -> None:
    # A new list, because a list that is changed in place is not seen as a change.
    row.required_fields = list(row.required_fields)
    if unknown := set(row.required_fields) - {*pipeline.REQUIRABLE, "lost_reason"}:
        raise InvalidError(
            N_("A stage cannot ask for “{field_name}”."), field="required_fields", field_name=min(unknown)
        )
