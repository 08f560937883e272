"""Targets: which goals count for which days, and whose."""

import pytest

from crm_data.analytics import targets
from crm_data.analytics.figures import Figure
from crm_data.analytics.kpis import by_key
from crm_data.analytics.tables import Whose
from crm_data.vocabulary import Unit
from tests.analytics.worlds import Row, a_world, day, days

JUNE, QUARTER = days("2026-06-01", "2026-06-30"), days("2026-04-01", "2026-06-30")


def a_goal(first: str, last: str, target: float, **more: object) -> Row:
    """A goal for the won amount."""
    return {"metric": "won_amount", "starts_on": day(first), "ends_on": day(last), "target": target, **more}


MONTHS = [
    a_goal("2026-04-01", "2026-04-30", 1),
    a_goal("2026-05-01", "2026-05-31", 2),
    a_goal("2026-06-01", "2026-06-30", 3),
]
YEAR = a_goal("2026-01-01", "2026-12-31", 730)


@pytest.mark.parametrize(
    ("goals", "target"),
    [
        ([*MONTHS, YEAR], 6),
        ([*MONTHS, a_goal("2026-04-01", "2026-06-30", 100), YEAR], 100),
        ([YEAR], 2 * 91),
        ([*MONTHS[:2], YEAR], 2 * 91),
        (MONTHS[:2], None),
        ([a_goal("2026-04-01", "2026-06-30", 100), a_goal("2026-04-01", "2026-06-30", 200)], 200),
    ],
    ids=["months add up", "one for all days", "by days", "gaps are not filled", "not covered", "the later of two"],
)
def test_goals_cover_the_days_once(goals: list[Row], target: float | None):
    found = targets.targets([by_key("won_amount")], a_world(goals=goals), period=QUARTER)
    assert found["won_amount"] == (None if target is None else pytest.approx(target))


def test_the_target_of_a_rate_is_no_sum():
    goals = [{**goal, "metric": "win_rate", "target": 0.3} for goal in MONTHS]
    assert targets.targets([by_key("win_rate")], a_world(goals=goals), period=QUARTER)["win_rate"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("whose", "target"), [(Whose(), 100), (Whose(team_id=1), 60), (Whose(user_id=7), 20), (Whose(user_id=8), None)]
)
def test_each_sees_the_target_of_what_he_sees(whose: Whose, target: float | None):
    goals = [
        a_goal("2026-06-01", "2026-06-30", 100),
        a_goal("2026-06-01", "2026-06-30", 60, team_id=1),
        a_goal("2026-06-01", "2026-06-30", 20, user_id=7),
    ]
    found = targets.targets([by_key("won_amount")], a_world(goals=goals, whose=whose), period=JUNE)
    assert found["won_amount"] == target


def test_without_a_company_goal_those_of_the_highest_teams_add_up():
    goals = [a_goal("2026-06-01", "2026-06-30", 10 * key, team_id=key) for key in (1, 2, 3)]
    teams: list[Row] = [{"id": 1, "name": "N"}, {"id": 2, "name": "S"}, {"id": 3, "name": "S-East", "parent_id": 2}]
    found = targets.targets([by_key("won_amount")], a_world(goals=goals, teams=teams), period=JUNE)
    assert found["won_amount"] == 30


def test_half_the_target_after_half_the_days_is_on_course():
    attained = Figure("quota_attainment", 0.5, Unit.PERCENT, 1)
    assert targets.pace(attained, period=JUNE) == 1
