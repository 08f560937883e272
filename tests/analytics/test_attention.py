"""What needs somebody now, and what each role sees first."""

import pytest

from crm_data.analytics import attention
from crm_data.analytics.attention import MATTERS, Matter, Reason, needing_action
from crm_data.analytics.kpis import by_key
from crm_data.analytics.overview import OVERVIEWS
from crm_data.analytics.series import dimension_of
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import Role
from tests.analytics.golden.buying import an_agreement
from tests.analytics.golden.campaigns import a_campaign
from tests.analytics.golden.hearing import FOLLOWED
from tests.analytics.golden.owing import OWED
from tests.analytics.golden.selling import IDLE
from tests.analytics.worlds import a_world, day, days

NOW = days("2026-06-01", "2026-06-30")
ENDING = a_world(
    contracts=[
        an_agreement(1, 1, "2025-08-01", "2026-07-31", notice_on=day("2026-06-01")),
        an_agreement(2, 2, "2025-07-01", "2026-06-30"),
        an_agreement(3, 3, "2025-07-01", "2026-06-30"),
        an_agreement(4, 3, "2026-07-01", "2027-06-30", renews_id=3, signed_on=day("2026-06-01")),
        an_agreement(5, 5, "2025-10-01", "2026-09-30"),
    ]
)
SPENT = a_world(
    campaigns=[
        a_campaign(1, "2026-06-01", budget=100),
        a_campaign(2, "2026-06-01", budget=100),
        a_campaign(3, "2026-06-01", budget=100, status="finished"),
        a_campaign(4, "2026-06-01"),
    ],
    campaign_costs=[
        {"campaign_id": key, "spent_on": day("2026-06-01"), "amount": amount}
        for key, amount in ((1, 130), (2, 100), (3, 900), (4, 900))
    ],
)


def found(matter: Matter, world: Tables) -> list[tuple[object, ...]]:
    frame = needing_action([matter], world, period=NOW)[matter.key]
    return frame.select("id", "reason", "days", "amount").rows()


def test_stalled_opportunities_say_why():
    assert sorted(found(attention.STALLED, IDLE)) == [
        (11, "idle_stage", 31, 1), (14, "silent", 31, 1), (15, "idle_stage", 31, 1),
    ]  # fmt: skip


def test_overdue_money_comes_largest_first_and_what_is_due_today_is_not_late():
    assert found(attention.OVERDUE, OWED) == [(5, "overdue", 31, 30_000), (1, "overdue", 5, 5_000)]


def test_renewals_are_due_within_the_notice_and_say_when_it_has_passed():
    assert found(attention.RENEWALS, ENDING) == [(2, "renewal", 15, 1_000), (1, "notice_passed", 46, 1_000)]


def test_detractors_whom_nobody_answered_are_named_newest_first():
    frame = needing_action([attention.UNHEARD], FOLLOWED, period=NOW)["unheard"]
    assert frame.select("id", "days", "number").rows() == [(5, 1, 4), (4, 11, 4)]


def test_campaigns_over_their_budget_say_by_how_much():
    assert found(attention.OVER_BUDGET, SPENT) == [(1, "over_budget", None, 30)]


def test_nothing_needs_action_where_there_is_nothing():
    frames = needing_action(MATTERS, a_world(), period=NOW)
    assert [tuple(frame.columns) for frame in frames.values()] == [attention.COLUMNS] * len(MATTERS)
    assert all(frame.is_empty() for frame in frames.values())


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: matter.key)
def test_a_matter_reads_no_more_tables_than_it_names(matter: Matter):
    world = a_world()
    only = Tables({name: world[name] for name in {*matter.needs, "exchange_rates"}}, terms=world.terms)
    assert needing_action([matter], only, period=NOW)[matter.key].is_empty()


def test_every_reason_is_a_whole_sentence():
    assert all(reason.label.endswith(".") for reason in Reason)


@pytest.mark.parametrize("role", Role)
def test_every_role_begins_with_figures_that_exist(role: Role):
    overview = OVERVIEWS[role]
    shown = [by_key(key) for key in (*overview.headlines, overview.trend)]
    assert 4 <= len(overview.headlines) <= 6
    assert len(shown) == len(overview.headlines) + 1
    assert dimension_of(by_key(overview.breakdown), overview.by).key == overview.by
