"""Figures about campaigns: what they cost, who answered, what they brought, and what a customer costs to win."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.campaigns import (
    NEEDS,
    campaign_rows,
    cost_rows,
    lead_rows,
    reached_rows,
    response_rows,
)
from crm_data.analytics.dimensions import CAMPAIGN, EVERYBODY, Dimension, by_column
from crm_data.analytics.kpi import UNCONVERTIBLE, Composed, Kpi, Remark, ratio
from crm_data.analytics.kpis.customers import NEW_CUSTOMERS
from crm_data.analytics.statistics import wilson
from crm_data.vocabulary import N_, Better, CampaignKind, Channel, Unit

_KIND = Dimension(
    key="campaign_kind", label=N_("Kind of campaign"), attach=by_column("campaign_kind"), vocabulary=CampaignKind
)
_CHANNEL = Dimension(key="channel", label=N_("Channel"), attach=by_column("channel"), vocabulary=Channel)
_ALL = (CAMPAIGN, _KIND, _CHANNEL)
_MEMBERS = (*_ALL, *EVERYBODY[2:])
_CONVERTED = pl.col("converted")
_PAID = pl.col("cost").fill_null(0) > 0
_COST = pl.col("cost").filter(_PAID).sum()
_NO_COST = N_("No campaign cost is recorded in this period.")

CAMPAIGN_COST = Kpi(
    key="campaign_cost",
    label=N_("Campaign cost"),
    meaning=N_("What was spent on campaigns in the period, each entry once, whenever the campaign began."),
    formula=N_("Sum of campaign costs"),
    unit=Unit.MONEY,
    better=Better.LOWER,
    day=N_("Day of spending"),
    needs=("campaigns", "campaign_costs", "exchange_rates"),
    rows=cost_rows,
    value=pl.col("amount").sum(),
    additive=True,
    by=_ALL,
    remarks=(UNCONVERTIBLE,),
)

CAMPAIGN_RESPONSES = Kpi(
    key="campaign_responses",
    label=N_("Campaign responses"),
    meaning=N_("Members of campaigns that responded or went further in the period; control groups are not in it."),
    formula=N_("Number of members that reached “responded” or a later step"),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    day=N_("Day of the response"),
    needs=("campaigns", "campaign_members"),
    rows=response_rows,
    value=pl.len(),
    additive=True,
    by=_MEMBERS,
)

CAMPAIGN_CONVERSION = Kpi(
    key="campaign_conversion",
    label=N_("Campaign conversion"),
    meaning=N_("Of the members that campaigns reached in the period, the share that converted since. Bounces are out."),
    formula=N_("Converted / reached members"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("Day of reaching the member"),
    needs=("campaigns", "campaign_members"),
    rows=reached_rows,
    value=_CONVERTED.mean(),
    tally={"converted": _CONVERTED.sum(), "responded": pl.col("responded").sum()},
    limits=wilson(_CONVERTED.sum(), pl.len()),
    by=_MEMBERS,
    empty=N_("No campaign reached anybody in this period."),
)

CAMPAIGN_ROI = Kpi(
    key="campaign_roi",
    label=N_("Campaign ROI"),
    meaning=N_(
        "What campaigns that began in the period brought beyond their cost. A contract or sale goes to the campaign "
        "that reached the customer last, within its window; each campaign's cost counts once."
    ),
    formula=N_("(Attributed revenue − cost) / cost"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("First day of the campaign"),
    needs=NEEDS,
    rows=campaign_rows,
    value=ratio(pl.col("revenue").filter(_PAID).sum() - _COST, _COST),
    n=_PAID.sum(),
    by=_ALL,
    remarks=(
        Remark((~_PAID).sum(), N_("Campaigns without a cost, left out: {count}.")),
        Remark(pl.col("unconvertible").sum(), N_("Campaigns with amounts that have no exchange rate: {count}.")),
    ),
    empty=N_("No campaign with a cost began in this period."),
)

CAMPAIGN_LEADS = Kpi(
    key="campaign_leads",
    label=N_("Leads from campaigns"),
    meaning=N_("Customers whose source is a campaign, by the day they became known."),
    formula=N_("Number of customers with a source campaign"),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    day=N_("Customer since"),
    needs=("campaigns", "customers"),
    rows=lead_rows,
    value=pl.len(),
    additive=True,
    by=_MEMBERS,
)

COST_PER_LEAD = Composed(
    key="cost_per_lead",
    label=N_("Cost per lead"),
    meaning=N_("What was spent on campaigns in the period for each customer that came from one in the period."),
    formula=N_("Campaign cost / leads from campaigns"),
    unit=Unit.MONEY,
    better=Better.LOWER,
    day=N_("Day of spending; the leads by the day they became known"),
    parts=(CAMPAIGN_COST, CAMPAIGN_LEADS),
    value=ratio(pl.col("campaign_cost"), pl.col("campaign_leads")),
    n_of="campaign_leads",
    reasons=(
        (pl.col("campaign_cost") == 0, _NO_COST),
        (pl.col("campaign_leads") == 0, N_("No lead came from a campaign in this period.")),
    ),
)

CAC = Composed(
    key="cac",
    label=N_("Cost of winning a customer"),
    meaning=N_("What was spent on campaigns in the period for each new customer of the period."),
    formula=N_("Campaign cost / new customers"),
    unit=Unit.MONEY,
    better=Better.LOWER,
    day=N_("Day of spending; the customers by their first purchase"),
    parts=(CAMPAIGN_COST, NEW_CUSTOMERS),
    value=ratio(pl.col("campaign_cost"), pl.col("new_customers")),
    n_of="new_customers",
    reasons=(
        (pl.col("campaign_cost") == 0, _NO_COST),
        (pl.col("new_customers") == 0, N_("There was no new customer in this period.")),
    ),
    remarks=(N_("Only campaign costs are recorded: salaries and travel are not in it."),),
)

FIGURES = (
    CAMPAIGN_COST, CAMPAIGN_RESPONSES, CAMPAIGN_CONVERSION, CAMPAIGN_ROI, COST_PER_LEAD, CAC, CAMPAIGN_LEADS,
)  # fmt: skip
