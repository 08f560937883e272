"""Targets: what the company, a team or a person wants to reach in a stretch of time."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import InvalidError
from crm_data.models import Goal, Team, User
from crm_data.services import bin, changes, checks
from crm_data.vocabulary import N_, Action, Module

EDITABLE = ("metric", "team_id", "user_id", "starts_on", "ends_on", "target")
_WHERE = ("metric", "team_id", "user_id", "starts_on", "ends_on")
_METRIC = re.compile(r"[a-z][a-z0-9_]*")


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Goal:
    """Set a target for the company (no team, no user), a team or a person; days are the first and the last included."""
    access.require(actor, Module.GOALS, Action.CREATE)
    goal = Goal(**checks.only(values, EDITABLE))
    _check(session, goal)
    session.add(goal)
    session.flush()
    access.demand(session, actor, goal, action=Action.CREATE)
    return goal


def edit(
    session: Session, actor: Actor, goal_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Goal:
    """Change a target from what was shown to what was typed."""
    goal = access.fetch(session, actor, Goal, goal_id, action=Action.EDIT)
    changes.apply_edit(goal, version=version, base=base, mine=checks.only(mine, EDITABLE))
    _check(session, goal)
    session.flush()
    return goal


def put(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Goal | None:
    """Set the target of somebody for these days, changing the one that is there; without a number it is taken away."""
    same = [getattr(Goal, name).is_not_distinct_from(values.get(name)) for name in _WHERE]
    found = session.scalar(select(Goal).where(*same, Goal.deleted_at.is_(None)))
    target = values.get("target")
    if found is None:
        return create(session, actor, values=values)
    if target is None:
        delete(session, actor, found.id)
        return None
    return edit(session, actor, found.id, version=found.version, base={"target": found.target}, mine={"target": target})


def delete(session: Session, actor: Actor, goal_id: int) -> Mapping[str, int]:
    """Put a target into the bin."""
    return bin.delete_with_parts(session, access.fetch(session, actor, Goal, goal_id, action=Action.DELETE))


def _check(session: Session, goal: Goal) -> None:
    checks.all_of(
        lambda: checks.filled(goal, "metric"),
        lambda: checks.filled(goal, "starts_on"),
        lambda: checks.filled(goal, "ends_on"),
        lambda: checks.ordered(goal, "starts_on", "ends_on"),
        lambda: _is_a_metric(goal),
        lambda: _for_one(session, goal),
        lambda: _measurable(goal),
    )
    with session.no_autoflush:
        _only_one(session, goal)


def _is_a_metric(goal: Goal) -> None:
    if goal.metric and not _METRIC.fullmatch(goal.metric):
        raise InvalidError(N_("Choose one of the figures."), field="metric")


def _for_one(session: Session, goal: Goal) -> None:
    if goal.team_id is not None and goal.user_id is not None:
        raise InvalidError(N_("A target belongs to a team or to a person, not to both."), field="user_id")
    wanted: tuple[tuple[Any, int | None, str], ...] = (
        (User, goal.user_id, "user_id"), (Team, goal.team_id, "team_id"),
    )  # fmt: skip
    for model, key, field in wanted:
        if key is not None and session.get(model, key) is None:
            raise InvalidError(N_("Choose a team or a person who is there."), field=field)


def _measurable(goal: Goal) -> None:
    target: float | None = goal.target
    if target is None or not math.isfinite(target):
        raise InvalidError(N_("Write the number that is to be reached."), field="target")
    if target <= 0:
        raise InvalidError(N_("A target is more than zero. Delete it instead, if there is none."), field="target")


def _only_one(session: Session, goal: Goal) -> None:
    same = [getattr(Goal, name).is_not_distinct_from(getattr(goal, name)) for name in _WHERE]
    wanted = select(Goal.id).where(*same, Goal.id != (goal.id or 0), Goal.deleted_at.is_(None)).limit(1)
    if session.scalar(wanted) is not None:
        raise InvalidError(N_("There is a target for these days already. Change that one."), field="target")
