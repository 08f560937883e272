"""Opportunities: what may be written, how they move through the pipeline and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import ConflictError, FieldConflict, InvalidError, NotFoundError
from crm_data.models import Contact, Customer, Opportunity, Stage, User
from crm_data.services import bin, changes, checks, lines, numbering, opportunity_traces, pipeline
from crm_data.terms import terms, today
from crm_data.vocabulary import N_, Action, Module

EDITABLE = (
    "name", "contact_id", "amount", "currency", "probability", "expected_close_on", "closed_on", "forecast_category",
    "owner_id", "source", "source_campaign_id", "competitor", "next_step", "next_step_on", "lost_reason", "note",
)  # fmt: skip
_GIVEN_ONCE = ("customer_id", "stage_id", "number", "opened_on")
_MOST_AT_ONCE = 500
# The traces are written by registration; whoever writes opportunities must have them.
beginning = opportunity_traces.beginning


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Opportunity:
    """Add an opportunity in a stage (the first open one unless named), owned by the actor unless another is named.

    A probability that is given stays; without one it follows the stage.
    """
    access.require(actor, Module.OPPORTUNITIES, Action.CREATE)
    given = checks.only(values, EDITABLE + _GIVEN_ONCE)
    given |= {
        "owner_id": given.get("owner_id", actor.user_id),
        "currency": given.get("currency") or terms(session).base_currency,
        "opened_on": given.get("opened_on") or today(session),
        "probability_set": given.get("probability") is not None,
    }
    row = Opportunity(**given)
    place = pipeline.stage(session, row.stage_id)
    pipeline.enter(row, place, today=today(session), closed_on=row.closed_on)
    _check(session, actor, row, place=place)
    numbering.give(session, row, day=row.opened_on)
    session.add(row)
    session.flush()
    access.demand(session, actor, row, action=Action.CREATE)
    return row


def edit(
    session: Session,
    actor: Actor,
    opportunity_id: int,
    *,
    version: int,
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
) -> Opportunity:
    """Change an opportunity from the values that were shown (`base`) to those that were typed (`mine`).

    A typed probability stays whatever stage follows; an emptied one follows the stage again. Raises ConflictError when
    somebody else changed the same fields meanwhile.
    """
    row = access.fetch(session, actor, Opportunity, opportunity_id, action=Action.EDIT)
    with session.no_autoflush:
        changed = changes.apply_edit(row, version=version, base=base, mine=checks.only(mine, EDITABLE))
        if "probability" in changed:
            row.probability_set = row.probability is not None
        place = pipeline.stage(session, row.stage_id)
        pipeline.enter(row, place, today=today(session), closed_on=row.closed_on)
        _refuse_amount(session, row, changed)
        _check(session, actor, row, place=place, changed=changed)
    session.flush()
    if "currency" in changed:
        lines.settle(session, row)
    access.demand(session, actor, row, action=Action.VIEW)
    return row


def move(
    session: Session, actor: Actor, opportunity_id: int, *, to: int, came_from: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> Opportunity:  # fmt: skip
    """Move an opportunity to another stage, with `values` for what that stage asks for (see pipeline.asks).

    `came_from` is the stage in which the person saw it: ConflictError when somebody else moved it elsewhere meanwhile.
    """
    row = access.fetch(session, actor, Opportunity, opportunity_id, action=Action.EDIT)
    place = pipeline.stage(session, to)
    if came_from is not None and row.stage_id not in {came_from, to}:
        there = pipeline.stage(session, row.stage_id)
        message = N_("Somebody else moved this opportunity to “{stage}” meanwhile. Look again before you move it.")
        clash = {"stage_id": FieldConflict(came_from, row.stage_id, to)}
        raise ConflictError(message, fields=clash, version=row.version, stage=there.name)
    typed = checks.only(values or {}, EDITABLE)
    with session.no_autoflush:
        changed = {name for name, value in typed.items() if getattr(row, name) != value}
        closed_on = typed.pop("closed_on", None)
        for name, value in typed.items():
            setattr(row, name, value)
        row.probability_set = row.probability_set or typed.get("probability") is not None
        pipeline.enter(row, place, today=today(session), closed_on=closed_on)
        _refuse_amount(session, row, changed)
        _check(session, actor, row, place=place, changed=changed)
    session.flush()
    return row


def plan(session: Session, actor: Actor, opportunity_id: int, *, next_step: str, on: Any) -> Opportunity:
    """Write down what is to be done next and by which day."""
    row = access.fetch(session, actor, Opportunity, opportunity_id, action=Action.EDIT)
    row.next_step, row.next_step_on = next_step.strip() or None, on
    checks.all_of(lambda: checks.short_enough(row))
    session.flush()
    return row


def save_lines(
    session: Session, actor: Actor, opportunity_id: int, *,
    base: Sequence[Mapping[str, Any]], mine: Sequence[Mapping[str, Any]],
) -> Opportunity:  # fmt: skip
    """Bring the lines from what was shown to what was typed; the amount becomes their sum (see lines.save)."""
    row = access.fetch(session, actor, Opportunity, opportunity_id, action=Action.EDIT)
    lines.save(session, actor, row, base=base, mine=mine)
    return row


def hand_over(session: Session, actor: Actor, opportunity_ids: Sequence[int], *, owner_id: int) -> int:
    """Give opportunities to another owner and tell how many changed hands; several at once need the bulk permission.

    Nothing is handed over unless the actor may do it with all of them.
    """
    right = Action.EDIT if len(opportunity_ids) == 1 else Action.BULK
    _active_owner(session, owner_id)
    handed = 0
    for start in range(0, len(opportunity_ids), _MOST_AT_ONCE):
        wanted = set(opportunity_ids[start : start + _MOST_AT_ONCE])
        seen = access.visible(actor, select(Opportunity).where(Opportunity.id.in_(wanted)), Opportunity)
        rows = session.scalars(seen).all()
        if len(rows) != len(wanted):
            raise NotFoundError(N_("This record does not exist, was deleted, or is not open to you."))
        for row in rows:
            access.demand(session, actor, row, action=right)
            handed += row.owner_id != owner_id
        for row in rows:
            row.owner_id = owner_id
        session.flush()
    return handed


def delete(session: Session, actor: Actor, opportunity_id: int) -> Mapping[str, int]:
    """Put an opportunity and its lines and tasks into the bin; give the number of records of each kind."""
    return bin.delete_with_parts(
        session, access.fetch(session, actor, Opportunity, opportunity_id, action=Action.DELETE)
    )


def _check(session: Session, actor: Actor, row: Opportunity, *, place: Stage, changed: set[str] | None = None) -> None:
    checks.all_of(
        lambda: checks.filled(row, "name", "customer_id"),
        lambda: _customer(session, actor, row) if changed is None else None,
        lambda: checks.short_enough(row),
        lambda: checks.unique(session, row, "number"),
        lambda: lines.currency_code(row),
        lambda: checks.not_negative(row, "amount"),
        lambda: _probability(row),
        lambda: checks.ordered(row, "opened_on", "closed_on"),
        lambda: checks.past(row, "closed_on", today=today(session)),
        lambda: _contact(session, row),
        lambda: _active_owner(session, row.owner_id) if changed is None or "owner_id" in changed else None,
        *pipeline.complete(row, place),
    )


def _customer(session: Session, actor: Actor, row: Opportunity) -> None:
    if row.customer_id is not None:
        access.fetch(session, actor, Customer, row.customer_id)


def _probability(row: Opportunity) -> None:
    if not 0 <= row.probability <= 100:
        raise InvalidError(N_("A probability lies between 0 and 100."), field="probability")


def _contact(session: Session, row: Opportunity) -> None:
    if row.contact_id is None:
        return
    contact = session.get(Contact, row.contact_id)
    if contact is None or contact.customer_id != row.customer_id or contact.deleted_at is not None:
        raise InvalidError(N_("This contact does not belong to the customer. Choose another."), field="contact_id")


def _active_owner(session: Session, owner_id: int | None) -> None:
    owner = session.get(User, owner_id) if owner_id is not None else None
    if owner_id is not None and (owner is None or not owner.active or owner.deleted_at is not None):
        raise InvalidError(N_("This user cannot own records. Choose somebody who is active."), field="owner_id")


def _refuse_amount(session: Session, row: Opportunity, changed: set[str]) -> None:
    if "amount" in changed and lines.of(session, row):
        raise InvalidError(N_("The amount is the sum of the lines. Change the lines instead."), field="amount")
