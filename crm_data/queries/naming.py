"""What records are called: by kind and key, for logs and lists that mix all kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import NotFoundError
from crm_data.models import Base, Customer, Record
from crm_data.vocabulary import N_, Action

Key = tuple[str, int]

_NAMED_BY = ("name", "title", "number", "subject", "sku", "currency", "metric", "key", "label", "role", "reference")
# Columns that hold another record's key, by what they are called; most are foreign keys too.
_POINTING = {
    "assignee_id": "users", "campaign_id": "campaigns", "category_id": "product_categories", "contact_id": "contacts",
    "contract_id": "contracts", "customer_id": "customers", "follow_up_task_id": "tasks", "manager_id": "users",
    "opportunity_id": "opportunities", "owner_id": "users", "product_id": "products", "renews_id": "contracts",
    "source_campaign_id": "campaigns", "stage_id": "stages", "survey_id": "surveys", "team_id": "teams",
    "tier_id": "loyalty_tiers", "touchpoint_id": "touchpoints", "user_id": "users", "variant_id": "campaign_variants",
}  # fmt: skip


def model_of(kind: str) -> type[Record]:
    """Give the model whose table has this name."""
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == kind and issubclass(mapper.class_, Record):
            return mapper.class_
    raise NotFoundError(N_("There is no kind of record “{kind}”."), kind=kind)


def column_of(model: type[Record]) -> ColumnElement[str]:
    """Give the expression that a kind of record is called by; parts go by their customer's name."""
    for name in _NAMED_BY:
        if name in model.__table__.columns:
            return cast(getattr(model, name), String(200))
    owner: Any = getattr(model, "customer_id", None)
    if owner is None:
        return cast(model.id, String(200))
    return cast(select(Customer.name).where(Customer.id == owner).correlate(model).scalar_subquery(), String(200))


def names(session: Session, keys: Iterable[Key]) -> Mapping[Key, str]:
    """Give what records are called, those in the bin too; a kind without a table of records is left out."""
    found: dict[Key, str] = {}
    for kind, ids in _by_kind(keys).items():
        try:
            model = model_of(kind)
        except NotFoundError:
            continue
        rows = session.execute(select(model.id, column_of(model)).where(model.id.in_(ids)))
        found |= {(kind, key): name for key, name in rows if name}
    return found


def names_for(session: Session, actor: Actor, keys: Iterable[Key]) -> Mapping[Key, str]:
    """Give what records are called, as far as the actor may look at them; those in the bin are named too."""
    found: dict[Key, str] = {}
    for kind, ids in _by_kind(keys).items():
        model = model_of(kind)
        wanted = select(model.id, column_of(model)).where(model.id.in_(ids), access.covered(actor, model, Action.VIEW))
        found |= {(kind, key): name for key, name in session.execute(wanted) if name}
    return found


def pointed_at(kind: str, field: str) -> str | None:
    """Give the table that a field's key belongs to, None for a field that is no key."""
    if field == "parent_id":
        return kind
    return _POINTING.get(field)


def _by_kind(keys: Iterable[Key]) -> Mapping[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in keys:
        wanted[kind].add(key)
    return wanted
