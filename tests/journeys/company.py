"""Records of a journey's own in the demo company, so that no journey sees what another one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import system
from crm_data.models import User
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.journeys.browsing import Server

T = TypeVar("T")


def planted(server: Server, make: Callable[[Session], T]) -> T:
    """Write records of one's own: `planted(server, lambda s: factories.a_task(s))`."""
    with changes.writing(server.engine, system("tests"), action=ChangeAction.CREATE) as session:
        return make(session)


def person(session: Session, role: Role) -> int:
    """Give the number of the demo company's person of a role."""
    return session.scalars(select(User.id).where(User.username == role.value, User.is_demo)).one()


def a_customer_of(session: Session, role: Role, **wanted: Any) -> Any:
    """Make a customer whom the demo company's person of a role owns."""
    return factories.a_customer(session, **{"owner_id": person(session, role)} | wanted)


def stored(server: Server, row: Any) -> Any:
    """Read a record as it is in the database now."""
    with db.reading(server.engine) as session:
        return session.get_one(type(row), row.id)


def field(kind: str, row: Any, name: str) -> str:
    """Give the key of a field in the form that edits a record, such as `customer:21:v3:phone`."""
    return f"{kind}:{row.id}:v{row.version}:{name}"
