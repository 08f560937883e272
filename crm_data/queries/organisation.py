"""Who works here and on what terms: the acting user, users, teams and settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.models import RolePermission, Team, User
from crm_data.terms import terms, today
from crm_data.vocabulary import Role, Scope
from crm_data.vocabulary.terms import Terms


def actor_of(session: Session, user_id: int) -> Actor | None:
    """Give a user as an actor with the rights of the moment; None when disabled, unapproved or gone."""
    user = session.get(User, user_id)
    if user is None or not user.active or not user.approved or user.deleted_at is not None:
        return None
    teams = teams_below(session, user.team_id)
    return Actor(
        user_id=user.id,
        username=user.username,
        name=user.name,
        role=user.role,
        grants=grants_of(session, user.role),
        team_id=user.team_id,
        team_name=teams.get(user.team_id, "") if user.team_id else "",
        member_ids=frozenset(session.scalars(select(User.id).where(User.team_id.in_(teams))) if teams else ()),
        locale=user.locale,
        is_demo=user.is_demo,
    )


def grants_of(session: Session, role: Role) -> Mapping[tuple[Any, Any], Scope]:
    """Give what a role may do: (module, action) → scope."""
    rows = session.execute(
        select(RolePermission.module, RolePermission.action, RolePermission.scope).where(RolePermission.role == role)
    )
    return {(module, action): scope for module, action, scope in rows}


def teams_below(session: Session, team_id: int | None) -> dict[int, str]:
    """Give the names of a team and all teams below it, by key; empty without a team."""
    teams = {team.id: team for team in session.scalars(select(Team).where(Team.deleted_at.is_(None)))}
    found: dict[int, str] = {}
    waiting = [team_id] if team_id is not None and team_id in teams else []
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = teams[key].name
            waiting += [team.id for team in teams.values() if team.parent_id == key]
    return found


def terms_for(session: Session, actor: Actor) -> Terms:  # noqa: ARG001 - every look-up takes an actor
    """Give the organisation's settings to whoever works here."""
    return terms(session)


def today_for(session: Session, actor: Actor) -> date:  # noqa: ARG001 - every look-up takes an actor
    """Give the day it is where the organisation is."""
    return today(session)


def people(session: Session, actor: Actor) -> dict[int, str]:  # noqa: ARG001 - colleagues are no secret
    """Give the names of the active users by key: the choices of an owner field."""
    return users(session)


def everybody(session: Session, actor: Actor) -> dict[int, str]:  # noqa: ARG001 - colleagues are no secret
    """Give the names of all users by key, those who left too: for showing, not for choosing."""
    return users(session, only_active=False)


def users(session: Session, *, only_active: bool = True) -> dict[int, str]:
    """Give the names of the users by key, in order: the choices of an owner field."""
    wanted = select(User.id, User.name).where(User.deleted_at.is_(None)).order_by(User.name)
    return dict(session.execute(wanted.where(User.active) if only_active else wanted).all())


def teams(session: Session) -> dict[int, str]:
    """Give the names of the teams by key, in order."""
    wanted = select(Team.id, Team.name).where(Team.deleted_at.is_(None)).order_by(Team.name)
    return dict(session.execute(wanted).all())
