"""How loyal customers are, part by part, and what their points are worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from crm_data.analytics.customers import active_at
from crm_data.analytics.periods import Period, between
from crm_data.analytics.sales import purchases
from crm_data.analytics.satisfaction import PROMOTER, recommendation_rows
from crm_data.analytics.tables import Tables, gather
from crm_data.vocabulary import N_, ContractKind, Labelled, LoyaltyEntryKind

INDEX_NEEDS = (
    "contracts", "contract_lines", "products", "customers", "responses", "surveys", "instalments", "receipts",
)  # fmt: skip
POINTS_NEEDS = ("loyalty_entries", "loyalty_tiers", "customers")

PARTS = {
    "repeat": N_("Repeat purchases"),
    "recency": N_("Recency"),
    "tenure": N_("Tenure"),
    "breadth": N_("Bought categories"),
    "recommendation": N_("Recommendation"),
    "payment": N_("Payment behaviour"),
}
BEHAVIOUR = tuple(part for part in PARTS if part != "recommendation")
_YEAR = timedelta(days=365)
_FULL_TENURE_DAYS, _FULL_BREADTH, _HIGH = 5 * 365, 4, 50


class LoyaltyKind(Labelled):
    """What behaviour and attitude together say about a customer."""

    TRUE = "true", N_("Loyal by heart")
    SPURIOUS = "spurious", N_("Buys, but would not recommend us")
    LATENT = "latent", N_("Would recommend us, but buys little")
    NONE = "none", N_("Not loyal")


def loyalty_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the loyalty of every customer that ever bought, on the evening of a period's last day, or today.

    Columns: the standard ones (kind customers); the parts, each 0–100 and null where it cannot be measured: repeat
    (rank by purchase days of the last 365), recency (100 today, 0 after the days of inactivity; 100 with a running
    agreement), tenure (100 from five years on), breadth (100 from four product categories on), recommendation (the last
    answer of the last 365 days × 10), payment (share of what fell due in the last 365 days that was paid by its day);
    behaviour (weighted mean of the parts but recommendation), attitude (recommendation), index (weighted mean of all),
    coverage (share of the weights that could be measured), loyalty_kind (null without an answer). Weights: the terms.
    """
    day = period.as_of
    measured = _bought(tables, period)
    for part in (_breadth(tables, day), _recommendation(tables, period), _payment(tables, day)):
        measured = measured.join(part, on="customer_id", how="left")
    owners = tables["customers"].select(pl.col("id").alias("customer_id"), "owner_id")
    weights = {part: int(getattr(tables.terms, f"loyalty_weight_{part}")) for part in PARTS}
    high, liked = pl.col("behaviour") >= _HIGH, pl.col("attitude") >= PROMOTER * 10
    kinds = [
        (high & liked, LoyaltyKind.TRUE),
        (high & ~liked, LoyaltyKind.SPURIOUS),
        (~high & liked, LoyaltyKind.LATENT),
    ]
    kind = pl.coalesce(
        *(pl.when(holds).then(pl.lit(value.value)) for holds, value in kinds),
        pl.when(~high & ~liked).then(pl.lit(LoyaltyKind.NONE.value)),
    )
    return (
        measured.join(owners, on="customer_id", how="left")
        .with_columns(
            behaviour=_mean({part: weights[part] for part in BEHAVIOUR}),
            attitude=pl.col("recommendation"),
            index=_mean(weights),
            coverage=_weight(weights) / max(sum(weights.values()), 1),
        )
        .with_columns(loyalty_kind=kind, kind=pl.lit("customers"), id=pl.col("customer_id"), day=pl.lit(day))
    )


def index_parts(tables: Tables, period: Period) -> pl.DataFrame:
    """Give the mean of each part of the index over the customers of whom it can be measured. Columns: part, value
    (0–100, null where nobody can be measured), n, weight (from the terms), in the order of PARTS.
    """
    rows = loyalty_rows(tables, period)
    means, counts = gather([rows.select(pl.col(*PARTS).mean()), rows.select(pl.col(*PARTS).count())])
    weights = [int(getattr(tables.terms, f"loyalty_weight_{part}")) for part in PARTS]
    return pl.DataFrame(
        {"part": list(PARTS), "value": means.row(0), "n": counts.row(0), "weight": weights},
        schema={"part": pl.String, "value": pl.Float64, "n": pl.Int64, "weight": pl.Int64},
    )


def most_loyal(tables: Tables, period: Period, *, top: int) -> pl.DataFrame:
    """Give the customers with the highest index, the highest first. Columns: id, name, index, the parts (0–100, null
    where they cannot be measured), loyalty_kind (null without an answer).
    """
    names = tables["customers"].select("id", "name")
    rows = loyalty_rows(tables, period).select("id", "index", *PARTS, "loyalty_kind").drop_nulls("index")
    best = rows.sort("index", "id", descending=[True, False]).head(top)
    return gather(
        [best.join(names, on="id", how="left", maintain_order="left").select("id", "name", pl.exclude("id", "name"))]
    )[0]


def index_of(tables: Tables, period: Period, *, customer_ids: Sequence[int]) -> pl.DataFrame:
    """Give the index of some customers. Columns: id, index (0–100); who never bought is not in it."""
    rows = loyalty_rows(tables, period).filter(pl.col("id").is_in(list(customer_ids)))
    return gather([rows.select("id", "index").sort("id")])[0]


