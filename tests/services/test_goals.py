"""Targets: who sets them, for whom, and how they add up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import InvalidError, InvalidFormError, NotAllowedError
from crm_data.models import Goal
from crm_data.queries import goals as queries
from crm_data.services import goals
from tests import factories

JUNE = {"metric": "won_amount", "starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 30)}


def a_goal(session: Session, actor: Actor, **wanted: Any) -> Goal:
    return goals.create(session, actor, values=JUNE | {"target": 100_000.0} | wanted)


def the_breakdown(session: Session, actor: Actor) -> list[tuple[int, str | None, float | None, float | None]]:
    lines = queries.breakdown(session, actor, metric="won_amount", first=date(2026, 6, 1), last=date(2026, 6, 30))
    return [(line.depth, line.name, line.target, line.gap) for line in lines]


def test_a_seller_sets_no_target(session: Session, seller: Actor) -> None:
    with pytest.raises(NotAllowedError):
        a_goal(session, seller)


@pytest.mark.parametrize("target", [None, 0, -5.0, float("nan"), float("inf")])
def test_a_target_is_a_number_above_zero(session: Session, admin: Actor, target: float | None) -> None:
    with pytest.raises(InvalidFormError):
        a_goal(session, admin, target=target)


def test_a_target_is_for_a_team_or_a_person(session: Session, admin: Actor) -> None:
    team = factories.a_team(session)
    with pytest.raises(InvalidFormError):
        a_goal(session, admin, team_id=team.id, user_id=admin.user_id)


def test_a_target_ends_after_it_begins(session: Session, admin: Actor) -> None:
    with pytest.raises(InvalidFormError):
        a_goal(session, admin, ends_on=date(2026, 5, 1))


def test_there_is_one_target_for_the_same_days(session: Session, admin: Actor) -> None:
    a_goal(session, admin)
    with pytest.raises(InvalidError):
        a_goal(session, admin, target=5.0)


def test_a_deleted_target_may_be_set_again(session: Session, admin: Actor) -> None:
    goals.delete(session, admin, a_goal(session, admin).id)
    assert a_goal(session, admin, target=5.0).target == 5.0


def test_a_target_is_changed(session: Session, admin: Actor) -> None:
    made = a_goal(session, admin)
    goals.edit(session, admin, made.id, version=made.version, base={"target": 100_000.0}, mine={"target": 7.0})
    assert made.target == 7.0


def test_the_company_s_target_shows_what_its_teams_leave_open(session: Session, admin: Actor) -> None:
    team = factories.a_team(session, name="North")
    a_goal(session, admin)
    a_goal(session, admin, team_id=team.id, target=60_000.0)
    lines = the_breakdown(session, admin)
    assert lines[0] == (0, None, 100_000.0, 40_000.0)


def test_people_add_up_to_their_team(session: Session, admin: Actor) -> None:
    team = factories.a_team(session, name="North")
    person = factories.a_user(session, name="Li", team_id=team.id)
    a_goal(session, admin, team_id=team.id, target=60_000.0)
    a_goal(session, admin, user_id=person.id, target=70_000.0)
    assert (1, "North", 60_000.0, -10_000.0) in the_breakdown(session, admin)


def test_a_team_without_a_target_counts_as_the_sum_of_its_people(session: Session, admin: Actor) -> None:
    team = factories.a_team(session, name="North")
    person = factories.a_user(session, name="Li", team_id=team.id)
    a_goal(session, admin)
    a_goal(session, admin, user_id=person.id, target=30_000.0)
    assert the_breakdown(session, admin)[0] == (0, None, 100_000.0, 70_000.0)


def test_nobody_s_target_leaves_no_gap(session: Session, admin: Actor) -> None:
    assert the_breakdown(session, admin)[0] == (0, None, None, None)


def test_setting_a_target_again_changes_it(session: Session, admin: Actor) -> None:
    first = goals.put(session, admin, values=JUNE | {"target": 5.0})
    second = goals.put(session, admin, values=JUNE | {"target": 6.0})
    assert (first, second and second.target) == (second, 6.0)


def test_a_target_without_a_number_is_taken_away(session: Session, admin: Actor) -> None:
    made = a_goal(session, admin)
    goals.put(session, admin, values=JUNE | {"target": None})
    assert made.deleted_at is not None
