"""Targets as the screens show them: broken down from the company to teams and people, with what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import Goal, Team, User


@dataclass(frozen=True)
class Branch:
    """One line of the breakdown: the company (no team, no user), a team or a person, `depth` levels down.

    `target` is what was set; `parts` what the lines below add up to, None where nothing is set there; `gap` how much
    the parts leave open (below zero: they promise more than the target).
    """

    depth: int
    team_id: int | None
    user_id: int | None
    name: str | None
    goal_id: int | None
    version: int | None
    target: float | None
    parts: float | None

    @property
    def gap(self) -> float | None:
        """What the parts leave open of the target."""
        return None if self.target is None or self.parts is None else self.target - self.parts


Key = tuple[int | None, int | None]


def periods(session: Session, actor: Actor, *, metric: str) -> list[tuple[date, date]]:
    """Give the stretches of time that targets of a metric are set for, first and last day, newest first."""
    days = access.visible(actor, select(Goal.starts_on, Goal.ends_on).distinct(), Goal)
    found = session.execute(days.where(Goal.metric == metric)).all()
    return sorted(found, reverse=True)


def breakdown(session: Session, actor: Actor, *, metric: str, first: date, last: date) -> list[Branch]:
    """Give the targets of a metric for exactly these days, the company first, each team above its people."""
    wanted = access.visible(actor, select(Goal), Goal)
    wanted = wanted.where(Goal.metric == metric, Goal.starts_on == first, Goal.ends_on == last)
    goals = {(row.team_id, row.user_id): row for row in session.scalars(wanted)}
    return _Tree(session, goals).lines()


class _Tree:
    """Who stands below whom, and what was set for each."""

    def __init__(self, session: Session, goals: Mapping[Key, Goal]) -> None:
        self._goals = goals
        teams = session.execute(
            select(Team.id, Team.parent_id, Team.name).where(Team.deleted_at.is_(None)).order_by(Team.name)
        ).all()
        people = session.execute(
            select(User.id, User.team_id, User.name, User.active).where(User.deleted_at.is_(None)).order_by(User.name)
        ).all()
        known = {team.id for team in teams}
        self._names: dict[Key, str] = {}
        self._below: dict[Key, list[Key]] = {}
        for team in teams:
            self._hang((team.id, None), team.name, team.parent_id if team.parent_id in known else None)
        for person in people:
            if person.active or (None, person.id) in goals:
                self._hang((None, person.id), person.name, person.team_id if person.team_id in known else None)

    def lines(self) -> list[Branch]:
        return list(self._lines((None, None), depth=0))

    def _hang(self, key: Key, name: str, team_id: int | None) -> None:
        self._names[key] = name
        self._below.setdefault((team_id, None), []).append(key)

    def _lines(self, key: Key, *, depth: int) -> Iterator[Branch]:
        goal = self._goals.get(key)
        yield Branch(
            depth=depth,
            team_id=key[0],
            user_id=key[1],
            name=self._names.get(key),
            goal_id=None if goal is None else goal.id,
            version=None if goal is None else goal.version,
            target=None if goal is None else goal.target,
            parts=self._parts(key),
        )
        # people of a team first, then the teams below it
        for below in sorted(self._below.get(key, []), key=lambda each: each[1] is None):
            yield from self._lines(below, depth=depth + 1)

    def _parts(self, key: Key) -> float | None:
        known = [value for below in self._below.get(key, []) if (value := self._worth(below)) is not None]
        return sum(known) if known else None

    def _worth(self, key: Key) -> float | None:
        return self._goals[key].target if key in self._goals else self._parts(key)
