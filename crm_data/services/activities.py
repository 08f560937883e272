"""What passed between us and a customer: logging a call, a visit, a note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import InvalidError
from crm_data.models import Activity, Base, Campaign, Contact, Contract, Customer, Opportunity
from crm_data.services import bin, changes, checks
from crm_data.vocabulary import N_, Action

EDITABLE = (
    "contact_id", "opportunity_id", "contract_id", "campaign_id", "touchpoint_id", "kind", "direction", "at", "minutes",
    "subject", "text", "outcome",
)  # fmt: skip
_ABOUT: Mapping[str, type[Base]] = {
    "contact_id": Contact,
    "opportunity_id": Opportunity,
    "contract_id": Contract,
    "campaign_id": Campaign,
}
_TOLERANCE = timedelta(days=1)


def log(session: Session, actor: Actor, customer_id: int, *, values: Mapping[str, Any]) -> Activity:
    """Write down a contact with a customer that the actor may see; it took place now unless `at` says otherwise."""
    access.fetch(session, actor, Customer, customer_id)
    given = {"at": clock.now()} | checks.only(values, EDITABLE)
    activity = Activity(customer_id=customer_id, user_id=actor.user_id, **given)
    _check(session, actor, activity)
    session.add(activity)
    session.flush()
    access.demand(session, actor, activity, action=Action.CREATE)
    return activity


def edit(
    session: Session, actor: Actor, activity_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Activity:
    """Change an activity from what was shown to what was typed."""
    activity = access.fetch(session, actor, Activity, activity_id, action=Action.EDIT)
    changes.apply_edit(activity, version=version, base=base, mine=checks.only(mine, EDITABLE))
    _check(session, actor, activity)
    session.flush()
    return activity


def delete(session: Session, actor: Actor, activity_id: int) -> Mapping[str, int]:
    """Put an activity into the bin."""
    return bin.delete_with_parts(session, access.fetch(session, actor, Activity, activity_id, action=Action.DELETE))


def _check(session: Session, actor: Actor, activity: Activity) -> None:
    checks.all_of(
        lambda: checks.filled(activity, "kind"),
        lambda: checks.filled(activity, "subject"),
        lambda: checks.short_enough(activity),
        lambda: checks.not_negative(activity, "minutes"),
        lambda: _not_ahead(activity),
        *(lambda name=name: _same_customer(session, actor, activity, name) for name in _ABOUT),
    )


def _not_ahead(activity: Activity) -> None:
    if activity.at > clock.now() + _TOLERANCE:
        raise InvalidError(N_("This lies in the future. Plan it as a task instead."), field="at")


def _same_customer(session: Session, actor: Actor, activity: Activity, name: str) -> None:
    key = getattr(activity, name)
    if key is None:
        return
    model: Any = _ABOUT[name]
    wanted = access.visible(actor, select(model), model).where(model.id == key)
    with session.no_autoflush:
        row = session.scalars(wanted).one_or_none()
    if row is None or getattr(row, "customer_id", activity.customer_id) != activity.customer_id:
        raise InvalidError(N_("This belongs to another customer. Choose one of this customer's."), field=name)
