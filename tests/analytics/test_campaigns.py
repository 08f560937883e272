"""Campaigns: last touch, steps, and an effect only where a control group shows one."""

import pytest

from crm_data.analytics import campaigns
from crm_data.analytics.tables import gather
from tests.analytics.golden.buying import a_contract
from tests.analytics.golden.campaigns import RUN, a_campaign, a_member
from tests.analytics.worlds import TODAY, Row, a_world, day, noon


def test_a_sale_goes_to_the_campaign_that_reached_the_customer_last():
    rows = gather([campaigns.attributed(RUN)])[0].sort("id")
    assert rows.select("id", "campaign_id", "amount").rows() == [(1, 2, 30_000), (2, 1, 20_000)]


def test_a_later_touch_whose_window_has_passed_leaves_the_sale_to_the_earlier_one():
    world = a_world(
        campaigns=[a_campaign(1, "2026-05-01", attribution_days=60), a_campaign(2, "2026-05-10", attribution_days=5)],
        campaign_members=[a_member(1, 1, "sent", "2026-05-01"), a_member(2, 1, "sent", "2026-05-10")],
        contracts=[a_contract(1, 1, "2026-06-01", 100)],
    )
    assert gather([campaigns.attributed(world)])[0]["campaign_id"].to_list() == [1]


def test_every_step_holds_those_that_went_further():
    steps = campaigns.steps(RUN, campaign_id=1)
    assert dict(steps.rows()) == {
        "targeted": 3, "sent": 3, "delivered": 3, "opened": 3, "clicked": 2, "responded": 2, "converted": 1,
    }  # fmt: skip


def test_a_campaign_is_told_with_all_it_cost_and_brought():
    row = campaigns.outcomes(RUN, campaign_id=2).row(0, named=True)
    assert {name: row[name] for name in ("cost", "revenue", "members", "reached", "responses", "conversions")} == {
        "cost": 5_000, "revenue": 30_000, "members": 4, "reached": 2, "responses": 0, "conversions": 0,
    }  # fmt: skip


def test_without_a_cost_there_is_none_and_not_zero():
    assert campaigns.outcomes(RUN, campaign_id=3)["cost"].to_list() == [None]


def an_experiment(*, treated: int, controls: int, buyers: int, control_buyers: int, share: int = 50) -> list[Row]:
    people = [a_member(1, key, "targeted", control=key > treated) for key in range(1, treated + controls + 1)]
    who = [*range(1, buyers + 1), *range(treated + 1, treated + control_buyers + 1)]
    sold = [a_contract(key, customer, "2026-06-05", 100) for key, customer in enumerate(who, start=1)]
    campaign = a_campaign(1, "2026-06-01", control_share=share, launched_at=noon("2026-06-02"))
    world = a_world(campaigns=[campaign], campaign_members=people, contracts=sold)
    return campaigns.effects(world, today=TODAY).to_dicts()


def test_a_clear_effect_leaves_zero_out_of_its_limits():
    effect = an_experiment(treated=200, controls=200, buyers=80, control_buyers=40)[0]
    assert effect["difference"] == pytest.approx(0.2)
    assert 0 < effect["low"] < 0.2 < effect["high"]


def test_no_effect_is_claimed_where_there_is_none():
    effect = an_experiment(treated=200, controls=200, buyers=40, control_buyers=40)[0]
    assert effect["low"] < 0 < effect["high"]


@pytest.mark.parametrize(
    ("treated", "controls", "buyers", "control_buyers"), [(99, 200, 50, 10), (200, 200, 50, 4), (150, 90, 30, 20)]
)
def test_small_groups_have_counts_and_no_limits(treated: int, controls: int, buyers: int, control_buyers: int):
    sizes = {"treated": treated, "controls": controls, "buyers": buyers, "control_buyers": control_buyers}
    effect = an_experiment(**sizes, share=round(100 * controls / (treated + controls)))[0]
    assert (effect["enough"], effect["low"], effect["control_buyers"]) == (False, None, control_buyers)


def test_a_split_that_was_not_drawn_as_planned_proves_nothing():
    effect = an_experiment(treated=300, controls=120, buyers=80, control_buyers=40, share=50)[0]
    assert (effect["split_ok"], effect["low"]) == (False, None)


def test_a_campaign_without_a_control_group_has_no_effect_to_show():
    assert an_experiment(treated=10, controls=0, buyers=5, control_buyers=0) == []


def test_purchases_outside_the_window_are_nobodys_success():
    member = a_member(1, 1, "sent", "2026-06-01")
    late = a_contract(1, 1, "2026-06-12", 100)
    world = a_world(campaigns=[a_campaign(1, "2026-06-01")], campaign_members=[member], contracts=[late])
    assert gather([campaigns.attributed(world)])[0].is_empty()
    assert day("2026-06-12") - day("2026-06-01") > day("2026-06-11") - day("2026-06-01")
