"""Customers and their contacts: what may be written and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import InvalidError
from crm_data.models import Base, Customer, LifecycleMove
from crm_data.services import bin, changes, checks
from crm_data.terms import today
from crm_data.vocabulary import N_, Action, LifecycleStage, Module

EDITABLE = (
    "kind", "name", "code", "stage", "category", "tier", "industry", "region", "city", "address", "phone", "email",
    "website", "parent_id", "owner_id", "source", "source_campaign_id", "preferred_channel", "tags", "acquired_on",
    "gender", "birth_date", "income_band", "education", "employees", "annual_revenue", "credit_rating", "credit_limit",
    "note",
)  # fmt: skip


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Customer:
    """Add a customer, owned by the actor unless another owner is named."""
    access.require(actor, Module.CUSTOMERS, Action.CREATE)
    customer = Customer(**checks.only(values, EDITABLE))
    if "owner_id" not in values:
        customer.owner_id = actor.user_id
    customer.acquired_on = customer.acquired_on or today(session)
    _check(session, actor, customer, changed={"parent_id"})
    session.add(customer)
    session.flush()
    access.demand(session, actor, customer, action=Action.CREATE)
    return customer


def edit(
    session: Session, actor: Actor, customer_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Customer:
    """Change a customer from the values that were shown (`base`) to those that were typed (`mine`).

    Raises ConflictError when somebody else changed the same fields meanwhile.
    """
    customer = access.fetch(session, actor, Customer, customer_id, action=Action.EDIT)
    with session.no_autoflush:
        changed = changes.apply_edit(customer, version=version, base=base, mine=checks.only(mine, EDITABLE))
        _check(session, actor, customer, changed=changed)
    session.flush()
    access.demand(session, actor, customer, action=Action.VIEW)
    return customer


def move(session: Session, actor: Actor, customer_id: int, *, stage: LifecycleStage, reason: str) -> Customer:
    """Move a customer to another stage of the life cycle, with the reason."""
    customer = access.fetch(session, actor, Customer, customer_id, action=Action.EDIT)
    session.info["lifecycle_reason"] = reason.strip() or None
    customer.stage = stage
    session.flush()
    return customer


def delete(session: Session, actor: Actor, customer_id: int) -> Mapping[str, int]:
    """Put a customer and all that hangs on it into the bin; give the number of records of each kind."""
    customer = access.fetch(session, actor, Customer, customer_id, action=Action.DELETE)
    return bin.delete_with_parts(session, customer)


def similar(
    session: Session, actor: Actor, *, values: Mapping[str, Any], besides: int | None = None
) -> Sequence[Customer]:
    """Find visible customers with the same name, e-mail or phone digits: probable duplicates, at most five."""
    wanted = access.visible(actor, select(Customer), Customer).where(
        checks.resembles(values), Customer.id != (besides or 0)
    )
    return session.scalars(wanted.order_by(Customer.id).limit(5)).all()


@changes.follows(Customer, when=("stage",))
def _moves(session: Session, actor: Actor, customer: Customer, before: Mapping[str, Any]) -> Sequence[Base]:
    if before and "stage" not in before:
        return []
    return [
        LifecycleMove(
            customer_id=customer.id,
            from_stage=before.get("stage"),
            to_stage=customer.stage or LifecycleStage.PROSPECT,
            at=clock.now(),
            user_id=actor.user_id,
            reason=session.info.pop("lifecycle_reason", None),
        )
    ]


def _check(session: Session, actor: Actor, customer: Customer, *, changed: set[str]) -> None:
    checks.all_of(
        lambda: checks.filled(customer, "name"),
        lambda: checks.filled(customer, "kind", "stage") if changed & {"kind", "stage"} else None,
        lambda: checks.short_enough(customer),
        lambda: checks.unique(session, customer, "code"),
        lambda: checks.email(customer, "email"),
        lambda: checks.phone(customer, "phone"),
        lambda: checks.website(customer, "website"),
        lambda: checks.not_negative(customer, "employees", "annual_revenue", "credit_limit"),
        lambda: checks.past(customer, "birth_date", today=today(session)),
        lambda: checks.open_to(session, actor, customer, "parent_id") if "parent_id" in changed else None,
        lambda: _not_own_parent(session, customer),
    )


def _not_own_parent(session: Session, customer: Customer) -> None:
    seen, parent_id = {customer.id}, customer.parent_id
    while parent_id is not None:
        if parent_id in seen:
            raise InvalidError(N_("A customer cannot be above itself. Choose another parent."), field="parent_id")
        seen.add(parent_id)
        parent_id = session.scalar(select(Customer.parent_id).where(Customer.id == parent_id))
