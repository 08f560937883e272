"""The recycle bin: deleting a record with its parts, so that one undo brings all of it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.models import Base, Record
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction

# The column that names the whole, from the widest family to the smallest part.
_LINKS = {
    "customers": "customer_id",
    "opportunities": "opportunity_id",
    "contracts": "contract_id",
    "campaigns": "campaign_id",
    "surveys": "survey_id",
}
# What only mentions a record keeps its own life when the record goes to the bin.
_MENTIONS = {("contracts", "opportunity_id"), ("activities", "campaign_id"), ("activities", "opportunity_id"),
             ("activities", "contract_id"), ("invitations", "contract_id")}  # fmt: skip


def parts_of(session: Session, row: Record) -> list[Record]:
    """List the records that hang on a record and are not in the bin yet."""
    found: list[Record] = []
    for model, link in part_links(row.__tablename__):
        column: Any = getattr(model, link)
        found += session.scalars(select(model).where(column == row.id, model.deleted_at.is_(None))).all()
    return found


def part_links(kind: str) -> list[tuple[type[Record], str]]:
    """List the models whose rows are parts of a kind of record, each with the column that names the whole."""
    link = _LINKS.get(kind)
    return [
        (model, link)
        for model in _record_models()
        if link is not None and link in model.__table__.columns and (model.__tablename__, link) not in _MENTIONS
    ]


def delete_with_parts(session: Session, row: Record) -> Mapping[str, int]:
    """Put a record and its parts into the bin as one change; give the number of records of each kind."""
    rows = [row, *parts_of(session, row)]
    now = clock.now()
    for each in rows:
        each.deleted_at = now
    changes.current(session).action = ChangeAction.DELETE
    session.flush()
    return Counter(each.__tablename__ for each in rows)


def _record_models() -> list[Any]:
    return [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)]
