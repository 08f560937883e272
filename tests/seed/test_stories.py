"""What the demo company has to tell can be found in its numbers."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from crm_data.seed import catalogue, customers, drives, places, staff
from tests.seed.conftest import Frames

TODAY = date(2026, 6, 15)


def test_one_sellers_opportunities_stall(company: Frames):
    users = company["users"].select("username", owner_id="id")
    still = company["opportunities"].filter(pl.col("outcome") == "open").join(users, on="owner_id")
    stays = company["stage_stays"].filter(pl.col("left_on").is_null())
    joined = still.join(stays, left_on="id", right_on="opportunity_id")
    days = joined.group_by("username").agg(
        (pl.lit(TODAY) - pl.col("entered_on")).dt.total_days().median().alias("days")
    )
    assert days.sort("days")["username"].to_list()[-1] == staff.STALLING


def test_the_same_seller_wins_least(company: Frames):
    users = company["users"].select("username", owner_id="id")
    closed = company["opportunities"].filter(pl.col("outcome") != "open").join(users, on="owner_id")
    rates = closed.group_by("username").agg((pl.col("outcome") == "won").mean().alias("rate")).sort("rate")
    assert rates["username"][0] == staff.STALLING


def test_a_product_dies(company: Frames):
    product = company["products"].filter(pl.col("sku") == f"DEMO-{catalogue.DYING}")["id"][0]
    signed = company["contracts"].select("signed_on", contract_id="id")
    sold = company["contract_lines"].filter(pl.col("product_id") == product).join(signed, on="contract_id")
    lately = sold.filter(pl.col("signed_on") > TODAY - timedelta(days=300))["quantity_e3"].sum()
    before = sold.filter(pl.col("signed_on").is_between(date(2024, 1, 1), date(2024, 10, 27)))["quantity_e3"].sum()
    assert lately < before / 4


def test_a_campaign_loses_money(company: Frames):
    campaign = company["campaigns"].filter(pl.col("name") == drives.LOSING)
    cost = company["campaign_costs"].filter(pl.col("campaign_id") == campaign["id"][0])["amount"].sum()
    won = company["opportunities"].filter(
        (pl.col("source_campaign_id") == campaign["id"][0]) & (pl.col("outcome") == "won")
    )
    assert cost > campaign["budget"][0]
    assert won["amount"].sum() < cost


def test_a_regions_recommendation_falls(company: Frames):
    surveys = company["surveys"].filter(pl.col("kind") == "nps").select(survey_id="id")
    regions = company["customers"].select("region", customer_id="id")
    answers = company["responses"].join(surveys, on="survey_id").join(regions, on="customer_id")
    recent = pl.col("answered_at").dt.date() > TODAY - timedelta(days=150)
    here = pl.col("region") == places.SOUTHWEST

    def mean(condition: pl.Expr) -> float:
        return float(answers.filter(condition)["score"].mean())

    assert mean(here & recent) < mean(here & ~recent) - 1.5
    assert abs(mean(~here & recent) - mean(~here & ~recent)) < 0.5


def test_a_big_customer_pays_late(company: Frames):
    customer = _story(company, customers.LATE_PAYER)
    due = company["instalments"].filter(pl.col("due_on") < TODAY).group_by("customer_id").agg(pl.col("amount").sum())
    paid = company["receipts"].group_by("customer_id").agg(paid=pl.col("amount").sum())
    owed = due.join(paid, on="customer_id", how="left").with_columns(
        open=pl.col("amount") - pl.col("paid").fill_null(0)
    )
    assert customer in owed.sort("open")["customer_id"].to_list()[-3:]


def test_a_golden_customer_buys_less(company: Frames):
    sales = company["contracts"].filter(pl.col("customer_id") == _story(company, customers.FADING_GOLD))
    lately = sales.filter(pl.col("signed_on") > TODAY - timedelta(days=200))["amount"].sum()
    before = sales.filter(pl.col("signed_on").is_between(date(2025, 1, 1), date(2025, 7, 20)))["amount"].sum()
    assert lately < before / 5


def test_the_company_grows(company: Frames):
    years = company["contracts"].group_by(pl.col("signed_on").dt.year()).agg(pl.col("amount").sum()).sort("signed_on")
    full = years.filter(pl.col("signed_on").is_in([2024, 2025]))["amount"].to_list()
    assert full[1] > full[0]


def test_november_is_busy_and_february_is_not(company: Frames):
    sales = company["contracts"].filter(pl.col("kind") == "sale")
    months = dict(sales.group_by(pl.col("signed_on").dt.month()).len().rows())
    assert months[11] > 1.5 * months[2]


def test_goals_add_up_from_people_to_teams_and_the_company(company: Frames):
    goals = company["goals"].filter(pl.col("metric") == "revenue")
    sums = goals.group_by("starts_on").agg(
        company=pl.col("target").filter(pl.col("user_id").is_null() & pl.col("team_id").is_null()).sum(),
        teams=pl.col("target").filter(pl.col("team_id").is_not_null()).sum(),
        people=pl.col("target").filter(pl.col("user_id").is_not_null()).sum(),
    )
    assert sums.filter((pl.col("company") != pl.col("teams")) | (pl.col("teams") != pl.col("people"))).is_empty()


def test_the_sales_account_has_something_to_do_today_and_something_late(company: Frames):
    seller = company["users"].filter(pl.col("username") == "sales")["id"][0]
    tasks = company["tasks"].filter((pl.col("assignee_id") == seller) & pl.col("done_at").is_null())
    assert (tasks["due_on"] == TODAY).any()
    assert (tasks["due_on"] < TODAY).any()


def _story(company: Frames, story: str) -> int:
    place = next(place for place, hero in enumerate(customers._HEROES) if hero[0] == story)
    name = customers._HEROES[place][2]
    return int(company["customers"].filter(pl.col("name") == name)["id"][0])
