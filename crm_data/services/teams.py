"""Teams: groups of users, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Team, User
from crm_data.services import changes, checks
from crm_data.vocabulary import N_, Action, Module

EDITABLE = ("name", "parent_id", "manager_id")


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Team:
    """Add a team."""
    access.require(actor, Module.USERS, Action.CREATE)
    team = Team(**checks.only(values, EDITABLE))
    _check(session, team)
    session.add(team)
    session.flush()
    return team


def edit(
    session: Session, actor: Actor, team_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Team:
    """Change a team; what its members see changes with it at their next click."""
    team = access.fetch(session, actor, Team, team_id, action=Action.EDIT)
    changes.apply_edit(team, version=version, base=base, mine=checks.only(mine, EDITABLE))
    _check(session, team)
    session.flush()
    return team


def delete(session: Session, actor: Actor, team_id: int) -> None:
    """Put a team into the bin; it must have neither members nor teams below it."""
    team = access.fetch(session, actor, Team, team_id, action=Action.DELETE)
    members = select(User.id).where(User.team_id == team.id, User.deleted_at.is_(None))
    below = select(Team.id).where(Team.parent_id == team.id, Team.deleted_at.is_(None))
    if session.scalar(members.limit(1)) or session.scalar(below.limit(1)):
        raise CrmError(N_("This team still has members or teams below it. Move them first."))
    team.deleted_at = clock.now()
    session.flush()


def _check(session: Session, team: Team) -> None:
    checks.all_of(
        lambda: checks.filled(team, "name"),
        lambda: checks.short_enough(team),
        lambda: _not_below_itself(session, team),
    )


def _not_below_itself(session: Session, team: Team) -> None:
    seen, parent_id = {team.id}, team.parent_id
    with session.no_autoflush:
        while parent_id is not None:
            if parent_id in seen:
                raise InvalidError(N_("A team cannot be below itself. Choose another one."), field="parent_id")
            seen.add(parent_id)
            parent_id = session.scalar(select(Team.parent_id).where(Team.id == parent_id))
