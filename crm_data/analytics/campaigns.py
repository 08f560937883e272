"""What campaigns did: whom they reached, who answered and bought, what it cost and what came of it."""

from __future__ import annotations

from datetime import date

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.sales import purchases, signed
from crm_data.analytics.statistics import newcombe
from crm_data.analytics.tables import Tables, gather
from crm_data.vocabulary import MemberState

NEEDS = ("campaigns", "campaign_members", "campaign_costs", "contracts", "exchange_rates")
FEWEST_PER_ARM, FEWEST_EVENTS = 100, 5
_SPLIT_LIMIT = 10.83  # chi-square, one degree of freedom, p = 0.001

# How far a member can come, in order; each step is reached with the ones before it.
STEPS = (
    MemberState.TARGETED, MemberState.SENT, MemberState.DELIVERED, MemberState.OPENED, MemberState.CLICKED,
    MemberState.RESPONDED, MemberState.CONVERTED,
)  # fmt: skip
_SENT, _RESPONDED, _CONVERTED = (
    STEPS.index(state) for state in (MemberState.SENT, MemberState.RESPONDED, MemberState.CONVERTED)
)


def members(tables: Tables) -> pl.LazyFrame:
    """Give every member of every campaign and how far it came.

    Columns: kind, id, customer_id, owner_id (the campaign's), campaign_id, campaign_kind, channel, control, step (place
    in STEPS), reached (sent to and not bounced, never a control), reached_on, responded, responded_on, converted,
    attribution_days. Days in the organisation's time zone; without an instant the campaign's first day.
    """
    about = tables["campaigns"].select(
        pl.col("id").alias("campaign_id"), "owner_id", "channel", "attribution_days", "starts_on",
        pl.col("kind").alias("campaign_kind"),
    )  # fmt: skip
    timed = pl.max_horizontal(
        *(pl.when(pl.col(f"{state.value}_at").is_not_null()).then(place) for place, state in enumerate(STEPS)),
        pl.lit(0),
    )
    stated = pl.col("state").replace_strict(
        {state.value: place for place, state in enumerate(STEPS)}, default=0, return_dtype=pl.Int32
    )
    rows = tables["campaign_members"].join(about, on="campaign_id")
    step = rows.with_columns(step=pl.max_horizontal(timed, stated))
    bounced = pl.col("bounced_at").is_not_null() | (pl.col("state") == MemberState.BOUNCED)
    gone = pl.col("state") == MemberState.OPTED_OUT
    first = pl.coalesce("delivered_at", "sent_at", "opened_at", "clicked_at", "responded_at", "converted_at")
    answered = pl.coalesce("responded_at", "converted_at", "clicked_at", "opened_at", "delivered_at", "sent_at")
    return step.with_columns(first_at=first, answered_at=answered).select(
        pl.lit("campaign_members").alias("kind"),
        *("id", "customer_id", "owner_id", "campaign_id", "campaign_kind", "channel", "control", "step"),
        "attribution_days",
        reached=~pl.col("control") & ~bounced & ((pl.col("step") >= _SENT) | gone),
        reached_on=pl.coalesce(tables.day_of("first_at"), "starts_on"),
        responded=~pl.col("control") & (pl.col("step") >= _RESPONDED),
        responded_on=pl.coalesce(tables.day_of("answered_at"), "starts_on"),
        converted=~pl.col("control") & (pl.col("step") >= _CONVERTED),
    )


def reached_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the members reached in a period, by that day (see members)."""
    return _in_period(members(tables).filter("reached").with_columns(day=pl.col("reached_on")), period)


def response_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the members that responded, or went further, in a period, by that day (see members)."""
    return _in_period(members(tables).filter("responded").with_columns(day=pl.col("responded_on")), period)


def cost_rows(tables: Tables, period: Period | None) -> pl.LazyFrame:
    """Give what was spent on campaigns in a period, or ever.

    Columns: the standard ones (kind campaign_costs, day of spending), campaign_id, campaign_kind, channel, amount
    (minor units of the base currency), unconvertible.
    """
    about = tables["campaigns"].select(
        pl.col("id").alias("campaign_id"), "owner_id", "currency", "channel", pl.col("kind").alias("campaign_kind")
    )
    costs = tables["campaign_costs"].join(about, on="campaign_id")
    rows = costs.select(
        pl.lit("campaign_costs").alias("kind"),
        *("id", pl.lit(None, pl.Int64).alias("customer_id"), "owner_id", pl.col("spent_on").alias("day")),
        *("campaign_id", "campaign_kind", "channel", "amount", "currency"),
    )
    return tables.in_base(rows if period is None else _in_period(rows, period))