def point_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the points of every customer in the ledger on the evening of a period's last day, or today.

    Columns: the standard ones (kind customers), balance (points that may be spent), worth (minor units of the base
    currency), earned (points of the last 365 days), tier, next_tier, missing (points to it).

    What was used counts against the oldest points first; points whose last day has passed are not in the balance.
    """
    day = period.as_of
    points = pl.col("points")
    past = (points > 0) & (pl.col("expires_on") < day)
    earning = (pl.col("kind") == LoyaltyEntryKind.EARNED) | pl.col("contract_id").is_not_null()
    recent = (earning | pl.col("response_id").is_not_null()) & (pl.col("on") > day - _YEAR)
    due, used = points.filter(past).sum(), -points.filter(points < 0).sum()
    owners = tables["customers"].select(pl.col("id").alias("customer_id"), "owner_id")
    rows = (
        tables["loyalty_entries"]
        .filter(pl.col("on") <= day)
        .group_by("customer_id")
        .agg(balance=points.sum() - (due - used).clip(0), earned=points.filter(recent).sum())
        .join(owners, on="customer_id")
    )
    return _with_tiers(rows, tables).with_columns(
        kind=pl.lit("customers"),
        id=pl.col("customer_id"),
        day=pl.lit(day),
        worth=pl.col("balance") * tables.terms.point_value,
    )


def _with_tiers(rows: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    tiers = tables["loyalty_tiers"].select("threshold", pl.col("name").alias("tier")).sort("threshold")
    next_tiers = tiers.select(pl.col("threshold").alias("_above"), pl.col("tier").alias("next_tier"))
    reached = rows.sort("earned").join_asof(tiers, left_on="earned", right_on="threshold", strategy="backward")
    ahead = reached.join_asof(
        next_tiers, left_on="earned", right_on="_above", strategy="forward", allow_exact_matches=False
    )
    return ahead.with_columns(missing=pl.col("_above") - pl.col("earned")).drop("_above", "threshold", strict=False)


def _bought(tables: Tables, period: Period) -> pl.LazyFrame:
    day = period.as_of
    bought = purchases(tables).filter(pl.col("signed_on") <= day)
    recent = pl.col("signed_on").filter(pl.col("signed_on") > day - _YEAR).n_unique()
    running = active_at(tables, day, today=period.calendar.today).with_columns(running=pl.lit(value=True))
    agreed = bought.filter(pl.col("kind") == ContractKind.AGREEMENT).select("customer_id").unique()
    since_last = (pl.lit(day) - pl.col("last")).dt.total_days()
    known = (pl.lit(day) - pl.col("first")).dt.total_days()
    faded = (100 * (1 - since_last / tables.terms.inactivity_days)).clip(0, 100)
    return (
        bought.group_by("customer_id")
        .agg(first=pl.col("signed_on").min(), last=pl.col("signed_on").max(), times=recent)
        .join(running.join(agreed, on="customer_id", how="semi"), on="customer_id", how="left")
        .select(
            "customer_id",
            repeat=100 * (pl.col("times").rank("average") - 0.5) / pl.len(),
            recency=pl.when("running").then(100.0).otherwise(faded),
            tenure=(100 * known / _FULL_TENURE_DAYS).clip(0, 100),
        )
    )


def _breadth(tables: Tables, day: date) -> pl.LazyFrame:
    heads = purchases(tables).filter(pl.col("signed_on") <= day).select(pl.col("id").alias("contract_id"))
    categories = tables["products"].select(pl.col("id").alias("product_id"), "category_id")
    bought = (
        tables["contract_lines"]
        .join(heads, on="contract_id", how="semi")
        .join(categories, on="product_id")
        .drop_nulls("category_id")
    )
    return bought.group_by("customer_id").agg(
        breadth=(100 * pl.col("category_id").n_unique() / _FULL_BREADTH).clip(0, 100)
    )


def _recommendation(tables: Tables, period: Period) -> pl.LazyFrame:
    year = between(period.as_of - _YEAR + timedelta(days=1), period.as_of, calendar=period.calendar)
    last = recommendation_rows(tables, year).sort("answered_at", "id")
    return last.group_by("customer_id").agg(recommendation=10.0 * pl.col("score").last())


def _payment(tables: Tables, day: date) -> pl.LazyFrame:
    """Of what fell due, the share that the contract's receipts up to that very day covered, oldest instalment first."""
    got = (
        tables["receipts"]
        .sort("received_on")
        .select("contract_id", "received_on", got=pl.col("amount").cum_sum().over("contract_id"))
    )
    due = (
        tables["instalments"]
        .sort("contract_id", "due_on", "id")
        .with_columns(before=pl.col("amount").cum_sum().over("contract_id") - pl.col("amount"))
        .filter(pl.col("due_on") <= day, pl.col("due_on") > day - _YEAR)
        .sort("due_on")
        .join_asof(
            got, left_on="due_on", right_on="received_on", by="contract_id", strategy="backward", check_sortedness=False
        )
    )
    paid = pl.min_horizontal((pl.col("got").fill_null(0) - pl.col("before")).clip(0), "amount")
    currencies = tables["contracts"].select(pl.col("id").alias("contract_id"), "currency")
    rows = due.with_columns(paid=paid).join(currencies, on="contract_id")
    known = tables.in_base(rows, amounts=("amount", "paid"), day="due_on")
    share = 100 * pl.col("paid").sum() / pl.col("amount").sum()
    return known.group_by("customer_id").agg(payment=pl.when(pl.col("amount").sum() > 0).then(share))


def _mean(weights: dict[str, int]) -> pl.Expr:
    total = pl.sum_horizontal(pl.col(part).fill_null(0) * weight for part, weight in weights.items())
    return pl.when(_weight(weights) > 0).then(total / _weight(weights))


def _weight(weights: dict[str, int]) -> pl.Expr:
    return pl.sum_horizontal(
        pl.when(pl.col(part).is_not_null()).then(weight).otherwise(0) for part, weight in weights.items()
    )
