"""The recycle bin: what was deleted, when and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import RULES, Actor
from crm_data.models import AuditEntry, Record
from crm_data.models.base import fold
from crm_data.queries import naming
from crm_data.queries.listing import Offer, Page, Wanted, page_of
from crm_data.vocabulary import Action, ChangeAction

# What nobody looks for by itself: settings of the product, and rows without a life of their own.
_LEFT_OUT = {"settings", "role_permissions", "users"}


def kinds(session: Session, actor: Actor) -> Mapping[str, int]:
    """Count what lies in the bin by table, as far as the actor may delete such records; empty ones are left out."""
    found = {}
    for model in _models(actor):
        gone = select(func.count()).select_from(model).where(_gone(actor, model))
        if count := session.scalar(gone):
            found[model.__tablename__] = int(count)
    return found


def listing(session: Session, actor: Actor, *, kind: str, wanted: Wanted) -> Page:
    """Give one page of deleted records of a kind, the last deleted first: id, name, deleted_at, username."""
    model = next((model for model in _models(actor) if model.__tablename__ == kind), None)
    if model is None:
        access.require(actor, access.module_of(naming.model_of(kind)), Action.DELETE)
        raise KeyError(kind)
    any_model: Any = model
    name = naming.column_of(model)
    who = _last_deleted_by(any_model)
    statement: Select[Any] = select(any_model.id, name.label("name"), any_model.deleted_at, who.label("username"))
    statement = statement.where(_gone(actor, model))
    if wanted.search.strip():
        statement = statement.where(func.lower(name).contains(fold(wanted.search), autoescape=True))
    offer = Offer(searched=None, filters={}, sorts={"deleted": any_model.deleted_at}, key=any_model.id)
    asked = Wanted(sort="deleted", descending=True, page=wanted.page, size=wanted.size)
    return page_of(session, statement, wanted=asked, offer=offer)


def _models(actor: Actor) -> list[type[Record]]:
    found = [model for model in RULES if issubclass(model, Record) and model.__tablename__ not in _LEFT_OUT]
    return [model for model in found if actor.may(access.module_of(model), Action.DELETE)]


def _gone(actor: Actor, model: type[Record]) -> ColumnElement[bool]:
    return model.deleted_at.is_not(None) & access.covered(actor, model, Action.DELETE)


def _last_deleted_by(model: Any) -> ColumnElement[str | None]:
    entry = aliased(AuditEntry)
    wanted = select(entry.username).where(
        entry.record_kind == literal(model.__tablename__, String),
        entry.record_id == model.id,
        entry.action == ChangeAction.DELETE,
    )
    return cast(wanted.order_by(entry.id.desc()).limit(1).correlate(model).scalar_subquery(), String(200))