def lead_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the customers that came from a campaign, by the day they became known. Columns: the standard ones (kind
    customers), campaign_id, campaign_kind, channel.
    """
    about = tables["campaigns"].select(pl.col("id").alias("campaign_id"), "channel", campaign_kind="kind")
    leads = tables["customers"].select(
        pl.lit("customers").alias("kind"),
        *("id", pl.col("id").alias("customer_id"), "owner_id", pl.col("source_campaign_id").alias("campaign_id")),
        day=pl.coalesce("acquired_on", tables.day_of("created_at")),
    )
    return _in_period(leads.join(about, on="campaign_id"), period)


def attributed(tables: Tables) -> pl.LazyFrame:
    """Give the contracts and sales that a campaign brought: signed by a reached member within the campaign's window.

    The last campaign that reached the customer in time gets all of it, so that nothing counts twice. Columns: id,
    customer_id, campaign_id, day (of signing), reached_on, amount (minor units of the base currency), unconvertible.
    """
    touches = members(tables).filter("reached").select("campaign_id", "customer_id", "reached_on", "attribution_days")
    sold = signed(tables).select("id", "customer_id", pl.col("signed_on").alias("day"), "amount", "currency")
    waited = (pl.col("day") - pl.col("reached_on")).dt.total_days()
    within = sold.join(touches, on="customer_id").filter(waited >= 0, waited <= pl.col("attribution_days"))
    last = within.sort("reached_on", "campaign_id").unique("id", keep="last", maintain_order=True)
    return tables.in_base(last.drop("attribution_days"))


def campaign_rows(tables: Tables, period: Period | None) -> pl.LazyFrame:
    """Give the campaigns that began in a period, or all, with everything they ever cost and brought.

    Columns: the standard ones (kind campaigns, day = first day), campaign_id, campaign_kind, channel, status, budget,
    cost and revenue (minor units of the base currency; cost counted once, revenue by last touch), members, reached,
    responses, conversions, expected_responses, unconvertible.
    """
    campaigns = tables["campaigns"].select(
        pl.lit("campaigns").alias("kind"),
        *("id", pl.lit(None, pl.Int64).alias("customer_id"), "owner_id", pl.col("starts_on").alias("day")),
        *(pl.col("id").alias("campaign_id"), pl.col("kind").alias("campaign_kind"), "channel", "status"),
        *("currency", "budget", "expected_responses"),
    )
    begun = campaigns if period is None else _in_period(campaigns, period)
    rows = tables.in_base(begun, amounts=("budget",)).drop("unconvertible")
    lost = pl.col("unconvertible").any()
    costs = cost_rows(tables, None).group_by("campaign_id").agg(cost=pl.col("amount").sum(), _cost=lost)
    brought = attributed(tables).group_by("campaign_id").agg(revenue=pl.col("amount").sum(), _revenue=lost)
    counted = members(tables).group_by("campaign_id").agg(
        members=(~pl.col("control")).sum(), reached=pl.col("reached").sum(), responses=pl.col("responded").sum(),
        conversions=pl.col("converted").sum(),
    )  # fmt: skip
    for part in (costs, brought, counted):
        rows = rows.join(part, on="campaign_id", how="left")
    numbers = ("revenue", "members", "reached", "responses", "conversions")
    unconvertible = pl.col("_cost").fill_null(value=False) | pl.col("_revenue").fill_null(value=False)
    return rows.with_columns(pl.col(*numbers).fill_null(0), unconvertible=unconvertible).drop("_cost", "_revenue")


def outcomes(tables: Tables, *, campaign_id: int | None = None) -> pl.DataFrame:
    """Give all campaigns, or one, with what they cost and brought so far (see campaign_rows), newest first."""
    rows = campaign_rows(tables, None)
    chosen = rows if campaign_id is None else rows.filter(pl.col("id") == campaign_id)
    return gather([chosen.sort("day", "id", descending=True)])[0]


def steps(tables: Tables, *, campaign_id: int) -> pl.DataFrame:
    """Give how many members of a campaign, controls left out, reached each step or a later one: state, members."""
    came = members(tables).filter(pl.col("campaign_id") == campaign_id, ~pl.col("control"))
    counts = came.select((pl.col("step") >= place).sum().alias(state.value) for place, state in enumerate(STEPS))
    row = gather([counts])[0].row(0)
    return pl.DataFrame({"state": [state.value for state in STEPS], "members": [int(count) for count in row]})


def variants(tables: Tables, *, campaign_id: int) -> pl.DataFrame:
    """Compare the variants of a campaign by the share of reached members that responded, each with the first one.

    Columns: id, name, members, reached, responses, rate (fraction, null where nobody was reached), difference (rate
    less that of the first variant, null for it), low, high (Newcombe; null with fewer than 100 members or 5 responses
    in one of the two). With k variants each limit holds for itself, not for all k − 1 comparisons together.
    """
    named = tables["campaign_variants"].filter(pl.col("campaign_id") == campaign_id).select("id", "name").sort("id")
    dealt = tables["campaign_members"].select("id", "variant_id")
    mine = members(tables).filter(pl.col("campaign_id") == campaign_id)
    counted = mine.join(dealt, on="id").group_by("variant_id").agg(
        members=pl.len(), reached=pl.col("reached").sum(), responses=(pl.col("responded") & pl.col("reached")).sum(),
    )  # fmt: skip
    rows = named.join(counted, left_on="id", right_on="variant_id", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("members", "reached", "responses").fill_null(0).cast(pl.Int64))
    hits, n = pl.col("responses").cast(pl.Float64), pl.col("reached").cast(pl.Float64)
    low, high = newcombe((hits, n), (hits.first(), n.first()))
    other = pl.int_range(pl.len()) > 0
    enough = other & (pl.min_horizontal(n, n.first()) >= FEWEST_PER_ARM)
    enough &= pl.min_horizontal(hits, hits.first()) >= FEWEST_EVENTS
    rate = pl.when(n > 0).then(hits / n)
    return gather(
        [
            rows.with_columns(
                rate=rate,
                difference=pl.when(other).then(rate - rate.first()),
                low=pl.when(enough).then(low),
                high=pl.when(enough).then(high),
            )
        ]
    )[0]


def effects(tables: Tables, *, today: date) -> pl.DataFrame:
    """Compare those whom a campaign meant to reach with its control group by who bought within the window.

    Columns: campaign_id, treated, controls, treated_buyers, control_buyers, treated_rate, control_rate (fractions),
    difference, low, high (Newcombe; null with fewer than 100 members or 5 buyers in a group, or a split that is not the
    planned one), enough, split_ok, running (the window has not passed). Everybody counts from the campaign's first day,
    reached or not, so that the groups stay alike.
    """
    about = tables["campaigns"].select(
        pl.col("id").alias("campaign_id"), "control_share", "attribution_days",
        begun=pl.coalesce(tables.day_of("launched_at"), "starts_on"),
    )  # fmt: skip
    meant = (
        tables["campaign_members"].select("id", "campaign_id", "customer_id", "control").join(about, on="campaign_id")
    )
    waited = (pl.col("signed_on") - pl.col("begun")).dt.total_days()
    bought = purchases(tables).select("customer_id", "signed_on")
    buyers = meant.join(bought, on="customer_id").filter(waited >= 0, waited <= pl.col("attribution_days"))
    marked = meant.join(buyers.select("id").unique().with_columns(buyer=pl.lit(value=True)), on="id", how="left")
    buyer, control = pl.col("buyer").fill_null(value=False), pl.col("control")
    window_ends = pl.col("begun").first() + pl.duration(days=pl.col("attribution_days").first())
    counted = marked.group_by("campaign_id").agg(
        treated=(~control).sum(), controls=control.sum(), treated_buyers=(buyer & ~control).sum(),
        control_buyers=(buyer & control).sum(), share=pl.col("control_share").first() / 100,
        running=window_ends >= today,
    )  # fmt: skip
    return gather([_judged(counted.filter(pl.col("controls") > 0)).sort("campaign_id")])[0]


def _judged(counted: pl.LazyFrame) -> pl.LazyFrame:
    treated, controls = pl.col("treated").cast(pl.Float64), pl.col("controls").cast(pl.Float64)
    hits, others = pl.col("treated_buyers").cast(pl.Float64), pl.col("control_buyers").cast(pl.Float64)
    low, high = newcombe((hits, treated), (others, controls))
    share, total = pl.col("share"), treated + controls
    chi_square = (controls - total * share) ** 2 / (total * share * (1 - share))
    split_ok = pl.when((share > 0) & (share < 1)).then(chi_square < _SPLIT_LIMIT).otherwise(pl.lit(value=True))
    enough = (pl.min_horizontal(treated, controls) >= FEWEST_PER_ARM) & (
        pl.min_horizontal(hits, others) >= FEWEST_EVENTS
    )
    return counted.with_columns(
        treated_rate=pl.when(treated > 0).then(hits / treated),
        control_rate=pl.when(controls > 0).then(others / controls),
        difference=pl.when((treated > 0) & (controls > 0)).then(hits / treated - others / controls),
        low=pl.when(enough & split_ok).then(low),
        high=pl.when(enough & split_ok).then(high),
        enough=enough,
        split_ok=split_ok,
    ).drop("share")


def _in_period(rows: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    return rows.filter(pl.col("day") >= period.start, pl.col("day") < period.end)
