"""Accounts and rights, as an administrator looks at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import RolePermission, Team, User
from crm_data.vocabulary import Action, Module, Role, Scope


@dataclass(frozen=True)
class Account:
    """One line of the list of accounts."""

    id: int
    version: int
    username: str
    name: str
    email: str | None
    role: Role
    team_id: int | None
    team: str | None
    active: bool
    approved: bool
    is_demo: bool
    can_sign_in: bool
    last_seen_at: datetime | None


def accounts(session: Session, actor: Actor) -> Sequence[Account]:
    """List all accounts: those that wait for approval first, then by name."""
    access.require(actor, Module.USERS, Action.VIEW)
    columns: Any = select(
        User.id, User.version, User.username, User.name, User.email, User.role, User.team_id,
        Team.name.label("team"), User.active, User.approved, User.is_demo,
        (User.password_hash.is_not(None) | User.is_demo).label("can_sign_in"), User.last_seen_at,
    )  # fmt: skip
    wanted = access.visible(actor, columns.outerjoin(Team, Team.id == User.team_id), User)
    rows = session.execute(wanted.order_by(User.approved, User.name, User.id)).all()
    return [Account(*row) for row in rows]


def rights(session: Session, actor: Actor, *, role: Role) -> Mapping[tuple[Module, Action], Scope]:
    """Give what a role may do, with whose records; what is not kept is not allowed."""
    access.require(actor, Module.SETTINGS, Action.VIEW)
    rows = select(RolePermission.module, RolePermission.action, RolePermission.scope).where(RolePermission.role == role)
    kept = {(module, action): scope for module, action, scope in session.execute(rows)}
    return {(module, action): kept.get((module, action), Scope.NONE) for module in Module for action in Action}


@dataclass(frozen=True)
class Group:
    """One line of the list of teams."""

    id: int
    version: int
    name: str
    parent_id: int | None
    manager_id: int | None
    members: int


def groups(session: Session, actor: Actor) -> Sequence[Group]:
    """List all teams by name, with the number of their own members."""
    access.require(actor, Module.USERS, Action.VIEW)
    members = select(func.count(User.id)).where(User.team_id == Team.id, User.deleted_at.is_(None)).scalar_subquery()
    wanted = access.visible(
        actor, select(Team.id, Team.version, Team.name, Team.parent_id, Team.manager_id, members), Team
    )
    return [Group(*row) for row in session.execute(wanted.order_by(Team.name, Team.id)).all()]
