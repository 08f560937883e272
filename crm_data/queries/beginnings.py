"""How far a new company has come: whose administrator, which settings, whose customers and colleagues are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.models import ChangeSet, Setting, User
from crm_data.vocabulary import ChangeAction, Role


@dataclass(frozen=True)
class Beginnings:
    """What is there: the demo company, and of the company's own: administrator, name, customers, colleagues."""

    demo: bool
    administrator: bool
    named: bool
    customers: bool
    colleagues: bool


def beginnings(session: Session, actor: Actor) -> Beginnings:  # noqa: ARG001 - every look-up takes an actor
    """Tell how far the company has come."""
    own = (User.is_demo.is_(False), User.active, User.approved, User.deleted_at.is_(None))
    can_sign_in = (*own, User.password_hash.is_not(None))

    def found(*conditions: Any) -> bool:
        return bool(session.scalar(select(exists().where(*conditions))))

    colleagues = session.scalar(select(func.count(User.id)).where(*can_sign_in)) or 0
    return Beginnings(
        demo=found(User.is_demo, User.active, User.deleted_at.is_(None)),
        administrator=found(*can_sign_in, User.role == Role.ADMIN),
        named=found(Setting.key == "company_name", Setting.deleted_at.is_(None)),
        customers=found(ChangeSet.action == ChangeAction.IMPORT, ChangeSet.undone_at.is_(None)),
        colleagues=colleagues > 1,
    )
